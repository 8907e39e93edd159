import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'smol-toml';
import { scratchFolder } from '../scratch-folder';
import { type Ran, runCli } from './run-cli';

const PACKAGES = resolve(__dirname, '../../../node_modules');

type Settings = Record<string, unknown>;

/** The folder of an app, with its two files and its packages; sound, unless a test changes that. */
export class AppFolder {
  readonly path = scratchFolder('app');
  /** Beside `PATH`. */
  readonly env: Record<string, string> = {};
  private settings: Settings = {};

  constructor(settings: Settings = {}) {
    symlinkSync(PACKAGES, this.file('node_modules'));
    writeFileSync(this.file('regstack.secrets.env'), '', { mode: 0o600 });
    this.secret('REGSTACK_JWT_SECRET', randomBytes(48).toString('base64url'));
    this.set(settings);
  }

  /** Path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Settings of `regstack.toml`, by section; undefined takes one away. */
  set(settings: Settings): void {
    this.settings = merged(this.settings, settings);
    writeFileSync(this.file('regstack.toml'), stringify(this.settings));
  }

  /** A line of the secrets file, in place of the one that is there. */
  secret(variable: string, value: string | null): void {
    const file = this.file('regstack.secrets.env');
    const lines = readFileSync(file, 'utf8').split('\n');
    const others = lines.filter((line) => line !== '' && !line.startsWith(`${variable}=`));
    writeFileSync(file, [...others, ...(value === null ? [] : [`${variable}=${value}`]), ''].join('\n'));
  }

  /** Puts text at the end of a file, which is made where it is missing. */
  append(name: string, text: string): void {
    appendFileSync(this.file(name), text);
  }

  /** Runs a command of the shell here; answers what it prints. */
  shell(command: string): string {
    const { PATH } = process.env;
    const env = {
      PATH,
      HOME: this.path,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      ...this.env,
    };
    return execFileSync('sh', ['-c', command], { cwd: this.path, env, encoding: 'utf8' });
  }

  /** Runs `regstack` here. */
  run(...args: readonly string[]): Promise<Ran> {
    return runCli(args, { cwd: this.path, env: this.env });
  }
}

function merged(old: Settings, changes: Settings): Settings {
  const entries = Object.entries(changes).map(([name, value]) => {
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [name, isSection ? merged((old[name] ?? {}) as Settings, value as Settings) : value];
  });
  const all = { ...old, ...(Object.fromEntries(entries) as Settings) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
