import { Injectable } from '@nestjs/common';
import { ConfigError, RegStackConfig } from '@regstack/nestjs';
import { appFiles } from '../app/app-files';
import { AppOpener } from '../app/app.opener';
import { loadAppConfig } from '../app/load-app-config';
import { Refusal } from '../refusal';
import type { Check, Subject } from './check';
import { CHECKS } from './checks';
import type { DoctorOptions } from './doctor.options';
import { type CheckResult, fail, type Finding } from '../findings/finding';

/** Looks at one app from all sides. */
@Injectable()
export class Examination {
  constructor(private readonly opener: AppOpener) {}

  /**
   * Runs every check. One that cannot be run fails; none ends the others.
   * @throws Refusal where `--module` names no module
   */
  async examine(options: DoctorOptions): Promise<readonly CheckResult[]> {
    const found: Subject = { ...NOTHING, options, files: appFiles(options) };
    const subject = options.module === undefined ? configured(found) : found;
    return subject.problems.length > 0 ? runAll(subject) : this.examineApp(subject);
  }

  private async examineApp(subject: Subject): Promise<readonly CheckResult[]> {
    let results: readonly CheckResult[] | null = null;
    try {
      await this.opener.use(subject.options, async (app) => {
        results = await runAll({ ...subject, app, config: app.get(RegStackConfig, { strict: false }) });
      });
    } catch (error) {
      if (error instanceof Refusal || results !== null) throw error;
      return runAll(notStarted(subject, error));
    }
    return results!;
  }
}

const NOTHING = { config: null, problems: [], app: null, bootError: null };

function configured(subject: Subject): Subject {
  try {
    return { ...subject, config: loadAppConfig(subject.options) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ...subject, problems: error.problems };
  }
}

function notStarted(subject: Subject, error: unknown): Subject {
  if (error instanceof ConfigError) return { ...subject, problems: error.problems };
  return { ...subject, bootError: error instanceof Error ? error : new Error(String(error)) };
}

async function runAll(subject: Subject): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  // One after the other: they share the connections of a small app.
  for (const check of CHECKS) {
    const findings = await findingsOf(check, subject);
    results.push(...findings.map((finding) => ({ check: check.name, ...finding })));
  }
  return results;
}

async function findingsOf(check: Check, subject: Subject): Promise<readonly Finding[]> {
  try {
    return [await check.run(subject)].flat();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(`could not be checked: ${reason}`, 'mend what the message names, and run doctor again')];
  }
}
