import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blankHost,
  HOST,
  lendBinary,
  library,
  manifestOf,
  NEST_11,
  ROOT,
  run,
  SQLITE,
  workspace,
} from './blank-host';

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
      '@nestjs/mongoose',
      '@nestjs/typeorm',
      'better-sqlite3',
      'lodash',
      'mongoose',
      'nodemailer',
      'passport',
      'pg',
      'typeorm',
    ]);
  });
});
