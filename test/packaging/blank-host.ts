import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

export interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  readonly devDependencies?: Record<string, string>;
}

export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
export const library = manifestOf(join(ROOT, 'libs/regstack'));
export const workspace = manifestOf(ROOT);
export const run = (command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  });

/** What a stranger installs: the packed library and its required peers in an empty folder, nothing hoisted from here. */
export function blankHost(extra: Readonly<Record<string, string>> = {}): string {
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
export function lendBinary(folder: string): void {
  const build = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  if (existsSync(join(folder, 'node_modules/better-sqlite3'))) cpSync(join(ROOT, build), join(folder, build));
}

export const SQLITE = {
  typeorm: workspace.devDependencies!['typeorm']!,
  'better-sqlite3': workspace.devDependencies!['better-sqlite3']!,
};

export const EVERY_DATABASE = {
  ...SQLITE,
  pg: workspace.devDependencies!['pg']!,
  mongoose: workspace.devDependencies!['mongoose']!,
};

export const SMTP = Object.fromEntries(
  ['@nestjs-modules/mailer', 'nodemailer', 'lodash'].map((name) => [name, workspace.devDependencies![name]!]),
);

/** The lowest version of Nest that the peers allow. */
export const NEST_11 = Object.fromEntries(
  ['common', 'core', 'platform-express', 'platform-fastify'].map((name) => [`@nestjs/${name}`, '^11.0.0']),
);

export const HOST = `
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
    databaseUrl: process.env.HOST_DATABASE_URL || 'sqlite::memory:',
    ...JSON.parse(process.env.HOST_SETTINGS || '{}'),
    passport,
    providers: [{ provide: Mailer, useValue: mail }],
  })],
  controllers: [Orders],
})(App);
// Enrols an authenticator app, and signs in by its code.
const signInTwice = async (call, who, token) => {
  const start = await call('POST', '/api/auth/mfa/totp/start', { current_password: who.password }, token);
  const code = require('otplib').generateSync({ secret: start.json.secret });
  const enrolled = { pending_token: start.json.pending_token, code };
  const confirm = await call('POST', '/api/auth/mfa/totp/confirm', enrolled, token);
  const { mfa_pending_token, status } = (await call('POST', '/api/auth/login', who)).json;
  const [recovery] = confirm.json.recovery_codes;
  const second = await call('POST', '/api/auth/login/mfa-confirm', { mfa_pending_token, code: recovery });
  return { picture: start.json.qr_svg.slice(0, 4), status, second: second.status };
};
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
  const factor = await signInTwice(call, who, json.access_token);
  const page = await fetch(url + '/account/verify?done');
  await app.close();
  const loaded = Object.keys(require.cache).join();
  const names = ['typeorm', 'better-sqlite3', 'pg', 'mongoose', 'mongodb', 'nodemailer', '@nestjs-modules', 'event-emitter', 'twilio', '@aws-sdk', 'passport', 'fastify', 'express'];
  const used = names.filter((name) => loaded.includes('/node_modules/' + name + '/'));
  console.log(JSON.stringify({ orders, factor, page: page.status, used }));
})().catch((error) => { console.log(JSON.stringify({ refused: error.message })); process.exit(1); });
`;

/** Boots with the senders that the settings name, and ends. */
export const BOOT = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { RegStackModule } = require('@regstack/nestjs');
class App {}
const settings = { jwtSecret: 'a secret of at least thirty-two bytes', databaseUrl: 'sqlite::memory:', ...JSON.parse(process.env.HOST_SETTINGS) };
Module({ imports: [RegStackModule.forRoot(settings)] })(App);
(async () => {
  const app = await NestFactory.create(App, { logger: ['error'], abortOnError: false });
  await app.init();
  await app.close();
  const loaded = Object.keys(require.cache).join();
  const used = ['nodemailer', '@nestjs-modules', '@aws-sdk', 'twilio'].filter((name) => loaded.includes('/node_modules/' + name + '/'));
  console.log(JSON.stringify({ used }));
})().catch((error) => { console.log(JSON.stringify({ refused: error.message })); process.exit(1); });
`;

/** Boots its own module as a command, with what a command line needs of the front door, on an empty database. */
export const COMMAND = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const door = require('@regstack/nestjs');
class App {}
const settings = { jwtSecret: 'a secret of at least thirty-two bytes', databaseUrl: 'sqlite::memory:', jwtPreviousSecrets: [] };
const config = door.loadRegStackConfig(settings, { env: {} });
Module({ imports: [door.RegStackModule.forRoot(config)] })(App);
(async () => {
  const command = door.RegStackModule.asCommand(App);
  const app = await NestFactory.createApplicationContext(command, { logger: ['error'], abortOnError: false });
  const service = (name) => app.get(door[name], { strict: false });
  const schema = service('Schema');
  const [pending, plan, done] = [await schema.pending(), await schema.plan(), await schema.bringUpToDate()];
  const who = { email: 'ann@example.org', password: 'plum-Tractor-91-violet' };
  await service('UsersService').createAdmin(who);
  const { endedSessions } = await service('UsersService').promoteExisting(who);
  await service('Mailer').check();
  await service('SmsSender').check();
  const everybody = { search: null, isActive: null, isVerified: null, isSuperuser: null };
  const page = { cursor: undefined, limit: 5, skip: 0 };
  const { total } = await service('DirectoryService').list(everybody, page);
  const { queued } = await service('AdminOutboxService').counts();
  const clock = await service('Store').serverTime();
  const warnings = door.configWarnings(config).length;
  const isError = new door.DeliveryError('ETIMEDOUT') instanceof Error;
  await app.close();
  const isDone = done.length > 0 && done.join() === pending.join() && plan.length > done.length;
  console.log(JSON.stringify({ isDone, endedSessions, total, queued, clock, warnings, isError }));
})().catch((error) => { console.log(JSON.stringify({ refused: error.message })); process.exit(1); });
`;
