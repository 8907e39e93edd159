import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blankHost,
  BOOT,
  COMMAND,
  HOST,
  lendBinary,
  library,
  manifestOf,
  NEST_11,
  ROOT,
  run,
  SMTP,
  SQLITE,
  workspace,
} from './blank-host';

/** What a sign-in by two steps comes to. */
const SIGNED_IN_TWICE = { picture: '<svg', status: 'mfa_required', second: 200 };

/** Settings that send text messages by Twilio. */
const TWILIO = {
  sms: {
    backend: 'twilio',
    fromNumber: '+15005550006',
    twilioAccountSid: 'AC00000000000000000000000000000000',
    twilioAuthToken: 'token-canary',
  },
};

/** Settings that send by Amazon. */
const SES = { email: { backend: 'ses', sesRegion: 'eu-central-1' } };
const SNS = { sms: { backend: 'sns', snsRegion: 'eu-central-1' } };

describe('the packed tarball', () => {
  it('holds what it needs and nothing else', () => {
    const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json'], join(ROOT, 'libs/regstack'))) as [
      { files: { path: string }[] },
    ];
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...[
          'package.json',
          'README.md',
          'LICENSE',
          'LICENSE-passwords.txt',
          'dist/index.js',
          'dist/index.d.ts',
          'dist/testing/index.js',
        ],
        ...[
          'dist/hashing/argon2.worker.js',
          'src/services/common-passwords.bin',
          'src/ui/views/layout.liquid',
          'src/delivery/templates/mail/registration-verify.html.liquid',
          'src/delivery/templates/sms/sms-sign-in.liquid',
        ],
      ]),
    );
    expect(paths.filter((path) => /\.spec\.|\.sample\.|tsbuildinfo|\.db/.test(path))).toEqual([]);
  });

  describe('in a blank host with the packages of SQLite', () => {
    let folder: string;
    beforeAll(() => {
      folder = blankHost({
        ...SQLITE,
        '@nestjs/platform-fastify': workspace.devDependencies!['@nestjs/platform-fastify']!,
        '@nestjs/passport': workspace.devDependencies!['@nestjs/passport']!,
        passport: workspace.devDependencies!['passport']!,
        ...SMTP,
      });
      lendBinary(folder);
      writeFileSync(join(folder, 'host.js'), HOST);
    }, 300_000);

    it.each([
      [['express'], ['express']],
      [['fastify'], ['fastify']],
      [
        ['express', 'passport'],
        ['passport', 'express'],
      ],
    ])(
      'tells the whole story over HTTP on %j, loads no package that it does not use, and ends by itself',
      (arguments_, packages) => {
        const output = run('node', ['host.js', ...arguments_], folder);
        const { orders, factor, page, used } = JSON.parse(output) as Record<string, unknown>;
        expect(orders).toEqual({ status: 200, json: { customer: 'alice@example.org' } });
        expect(factor).toEqual(SIGNED_IN_TWICE);
        expect(page).toBe(200);
        expect(used).toEqual(['typeorm', 'better-sqlite3', ...packages]);
      },
    );

    it('the front door has what a command needs, which ends by itself', () => {
      writeFileSync(join(folder, 'command.js'), COMMAND);
      expect(JSON.parse(run('node', ['command.js'], folder))).toEqual({
        ...{ isDone: true, endedSessions: 0, total: 1, queued: 1, clock: null, warnings: 0, isError: true },
      });
    });

    it('mail by SMTP boots with its own packages, and loads those of no other sender', () => {
      writeFileSync(join(folder, 'boot.js'), BOOT);
      const env = { HOST_SETTINGS: JSON.stringify({ email: { backend: 'smtp', smtpHost: 'localhost' } }) };
      const { used } = JSON.parse(run('node', ['boot.js'], folder, env)) as { used: string[] };
      expect(used).toEqual(['nodemailer', '@nestjs-modules']);
    });

    it.each([
      [SES, /email\.backend = ses needs packages; run: npm install nodemailer @aws-sdk\/client-sesv2"/],
      [SNS, /sms\.backend = sns needs a package; run: npm install @aws-sdk\/client-sns"/],
    ])('%j without its packages names the install line', (settings, line) => {
      const env = { HOST_SETTINGS: JSON.stringify(settings) };
      writeFileSync(join(folder, 'boot.js'), BOOT);
      expect(outputOf(() => run('node', ['boot.js'], folder, env))).toMatch(line);
    });

    it('SMS by Twilio without its package names the install line, and no secret', () => {
      const output = outputOf(() =>
        run('node', ['host.js'], folder, { HOST_SETTINGS: JSON.stringify(TWILIO) }),
      );
      expect(output).toMatch(/sms\.backend = twilio needs a package; run: npm install twilio"/);
      expect(output).not.toContain('token-canary');
    });
  });

  describe('in a blank host of Nest 11', () => {
    let folder: string;
    beforeAll(() => {
      folder = blankHost({ ...SQLITE, ...NEST_11 });
      lendBinary(folder);
      writeFileSync(join(folder, 'host.js'), HOST);
    }, 300_000);

    it.each(['express', 'fastify'])('the same story on %s', (adapter) => {
      expect(manifestOf(join(folder, 'node_modules/@nestjs/core')).version).toMatch(/^11\./);
      const output = run('node', ['host.js', adapter], folder);
      const { orders, factor, page } = JSON.parse(output) as Record<string, unknown>;
      expect([orders, page]).toEqual([{ status: 200, json: { customer: 'alice@example.org' } }, 200]);
      expect(factor).toEqual(SIGNED_IN_TWICE);
    });
  });

  describe('in a blank host without any optional package', () => {
    let folder: string;
    beforeAll(() => {
      folder = blankHost({
        typescript: workspace.devDependencies!['typescript']!,
        '@types/node': workspace.devDependencies!['@types/node']!,
      });
    }, 300_000);

    it('the boot error names the packages and the install line', () => {
      writeFileSync(join(folder, 'host.js'), HOST);
      const output = outputOf(() => run('node', ['host.js'], folder));
      expect(output).toMatch(
        /SQLite needs packages that are not installed; run: npm install typeorm better-sqlite3/,
      );
    });

    it('the declarations of both doors compile without them, skipLibCheck off', () => {
      writeFileSync(
        join(folder, 'host.ts'),
        `import type { INestApplicationContext } from '@nestjs/common';
         import {
           type KeyReport, KeyRotation, adminMessageJson, AdminOutboxService, adminUserJson, type AppointedAdmin, type Appointment, configWarnings, DirectoryService, type Page, Schema, type ShownMessage,
           type Store, type UserPage, UsersService,
           RegStackModule, RegStackAuthGuard, type RegStackUser, type CodeValues, type MfaDemand, type MfaEnrolmentRequired, type MfaFactor,
           type MfaMethod, type MfaRequired, MfaService, type SignInProof, type SignInResult, type Sms, type SmsKind, SmsRejectedError,
           SmsSender, SmsTemplates, type TrustedDeviceInfo, TrustedDevicesService, UserMfaDisabledEvent, UserMfaEnabledEvent,
         } from '@regstack/nestjs';
         import { CapturedSms, FakeClock, PORT_CONTRACTS, previewsOf, signedIn, type Someone, type SomeoneSignedIn } from '@regstack/nestjs/testing';
         export class Gateway extends SmsSender {
           override async deliver({ id, to, text }: Sms): Promise<void> { throw new SmsRejectedError(id + to + text); }
         }
         export class Texts extends SmsTemplates {
           override async render(kind: SmsKind, { code, validFor }: CodeValues): Promise<string> { return kind + code + validFor; }
         }
         export const wait = (result: SignInResult): MfaRequired | MfaEnrolmentRequired | null =>
           result.status === 'signed_in' ? null : result;
         export const factors = async (mfa: MfaService, devices: TrustedDevicesService, id: string):
           Promise<[readonly MfaMethod[], readonly TrustedDeviceInfo[]]> => [await mfa.methodsFor(id), await devices.listFor(id)];
         export const told = (event: UserMfaEnabledEvent | UserMfaDisabledEvent): MfaFactor | readonly MfaFactor[] =>
           event instanceof UserMfaEnabledEvent ? event.factor : event.factors;
         export const demand = (mfa: MfaService, user: RegStackUser): MfaDemand => mfa.demandOn(user);
         export const keys = (rotation: KeyRotation): Promise<KeyReport> =>
           rotation.reencrypt((done, total) => void [done, total]).then(() => rotation.report());
         export const proofs: readonly SignInProof[] = ['password', 'totp'];
         export const promote = (users: UsersService, who: Appointment): Promise<AppointedAdmin | null> => users.promoteExisting(who);
         export const waiting = (outbox: AdminOutboxService): Promise<Page<ShownMessage>> =>
           outbox.list('queued', { cursor: undefined, limit: 5 });
         export const asked = (schema: Schema, store: Store): [Promise<readonly string[]>, Promise<Date | null>] =>
           [schema.plan(), store.serverTime()];
         export const shown = (user: RegStackUser, message: ShownMessage): readonly object[] =>
           [adminUserJson(user), adminMessageJson(message)];
         export const command: [unknown, typeof DirectoryService, typeof configWarnings, UserPage | null] =
           [RegStackModule.asCommand(class {}), DirectoryService, configWarnings, null];
         export const login = (app: INestApplicationContext, who: Someone): Promise<SomeoneSignedIn> => signedIn(app, who);
         export const sms = new CapturedSms();
         export const module = RegStackModule.forRootAsync({ useFactory: () => ({ jwtSecret: 'x' }), isGlobal: false });
         export const all: [typeof RegStackAuthGuard, RegStackUser | null, FakeClock, typeof PORT_CONTRACTS] =
           [RegStackAuthGuard, null, new FakeClock(), PORT_CONTRACTS];`,
      );
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--module',
        'node20',
        '--types',
        'node',
        '--experimentalDecorators',
      ];
      expect(run('npx', ['tsc', ...flags, 'host.ts'], folder)).toBe('');
    });
  });

  it('every package that the emitted code requires is a dependency or a peer', () => {
    const declared = new Set([
      ...Object.keys(library.dependencies ?? {}),
      ...Object.keys(library.peerDependencies ?? {}),
    ]);
    const dist = join(ROOT, 'libs/regstack/dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    const required = files.flatMap((file) =>
      [
        ...readFileSync(join(dist, file), 'utf8').matchAll(
          /require\("([^."][^"]*)"\)|require\('([^.'][^']*)'\)/g,
        ),
      ]
        .map((match) => (match[1] ?? match[2])!)
        .filter((name) => !name.startsWith('node:'))
        .map((name) => (name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!)),
    );
    expect([...new Set(required)].filter((name) => !declared.has(name))).toEqual([]);
  });

  it('the optional packages are told as such', () => {
    const optional = Object.entries(library.peerDependenciesMeta ?? {}).filter(([, meta]) => meta.optional);
    expect(optional.map(([name]) => name).toSorted()).toEqual([
      '@aws-sdk/client-sesv2',
      '@aws-sdk/client-sns',
      '@nestjs-modules/mailer',
      '@nestjs/event-emitter',
      '@nestjs/mongoose',
      '@nestjs/typeorm',
      'better-sqlite3',
      'lodash',
      'mongoose',
      'nodemailer',
      'passport',
      'pg',
      'twilio',
      'typeorm',
    ]);
  });
});

/** What a command has printed that is to fail. */
function outputOf(command: () => string): string {
  try {
    return command();
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
