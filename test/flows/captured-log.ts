import { Logger } from '@nestjs/common';

/** One call of a logger of Nest. */
export interface Line {
  readonly level: string;
  /** Which part of the app it is of. */
  readonly context: string;
  readonly text: string;
  /** All that was given, as it could be printed. */
  readonly whole: string;
}

/** A record of the security log. */
export interface SecurityLine {
  readonly time: string;
  readonly kind: string;
  readonly actor: string | null;
  readonly target: string | null;
  readonly ip: string | null;
  readonly result: 'success' | 'refused';
  readonly reason: string | null;
  readonly request_id: string | null;
}

/** All that the app logs from now on, at every level. To be put in place once the host has started, which sets its own. */
export class CapturedLog {
  readonly lines: Line[] = [];

  capture(): void {
    const keep =
      (level: string) =>
      (...parts: unknown[]): void => {
        const context = String(parts.at(-1));
        this.lines.push({ level, context, text: String(parts[0]), whole: parts.map(String).join('\n') });
      };
    Logger.overrideLogger({
      log: keep('log'),
      warn: keep('warn'),
      error: keep('error'),
      debug: keep('debug'),
      verbose: keep('verbose'),
      fatal: keep('fatal'),
    });
  }

  release(): void {
    Logger.overrideLogger(false);
  }

  /** The lines of the security log, as they were written. */
  get security(): readonly Line[] {
    return this.lines.filter(({ context }) => context === 'RegStackSecurity');
  }

  /** What the security log has told since its n-th line. */
  since(n: number): readonly SecurityLine[] {
    return this.security.slice(n).map(({ text }) => JSON.parse(text) as SecurityLine);
  }
}
