import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASES, type ServerStore } from '../databases';
import { Demo, type DemoEnv, freshSecret } from '../demo';
import { scratchFolder } from '../scratch-folder';
import { type Ran, runCli, type RunOptions } from './run-cli';
import { TerminalSession } from './terminal-session';

/** An app with its files and its database, as an operator finds it. */
export class Installation {
  readonly folder = scratchFolder('installation');
  /** `regstack.secrets.env`. */
  readonly secretsFile = join(this.folder, 'regstack.secrets.env');
  private readonly toml = join(this.folder, 'regstack.toml');

  private constructor(
    private readonly store: ServerStore,
    readonly databaseUrl: string,
    more: string,
  ) {
    const cheap = '[argon2]\nmemory_kib = 8192\ntime_cost = 1\n';
    writeFileSync(this.toml, `database_url = "${databaseUrl}"\n${more}\n${cheap}`);
    writeFileSync(this.secretsFile, `# kept\nREGSTACK_JWT_SECRET=${freshSecret()}\n`, { mode: 0o600 });
  }

  /**
   * On an empty database, which `remove()` removes.
   * @param more lines of its `regstack.toml`
   */
  static async on(store: ServerStore, more = ''): Promise<Installation> {
    return new Installation(store, await DATABASES[store].fresh(), more);
  }

  /** Runs the command in its folder. */
  run(args: readonly string[], more: Omit<RunOptions, 'cwd'> = {}): Promise<Ran> {
    return runCli(args, { cwd: this.folder, ...more });
  }

  /** The same with somebody in front of it. */
  inTerminal(args: readonly string[]): TerminalSession {
    return TerminalSession.start(args, { cwd: this.folder });
  }

  /** Starts the app, with the secrets of the file. */
  startDemo(env: DemoEnv = {}): Promise<Demo> {
    return Demo.start({
      REGSTACK_CONFIG: this.toml,
      REGSTACK_DATABASE_URL: this.databaseUrl,
      REGSTACK_JWT_SECRET: undefined,
      ...env,
    });
  }

  /** Text of the secrets file. */
  secrets(): string {
    return readFileSync(this.secretsFile, 'utf8');
  }

  remove(): Promise<void> {
    return DATABASES[this.store].drop(this.databaseUrl);
  }
}
