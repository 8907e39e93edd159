const { spawnSync } = require('node:child_process');
const { findChromium } = require('./test/support/browser/find-chromium');
const { makeScratchRoot } = require('./test/support/scratch-root');

// The workers inherit it.
process.env.REGSTACK_TEST_FOLDER ??= makeScratchRoot();

/**
 * What jest on Node 20 cannot load as it is, so that it is transformed like our own code: packages that ship as ES modules, and the one
 * file of mongoose's driver that calls `import()`. (Untransformed it fails unseen, and servers refuse a driver that does not say its name.)
 */
const TO_TRANSFORM = ['@nestjs/', '@scure/', '@noble/', '(.+/)?mongodb/lib/runtime_adapters\\.js$'].join('|');

const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!${TO_TRANSFORM})`, '<rootDir>/((libs|apps)/[^/]+|bench)/dist/'],
  moduleNameMapper: {
    '^@regstack/nestjs$': '<rootDir>/libs/regstack/src/index.ts',
    '^@regstack/nestjs/testing$': '<rootDir>/libs/regstack/src/testing/index.ts',
  },
  setupFiles: ['reflect-metadata'],
};

const project = (displayName, ...patterns) => ({
  ...base,
  displayName,
  testMatch: patterns.map((pattern) => `<rootDir>/${pattern}`),
});

/** What a variable of this run names, comma by comma; all where it is not set. */
const named = (variable, known) => {
  const names = process.env[variable]?.split(',') ?? known;
  const unknown = names.find((one) => !known.includes(one));
  if (unknown !== undefined) throw new Error(`${variable} names ${unknown}; known: ${known.join(', ')}`);
  return names;
};

/** Every suite that speaks HTTP runs on each of these: `REGSTACK_TEST_ADAPTERS=fastify npx jest` narrows it down. */
const adapters = named('REGSTACK_TEST_ADAPTERS', ['express', 'fastify']);

/**
 * Every suite that stores something runs on each of these; `REGSTACK_TEST_STORES=sqlite npx jest` narrows it down. One that is named
 * and cannot start fails the run (`run.servers.ts`). Where nothing is named, MongoDB alone may be missing, and that is told.
 */
const STORES = ['memory', 'sqlite', 'postgres', 'mongo'];
const isMongoWanted = ['STORES', 'MONGODB_URL', 'MONGODB_COMMAND'].some(
  (one) => process.env[`REGSTACK_TEST_${one}`],
);
const findMongo = () => {
  const engine = spawnSync(process.execPath, [`${__dirname}/test/support/servers/find-mongo-engine.mjs`], {
    encoding: 'utf8',
  });
  // The workers, and the setup, need not look again.
  if (engine.status === 0) process.env.REGSTACK_TEST_MONGODB_ENGINE = engine.stdout;
  else process.stderr.write(`\n!!! NOTHING IS TESTED ON MONGODB: ${engine.stderr}\n`);
  return engine.status === 0;
};
const stores = named('REGSTACK_TEST_STORES', STORES).filter(
  (store) => store !== 'mongo' || isMongoWanted || findMongo(),
);
process.env.REGSTACK_TEST_STORES = stores.join(',');
const onDisk = stores.filter((store) => store !== 'memory');

/**
 * The pages are walked through in a real browser. One that is named (`REGSTACK_TEST_BROWSER=chromium`) and is not there fails the run;
 * where none is named it may be missing, and that is told.
 */
const [wanted] = process.env.REGSTACK_TEST_BROWSER ? named('REGSTACK_TEST_BROWSER', ['chromium']) : [];
const browser = findChromium();
if (browser !== null) process.env.REGSTACK_TEST_BROWSER_PATH = browser;
else if (wanted) throw new Error(`REGSTACK_TEST_BROWSER names ${wanted}, which is not here`);
else process.stderr.write('\n!!! NOTHING IS TESTED IN A BROWSER: there is no Chromium here\n');

/** Servers are started once for the run, when a suite of such a project is in it. */
const withServers = {
  globalSetup: '<rootDir>/test/support/servers/setup.ts',
  globalTeardown: '<rootDir>/test/support/servers/teardown.ts',
};

/** The demo as its own process: what a failed test has left running is ended. */
const withDemo = { setupFilesAfterEnv: ['<rootDir>/test/support/kill-left-overs.ts'] };

/** One browser for the run, when a suite of such a project is in it. */
const withBrowser = {
  globalSetup: '<rootDir>/test/support/browser/setup.ts',
  globalTeardown: '<rootDir>/test/support/browser/teardown.ts',
};

const onEachAdapter = (name, testMatch, more = {}) =>
  adapters.map((adapter) => ({
    ...project(`${name} (${adapter})`, testMatch),
    globals: { HTTP_ADAPTER: adapter },
    ...more,
  }));

/** Features that a store could break: what is counted, kept and sent by several processes, and the story as a whole. */
const ABOUT_STORES = [
  'ip-limits',
  'limits',
  'login',
  'outage',
  'outbox',
  'processes',
  'registration',
  'story',
];

/** Features that the adapter could break; the flows, in one process, run on both. */
const ABOUT_ADAPTERS = ['bad-input', 'brand', 'flood', 'ip-limits', 'story'];

/** `name (express, sqlite)`, for these adapters on those of these stores that the run is about. */
const onEachStore = (name, testMatch, { on = stores, by = adapters } = {}) =>
  by.flatMap((adapter) =>
    stores
      .filter((store) => store !== 'memory' && on.includes(store))
      .map((store) => ({
        ...project(`${name} (${adapter}, ${store})`, testMatch),
        globals: { HTTP_ADAPTER: adapter, STORE: store },
        ...withDemo,
        ...(store === 'sqlite' ? {} : withServers),
      })),
  );

const inBrowser = (testMatch, adapter) =>
  browser === null
    ? []
    : onEachStore('browser', testMatch, {
        on: ['sqlite'],
        by: adapters.filter((one) => one === adapter),
      }).map((lane) => ({ ...lane, ...withBrowser }));

module.exports = {
  projects: [
    project('unit', 'libs/*/src/**/*.spec.ts', 'bench/src/**/*.spec.ts'),
    { ...project('contract', 'test/contract/**/*.spec.ts'), ...withServers },
    // What is about one database or another; names the adapter itself where it matters.
    { ...project('stores', 'test/stores/**/*.spec.ts'), ...withServers, ...withDemo },
    // What is on a page, and what a setting does, is the same code on every adapter.
    ...onEachAdapter('hosts', 'test/hosts/**/!(pages.escaping|settings).spec.ts', withServers),
    ...onEachAdapter('hosts', 'test/hosts/{pages.escaping,settings}.spec.ts', withServers).slice(0, 1),
    { ...project('boot', 'test/boot/**/*.spec.ts'), ...withDemo },
    // As processes: all on one store with one adapter, on the other adapter what is about adapters, on the other stores what is about stores.
    ...onEachStore('features', 'test/features/**/*.spec.ts', {
      on: onDisk.slice(0, 1),
      by: adapters.slice(0, 1),
    }),
    ...onEachStore('features', `test/features/{${ABOUT_ADAPTERS.join(',')}}.spec.ts`, {
      on: onDisk.slice(0, 1),
      by: adapters.slice(1),
    }),
    ...onEachStore('features', `test/features/{${ABOUT_STORES.join(',')}}.spec.ts`, {
      on: onDisk.slice(1),
      by: adapters.slice(0, 1),
    }),
    // In one process, on every store, with each adapter on one of them at least.
    ...onEachStore('flows', 'test/flows/flows.spec.ts', {
      on: ['sqlite', 'postgres'],
      by: adapters.slice(0, 1),
    }),
    ...onEachStore('flows', 'test/flows/flows.spec.ts', { on: ['mongo'], by: adapters.slice(-1) }),
    // Random sequences against a model; what tells the adapters apart is in the other suites.
    ...onEachStore('model', 'test/model/model.spec.ts', { by: adapters.slice(0, 1) }),
    { ...project('model', 'test/model/plants.spec.ts') },
    // What is about SQLite's file.
    ...onEachStore('sqlite', 'test/sqlite/**/*.spec.ts', { on: ['sqlite'], by: adapters.slice(0, 1) }),
    ...onEachStore('security', 'test/security/**/*.spec.ts', { on: ['sqlite'] }),
    // Which store lies below decides little here and costs minutes: one adapter is enough.
    ...onEachStore('security', 'test/security/{attributes,bad-requests}.spec.ts', {
      on: ['postgres', 'mongo'],
      by: adapters.slice(0, 1),
    }),
    // In a browser, with and without script: what the adapters could tell apart there is a walk through a few pages.
    ...inBrowser('test/browser/**/*.spec.ts', 'express'),
    ...inBrowser('test/browser/smoke.spec.ts', 'fastify'),
    { ...project('parity', 'test/parity/**/*.spec.ts'), ...withServers },
    // The installed command, as its users run it.
    { ...project('cli', 'test/cli/**/*.spec.ts'), ...withServers, ...withDemo },
    { ...project('packaging', 'test/packaging/**/*.spec.ts'), ...withServers },
  ],
  testTimeout: 60_000,
  // A worker keeps what suites have loaded; one with gigabytes of it is slow at everything, and begins anew after its suite.
  workerIdleMemoryLimit: '1.5GB',
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
};
