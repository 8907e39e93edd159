import { parse } from 'smol-toml';
import type { AppFolder } from '../../support/cli/app-folder';
import type { FakeDns } from '../../support/fake-dns';
import type { FakeSmtp } from '../../support/fake-smtp';

/** What a case has at hand; all of it is sound at first. */
export interface Surroundings {
  readonly app: AppFolder;
  readonly dns: FakeDns;
  readonly smtp: FakeSmtp;
}

/** One way in which an app is wrong. */
export interface DoctorCase {
  readonly title: string;
  /** The check that finds it. */
  readonly check: string;
  /** Beside `doctor`. */
  readonly args?: (at: Surroundings) => readonly string[];
  /** Makes it wrong. */
  readonly spoil: (at: Surroundings) => unknown;
  /** What is told of it. */
  readonly message: RegExp;
  /** Does what the cure says, where it is no command, setting, or record to be added. */
  readonly mend?: (at: Surroundings, cure: string) => unknown;
}

/** Runs the command, sets the setting or adds the record that a cure names, as it is printed. */
export async function mendAsPrinted({ app, dns }: Surroundings, cure: string): Promise<void> {
  const [, command] = /^run: (.*)$/.exec(cure) ?? [];
  if (command !== undefined) return void app.shell(command);
  const [, variable, file, printer] = /^set (\w+) in (\S+) to what this prints.*?: (.+)$/.exec(cure) ?? [];
  if (printer !== undefined) {
    expect(file).toBe('regstack.secrets.env');
    return app.secret(variable!, app.shell(printer).trim());
  }
  const [, setting] = /^set (\w+ = \S+)/.exec(cure) ?? [];
  if (setting !== undefined) return app.set(parse(setting));
  const [, record] = /^add the record: (.*?)(?: \(and .*\))?$/.exec(cure) ?? [];
  if (record !== undefined) return dns.add(record);
  throw new Error(`nobody knows how to do this: ${cure}`);
}

/** The part of a cure that a case does by hand; fails where the cure does not say it. */
export function saidIn(cure: string, form: RegExp): readonly string[] {
  const match = form.exec(cure);
  if (match === null) throw new Error(`${cure} is not ${String(form)}`);
  return match.slice(1);
}
