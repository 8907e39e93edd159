/** The arrows of docs/architecture.md, executable. A ring may import only what its rule lists; everything else is an error. */
const SRC = '^libs/regstack/src/';
/** A spec stands beside its subject and may take the memory store and the fake clock. */
const SPEC = '\\.spec\\.ts$';
const ring = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `${SRC}${from}`, pathNot: SPEC },
  to: { path: SRC, pathNot: allowed.map((one) => `${SRC}${one}`) },
});
const noPackage = (name, from, packages, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: packages.map((one) => `node_modules/${one}(/|$)`) },
});

module.exports = {
  forbidden: [
    ring('kernel', 'kernel/', ['kernel/'], 'The kernel knows nothing.'),
    ring('config', 'config/', ['config/', 'kernel/'], 'Configuration knows the kernel only.'),
    ring('ports', 'ports/', ['ports/', 'kernel/'], 'Ports speak in records of their own and the kernel.'),
    ring(
      'services',
      'services/',
      ['services/', 'ports/', 'config/', 'kernel/'],
      'Services know no face and no adapter.',
    ),
    ring(
      'http',
      'http/',
      ['http/', 'services/', 'ui/', 'config/', 'kernel/'],
      'HTTP machinery knows no feature and no store.',
    ),
    ring('ui', 'ui/', ['ui/', 'config/', 'kernel/'], 'Pages are rendered from values.'),
    ring(
      'persistence-typeorm',
      'persistence/typeorm/',
      ['persistence/typeorm/', 'ports/', 'config/', 'kernel/'],
      'Adapters know the ports, not each other.',
    ),
    ring(
      'persistence-mongoose',
      'persistence/mongoose/',
      ['persistence/mongoose/', 'ports/', 'config/', 'kernel/'],
      'Adapters know the ports, not each other.',
    ),
    ring(
      'persistence-memory',
      'persistence/memory/',
      ['persistence/memory/', 'ports/', 'config/', 'kernel/'],
      'Adapters know the ports, not each other.',
    ),
    ring('delivery', 'delivery/', ['delivery/', 'ports/', 'config/', 'kernel/'], 'Senders know the ports.'),
    ring('hashing', 'hashing/', ['hashing/', 'ports/', 'config/', 'kernel/'], 'The hasher knows its port.'),
    ring(
      'feature-services',
      'features/[^/]+/[^/]+\\.(service|mails)\\.ts$',
      ['features/[^/]+/[^/]+\\.(service|mails)\\.ts$', 'services/', 'ports/', 'config/', 'kernel/'],
      'The service of a feature knows no face.',
    ),
    ring(
      'feature-faces',
      'features/[^/]+/[^/]+\\.(controller|pages|dto)\\.ts$',
      ['features/', 'http/', 'ui/', 'config/', 'kernel/'],
      'A face decides nothing: it calls the service of its own feature.',
    ),
    {
      name: 'features-apart',
      comment: 'No feature imports another.',
      severity: 'error',
      from: { path: `${SRC}features/([^/]+)/` },
      to: { path: `${SRC}features/[^/]+/`, pathNot: `${SRC}features/$1/` },
    },
    {
      name: 'composition-root',
      comment: 'Nobody inside imports the composition root.',
      severity: 'error',
      from: { path: SRC, pathNot: `${SRC}(index|regstack\\.[a-z]+)\\.ts$` },
      to: { path: `${SRC}regstack\\.[a-z]+\\.ts$` },
    },
    {
      name: 'one-opener',
      comment: 'Adapters of databases are reached through open-store.ts, and by the testing door.',
      severity: 'error',
      from: { path: SRC, pathNot: [`${SRC}(persistence/|testing/|regstack\\.module\\.ts$)`, SPEC] },
      to: { path: `${SRC}persistence/(typeorm|memory|mongoose)/` },
    },
    {
      name: 'tokens-only',
      comment: "The composition root takes nothing but the host connection's token from an adapter folder.",
      severity: 'error',
      from: { path: `${SRC}regstack\\.[a-z]+\\.ts$` },
      to: { path: `${SRC}persistence/(typeorm|memory|mongoose)/`, pathNot: 'tokens\\.ts$' },
    },
    noPackage(
      'kernel-packages',
      `${SRC}(kernel|ports)/`,
      ['@nestjs', 'express', 'typeorm'],
      'Not even Nest.',
    ),
    noPackage('config-packages', `${SRC}config/`, ['@nestjs', 'express', 'typeorm'], 'No Nest, no drivers.'),
    noPackage(
      'typeorm-stays-home',
      `${SRC}(?!persistence/typeorm/)`,
      ['typeorm', '@nestjs/typeorm', 'better-sqlite3', '@types/better-sqlite3', 'pg', '@types/pg'],
      'TypeORM and its drivers are imported inside their adapter folder only, types included.',
    ),
    noPackage(
      'mongoose-stays-home',
      `${SRC}(?!persistence/mongoose/)`,
      ['mongoose', '@nestjs/mongoose', 'mongodb'],
      'Mongoose and its driver are imported inside their adapter folder only, types included.',
    ),
    noPackage(
      'senders-stay-home',
      `${SRC}(?!delivery/)`,
      ['nodemailer', '@nestjs-modules/mailer', '@aws-sdk', 'twilio'],
      'The package of a mail server or a gateway is imported by its sender only.',
    ),
    {
      name: 'two-doors',
      comment:
        'Apps, the CLI, tests and the bench come in by the two doors. Mutants replace a method of an adapter, and the suites of the MongoDB adapter look at its documents and make its crashes, so they see adapters.',
      severity: 'error',
      from: { path: '^(apps|bench|libs/cli|test)/', pathNot: '^test/(contract/mutants|stores/mongoose)/' },
      to: { path: SRC, pathNot: `${SRC}(index|testing/index)\\.ts$` },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: SRC, pathNot: '(\\.(spec\\.ts|worker\\.js)|ui/static/.*)$' },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'require', 'node', 'default'],
    },
    moduleSystems: ['cjs', 'es6'],
  },
};
