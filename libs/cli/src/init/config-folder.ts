import {
  appendFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SECRETS_FILE, TOML_FILE } from '../app/app-files';
import { draftFolder, PRIVATE, syncFolder, writeNew } from '../files/private-file';
import { Refusal } from '../refusal';
import type { ConfigText } from './config-text';

/** In the order in which they are put in place: an app refuses to start with the first alone, which has no secret. */
const NAMES = [TOML_FILE, SECRETS_FILE];

/** The folder that gets both files. */
export class ConfigFolder {
  /** Files of ours that are there already. */
  readonly existing: readonly string[];

  /** @throws Refusal where the path is, or leads through, something else than a folder */
  constructor(readonly path: string) {
    const found = this.look(path, statSync);
    if (found && !found.isDirectory()) throw new Refusal(`${path} is not a folder; name one with --target`);
    this.existing = NAMES.filter((name) => {
      const file = this.look(join(path, name), lstatSync);
      if (file?.isDirectory())
        throw new Refusal(`${join(path, name)} is a folder; move it away, or name another --target`);
      return file !== undefined;
    });
  }

  /**
   * The lines of the secrets that sign, former ones too, as they stand in the file of secrets that is there.
   * @throws Refusal where such a secret stands in regstack.toml, from where it would be lost
   */
  signingLines(): readonly string[] {
    if (/^\s*["']?jwt_(secret|previous_secrets)\b/m.test(this.textOf(TOML_FILE))) {
      throw new Refusal(
        `${join(this.path, TOML_FILE)} holds a secret that signs; move it to ${SECRETS_FILE} as REGSTACK_JWT_SECRET (or REGSTACK_JWT_PREVIOUS_SECRETS), or pass --new-secret`,
      );
    }
    const lines = this.textOf(SECRETS_FILE).split(/\r?\n/);
    return lines.filter((line) => /^\s*REGSTACK_JWT_(SECRET|PREVIOUS_SECRETS)\s*=/i.test(line));
  }

  /**
   * Puts both files in place, or none. Only files of `existing` are replaced: one that has come meanwhile is left alone. Before any secret
   * is written, git is told to ignore it.
   * @param accept looks at both files in a folder of drafts first; what it throws leaves everything as it was
   * @throws Refusal where the folder cannot be written
   */
  write({ toml, secrets }: ConfigText, accept: (drafts: string) => void): void {
    this.attempt(() => mkdirSync(this.path, { recursive: true }));
    this.attempt(() => ignoreByGit(join(this.path, '.gitignore')));
    const drafts = this.attempt(() => draftFolder(this.path));
    try {
      this.attempt(() => {
        writeNew(join(drafts, TOML_FILE), toml, 0o644);
        writeNew(join(drafts, SECRETS_FILE), secrets, PRIVATE);
      });
      accept(drafts);
      this.attempt(() => this.place(drafts));
    } finally {
      rmSync(drafts, { recursive: true, force: true });
    }
  }

  private place(drafts: string): void {
    const undo: (() => void)[] = [];
    try {
      for (const name of NAMES) {
        undo.unshift(this.existing.includes(name) ? this.replace(name, drafts) : this.add(name, drafts));
      }
    } catch (error) {
      for (const step of undo) step();
      throw error;
    }
    syncFolder(this.path);
  }

  /** A link is made only where there is nothing yet. */
  private add(name: string, drafts: string): () => void {
    const file = join(this.path, name);
    linkSync(join(drafts, name), file);
    return () => unlinkSync(file);
  }

  private replace(name: string, drafts: string): () => void {
    const [file, former] = [join(this.path, name), join(drafts, 'former', name)];
    mkdirSync(dirname(former), { recursive: true });
    linkSync(file, former);
    renameSync(join(drafts, name), file);
    return () => renameSync(former, file);
  }

  private textOf(name: string): string {
    if (!this.existing.includes(name)) return '';
    return this.attempt(() => readFileSync(join(this.path, name), 'utf8'));
  }

  private look(path: string, stat: (path: string, options: { throwIfNoEntry: false }) => Stats | undefined) {
    return this.attempt(() => stat(path, { throwIfNoEntry: false }));
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const { code, syscall, path = this.path } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new Refusal(
        `${path}: ${REASONS[code!] ?? `cannot be used (${code})`}; mend that, or name another --target`,
      );
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be read or written by you',
  ENOTDIR: 'lies below something that is not a folder',
  EEXIST: 'has come while the questions were answered; it is left as it is',
  ENOSPC: 'there is no room on the disk',
  EROFS: 'the disk cannot be written',
};

/** Adds a line, unless it is there. */
function ignoreByGit(file: string): void {
  const before = statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, 'utf8') : '';
  const lines = before.split('\n').map((line) => line.trim());
  if (lines.includes(SECRETS_FILE) || lines.includes(`/${SECRETS_FILE}`)) return;
  appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${SECRETS_FILE}\n`);
}
