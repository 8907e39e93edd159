import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  readonly devDependencies?: Record<string, string>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const library = manifestOf(join(ROOT, 'libs/regstack'));
const workspace = manifestOf(ROOT);
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 });

/** What a stranger installs: the packed library and its required peers in an empty folder, nothing hoisted from here. */
function blankHost(extra: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-host-'));
  const tarball = join(
    folder,
    run('npm', ['pack', '--silent', '--pack-destination', folder], join(ROOT, 'libs/regstack')).trim(),
  );
  const pinned = (name: string): [string, string] => [name, workspace.devDependencies![name]!];
  const peers = [
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/platform-express',
    'reflect-metadata',
    'rxjs',
  ].map(pinned);
  const dependencies = { '@regstack/nestjs': `file:${tarball}`, ...Object.fromEntries(peers), ...extra };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'blank-host', private: true, dependencies }),
  );
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--silent'],
    folder,
  );
  return folder;
}

/** The native driver was built when the workspace was installed; a second build would only take a minute. */
function lendBinary(folder: string): void {
  const build = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  if (existsSync(join(folder, 'node_modules/better-sqlite3'))) cpSync(join(ROOT, build), join(folder, build));
}

const SQLITE = {
  typeorm: workspace.devDependencies!['typeorm']!,
  'better-sqlite3': workspace.devDependencies!['better-sqlite3']!,
};

/** The lowest version of Nest that the peers allow. */
const NEST_11 = Object.fromEntries(
  ['common', 'core', 'platform-express', 'platform-fastify'].map((name) => [`@nestjs/${name}`, '^11.0.0']),
);

const HOST = `
require('reflect-metadata');
const { Module, Controller, Get, UseGuards } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { Mailer, RegStackModule, RegStackAuthGuard, CurrentUser } = require('@regstack/nestjs');
const { CapturedMail } = require('@regstack/nestjs/testing');
const [adapter, passport] = [process.argv[2], process.argv[3] === 'passport'];
const { FastifyAdapter } = adapter === 'fastify' ? require('@nestjs/platform-fastify') : {};
const Guard = passport ? require('@nestjs/passport').AuthGuard('regstack') : RegStackAuthGuard;
const mail = new CapturedMail();
class Orders { orders(user) { return { customer: user.email }; } }
Controller('orders')(Orders);
UseGuards(Guard)(Orders);
CurrentUser()(Orders.prototype, 'orders', 0);
Get()(Orders.prototype, 'orders', Object.getOwnPropertyDescriptor(Orders.prototype, 'orders'));
class App {}
Module({
  imports: [RegStackModule.forRoot({
    jwtSecret: 'a secret of at least thirty-two bytes',
    databaseUrl: 'sqlite::memory:',
    passport,
    providers: [{ provide: Mailer, useValue: mail }],
  })],
  controllers: [Orders],
})(App);
(async () => {
  const options = { logger: ['error', 'warn'], abortOnError: false };
  const app = await (FastifyAdapter ? NestFactory.create(App, new FastifyAdapter(), options) : NestFactory.create(App, options));
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const call = async (method, path, body, token) => {
    const headers = { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: 'Bearer ' + token } : {}) };
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, json: await response.json() };
  };
  const who = { email: 'alice@example.org', password: 'plum-Tractor-91-violet' };
  await call('POST', '/api/auth/register', who);
  await call('POST', '/api/auth/verify', { token: await mail.tokenTo(who.email) });
  const { json } = await call('POST', '/api/auth/login', who);
  const orders = await call('GET', '/orders', undefined, json.access_token);
  const page = await fetch(url + '/account/verify?done');
  await app.close();
  const loaded = Object.keys(require.cache).join();
  const names = ['typeorm', 'better-sqlite3', 'nodemailer', '@nestjs-modules', 'event-emitter', 'passport', 'fastify', 'express'];
  const used = names.filter((name) => loaded.includes('/node_modules/' + name + '/'));
  console.log(JSON.stringify({ orders, page: page.status, used }));
})().catch((error) => { console.log(JSON.stringify({ refused: error.message })); process.exit(1); });
`;

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
          'dist/index.js',
          'dist/index.d.ts',
          'dist/testing/index.js',
        ],
        ...[
          'dist/hashing/argon2.worker.js',
          'src/ui/views/layout.liquid',
          'src/delivery/templates/mail/registration-verify.html.liquid',
        ],
      ]),
    );
    expect(paths.filter((path) => /\.spec\.|tsbuildinfo|\.db/.test(path))).toEqual([]);
  });

  describe('in a blank host with the packages of SQLite', () => {
    let folder: string;
    beforeAll(() => {
      folder = blankHost({
        ...SQLITE,
        '@nestjs/platform-fastify': workspace.devDependencies!['@nestjs/platform-fastify']!,
        '@nestjs/passport': workspace.devDependencies!['@nestjs/passport']!,
        passport: workspace.devDependencies!['passport']!,
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
        const { orders, page, used } = JSON.parse(output) as Record<string, unknown>;
        expect(orders).toEqual({ status: 200, json: { customer: 'alice@example.org' } });
        expect(page).toBe(200);
        expect(used).toEqual(['typeorm', 'better-sqlite3', ...packages]);
      },
    );
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
      const { orders, page } = JSON.parse(run('node', ['host.js', adapter], folder)) as Record<
        string,
        unknown
      >;
      expect([orders, page]).toEqual([{ status: 200, json: { customer: 'alice@example.org' } }, 200]);
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
      let output = '';
      try {
        run('node', ['host.js'], folder);
      } catch (error) {
        output = (error as { stdout: string }).stdout;
      }
      expect(output).toMatch(
        /SQLite needs packages that are not installed; run: npm install typeorm better-sqlite3/,
      );
    });

    it('the declarations of both doors compile without them, skipLibCheck off', () => {
      writeFileSync(
        join(folder, 'host.ts'),
        `import { RegStackModule, RegStackAuthGuard, type RegStackUser } from '@regstack/nestjs';
         import { FakeClock, PORT_CONTRACTS } from '@regstack/nestjs/testing';
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
      '@nestjs-modules/mailer',
      '@nestjs/event-emitter',
      '@nestjs/typeorm',
      'better-sqlite3',
      'lodash',
      'nodemailer',
      'passport',
      'typeorm',
    ]);
  });
});
