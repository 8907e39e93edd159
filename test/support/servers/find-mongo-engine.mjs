import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DryMongoBinary } from 'mongodb-memory-server-core/lib/util/DryMongoBinary.js';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';

// Finds a MongoDB that tests can start and prints it as JSON (MongoEngine in mongo.engine.ts), or tells on stderr what was tried.

/** In this order: the first that answers is taken; one that throws, or answers null, is told of and passed over. */
const CANDIDATES = { mongodOnPath, commandOfEnvironment, mongodFromTheNetwork };

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROBE_MS = 4000;

function mongodOnPath() {
  return mongod('mongod', 'from the PATH');
}

/** A program that takes a data folder, a port and perhaps `--replica-set`. One that is named and cannot be run is a mistake. */
function commandOfEnvironment() {
  const named = process.env.REGSTACK_TEST_MONGODB_COMMAND;
  if (!named) return null;
  const path = resolve(ROOT, named);
  accessSync(path, constants.X_OK);
  return {
    name: 'REGSTACK_TEST_MONGODB_COMMAND',
    command: [path, '{folder}', '{port}'],
    standalone: [],
    replicaSet: ['--replica-set'],
  };
}

async function mongodFromTheNetwork() {
  const known = await DryMongoBinary.locateBinary(await DryMongoBinary.generateOptions());
  if (!known) await probe('https://fastdl.mongodb.org/');
  return mongod(known ?? (await MongoBinary.getPath()), 'fetched by mongodb-memory-server');
}

function mongod(path, origin) {
  const [, version] = /version v(\S+)/.exec(run(path, '--version')) ?? [];
  return {
    name: `mongod ${version} ${origin}`,
    command: [path, '--dbpath', '{folder}', '--port', '{port}', '--bind_ip', '127.0.0.1'],
    standalone: [],
    replicaSet: ['--replSet', 'rs0'],
  };
}

/** Without a network the download would take long to find out. Behind a proxy it finds its own way. */
async function probe(url) {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return;
  await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
}

function run(program, ...args) {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

async function findEngine() {
  const tried = [];
  for (const [name, look] of Object.entries(CANDIDATES)) {
    try {
      const engine = await look();
      if (engine) return engine;
    } catch (error) {
      if (look === commandOfEnvironment) throw error;
      tried.push(`${name}: ${(error.cause ?? error).message.trim().split('\n')[0]}`);
    }
  }
  throw new Error(`there is no MongoDB to be had here; tried ${tried.join('; ')}`);
}

try {
  process.stdout.write(JSON.stringify(await findEngine()));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
