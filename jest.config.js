/** Packages that ship as ES modules: jest on Node 20 cannot require them, so they are transformed like our own code. */
const ESM = ['@nestjs'].join('|');

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
  transformIgnorePatterns: [`/node_modules/(?!(${ESM})/)`, '<rootDir>/((libs|apps)/[^/]+|bench)/dist/'],
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

/** Every suite that speaks HTTP runs on each of these: `REGSTACK_TEST_ADAPTERS=fastify npx jest` narrows it down. */
const ADAPTERS = ['express', 'fastify'];
const adapters = process.env.REGSTACK_TEST_ADAPTERS?.split(',') ?? ADAPTERS;
const unknown = adapters.find((one) => !ADAPTERS.includes(one));
if (unknown !== undefined)
  throw new Error(`REGSTACK_TEST_ADAPTERS names ${unknown}; known: ${ADAPTERS.join(', ')}`);

const onEachAdapter = (name, testMatch, more = {}) =>
  adapters.map((adapter) => ({
    ...project(`${name} (${adapter})`, testMatch),
    globals: { HTTP_ADAPTER: adapter },
    ...more,
  }));

/** The demo as its own process: what a failed test has left running is ended. */
const withDemo = { setupFilesAfterEnv: ['<rootDir>/test/support/kill-left-overs.ts'] };

module.exports = {
  projects: [
    project('unit', 'libs/*/src/**/*.spec.ts', 'bench/src/**/*.spec.ts'),
    project('contract', 'test/contract/**/*.spec.ts'),
    ...onEachAdapter('hosts', 'test/hosts/**/*.spec.ts'),
    { ...project('boot', 'test/boot/**/*.spec.ts'), ...withDemo },
    ...onEachAdapter('features', 'test/features/**/*.spec.ts', withDemo),
    ...onEachAdapter('security', 'test/security/**/*.spec.ts', withDemo),
    project('packaging', 'test/packaging/**/*.spec.ts'),
  ],
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
};
