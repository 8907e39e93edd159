import { BootError } from '../kernel/boot.error';
import { oneLine } from '../kernel/text';

/** Tells for a dotted camelCase path (`email.smtpHost`) where its value came from. */
export type SourceOf = (path: string) => string;

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /**
   * snake_case name of the setting, sections by dots: `email.smtp_host`. For a name that is no setting, that name as it was typed
   * (`REGSTACK_SMPT_HOST`); for a file that cannot be read, its name.
   */
  readonly key: string;
  /**
   * Where the value came from: a variable, `regstack.toml:3`, `argument`, `option` (of `forRoot()`), `default of the app`,
   * `environment` for a variable that is no setting, or `default; set REGSTACK_…`.
   */
  readonly source: string;
  /** The rule that is broken and how to mend it. Never holds the value. */
  readonly message: string;
}

/** The configuration cannot be used. Its message names every problem at once, a line for each: key, source, rule, cure. */
export class ConfigError extends BootError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    // A file may hold any name: one that breaks its line would look like a line of ours.
    const lines = problems.map(
      ({ key, source, message }) => `  ${oneLine(`${key} (${source}): ${message}`)}`,
    );
    super(`the configuration has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
