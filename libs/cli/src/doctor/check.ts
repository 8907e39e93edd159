import type { INestApplicationContext } from '@nestjs/common';
import type { ConfigProblem, RegStackConfig } from '@regstack/nestjs';
import type { AppFiles } from '../app/app-files';
import type { DoctorOptions } from './doctor.options';
import { type Finding, skip } from '../findings/finding';

/** What is examined: as much of an app as there is. */
export interface Subject {
  readonly options: DoctorOptions;
  readonly files: AppFiles;
  /** Null where it cannot be used. */
  readonly config: RegStackConfig | null;
  /** Why it cannot. */
  readonly problems: readonly ConfigProblem[];
  /** Its services; null where it does not start. */
  readonly app: INestApplicationContext | null;
  /** Why it does not, beside its configuration. */
  readonly bootError: Error | null;
}

type Findings = Finding | readonly Finding[];

/** One thing that can be wrong with an app. */
export interface Check {
  readonly name: string;
  /** Looks, and changes nothing. */
  run(subject: Subject): Findings | Promise<Findings>;
}

/** A check that reads the configuration, and is skipped where it cannot be used. */
export function checkOfConfig(
  name: string,
  run: (config: RegStackConfig, subject: Subject) => Findings | Promise<Findings>,
): Check {
  return {
    name,
    run: (subject) =>
      subject.config === null ? skip('needs a configuration that can be used') : run(subject.config, subject),
  };
}

/** A check that asks services of the app, and is skipped where it does not start. */
export function checkOfApp(
  name: string,
  run: (app: INestApplicationContext, subject: Subject) => Findings | Promise<Findings>,
): Check {
  return {
    name,
    run: (subject) => (subject.app === null ? skip('needs an app that starts') : run(subject.app, subject)),
  };
}
