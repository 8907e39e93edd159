import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadRegStackConfig } from '@regstack/nestjs';
import { Command, Help, Option } from 'nest-commander';
import { SECRETS_FILE, TOML_FILE } from '../app/app-files';
import { variableOf } from '../app/secret-settings';
import { CliCommand } from '../cli.command';
import { Prompts } from '../prompts';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { type AnswerSource, collectAnswers } from './collect-answers';
import { ConfigFolder } from './config-folder';
import { configText } from './config-text';
import { answersOfFlags, answersOfVariables, FROM_VARIABLES, refuseUnused } from './given-answers';
import { byDefault, Interview } from './interview';
import { nextSteps } from './next-steps';
import type { Answers } from './question';
import { QUESTIONS } from './questions';
import { configOf, type Settings, settingsOf } from './settings';

interface InitOptions {
  readonly yes?: boolean;
  readonly target?: string;
  readonly force?: boolean;
  readonly newSecret?: boolean;
}

/** Writes the configuration of a new app. */
@Command({
  name: 'init',
  description:
    'Asks what an app needs to know, and writes regstack.toml and regstack.secrets.env. Touches no database, and nothing over the network.',
})
export class InitCommand extends CliCommand {
  constructor(
    private readonly terminal: Terminal,
    private readonly prompts: Prompts,
    private readonly interview: Interview,
  ) {
    super();
  }

  override setCommand(command: Parameters<CliCommand['setCommand']>[0]): this {
    for (const { flag, message, choices } of QUESTIONS) {
      if (flag === undefined) continue;
      const known = choices ? `: ${choices.map(({ value }) => value).join(', ')}` : '';
      command.option(flag, `${message}${known}`);
      if (!flag.includes(' ')) command.option(flag.replace('--', '--no-'), 'without them');
    }
    return super.setCommand(command);
  }

  override async run(_: string[], options: InitOptions): Promise<void> {
    if (!options.yes && !this.terminal.isInteractive) {
      const message =
        'there is no terminal to ask in; pass --yes, which takes the default of what no flag answers';
      throw new Refusal(message, EXIT.usage);
    }
    const folder = new ConfigFolder(resolve(options.target ?? '.'));
    await this.askToReplace(folder, options);
    const kept = options.newSecret ? [] : folder.signingLines();
    const settings = settingsOf(await this.answers(options));
    const text = configText(settings, withSecret(kept));
    folder.write(text, (drafts) => assertReadBack(drafts, settings));
    this.report(folder, kept.length > 0, settings);
  }

  @Option({
    flags: '-y, --yes',
    description: 'takes the default of everything that no flag answers, and asks nothing',
  })
  yes(): boolean {
    return true;
  }

  @Option({
    flags: '-t, --target <folder>',
    description: 'where the files go; made where it is missing (default: the working directory)',
  })
  target(folder: string): string {
    return folder;
  }

  @Option({
    flags: '-f, --force',
    description: 'writes over files that are there; the secret that signs is kept',
  })
  force(): boolean {
    return true;
  }

  @Option({
    flags: '--new-secret',
    description:
      'makes another secret where there is one: everybody is signed out, and what the old one encrypts is lost (authenticator apps, waiting mails); regstack rotate-secret loses nothing',
  })
  newSecret(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
No flag takes a password, because others on the machine could read it. Scripts set these variables, and what they hold goes to regstack.secrets.env:
  ${FROM_VARIABLES.map(variableOf).join(', ')}

Examples:
  $ regstack init
  $ regstack init --yes --app-name Plum --base-url https://plum.example.org --pages
  $ REGSTACK_EMAIL__SMTP_PASSWORD="$(cat password)" regstack init --yes --mail smtp --smtp-host smtp.example.org --smtp-username plum`;
  }

  private async askToReplace({ existing, path }: ConfigFolder, { force, yes }: InitOptions): Promise<void> {
    if (existing.length === 0 || force) return;
    const found = `${existing.join(' and ')} ${existing.length === 1 ? 'is' : 'are'} in ${path} already`;
    if (yes) throw new Refusal(`${found}; pass --force to write over, or name another --target`);
    if (await this.prompts.confirm(`${found}. Write over?`, false)) return;
    throw new Refusal('nothing was changed');
  }

  private async answers({ yes }: InitOptions): Promise<Answers> {
    const [flags, variables] = [answersOfFlags(this.command.opts()), answersOfVariables(process.env)];
    const source: AnswerSource = yes ? byDefault : (question, before) => this.interview.ask(question, before);
    const answers = await collectAnswers(new Map([...variables, ...flags]), source);
    refuseUnused(flags, answers);
    for (const [key, value] of variables) {
      if (answers.get(key) === value) this.terminal.note(`${variableOf(key)} is taken from the environment`);
    }
    return answers;
  }

  private report({ path, existing }: ConfigFolder, isSecretKept: boolean, settings: Settings): void {
    if (isSecretKept) this.terminal.note('the secret that signs was kept');
    this.terminal.say(`${existing.length > 0 ? 'Written anew' : 'Written'}: ${join(path, TOML_FILE)}`);
    this.terminal.say(`and for secrets, ignored by git: ${join(path, SECRETS_FILE)}\n`);
    this.terminal.say(nextSteps(settings, path));
  }
}

function withSecret(kept: readonly string[]): readonly string[] {
  if (kept.some((line) => /^\s*REGSTACK_JWT_SECRET\s*=/i.test(line))) return kept;
  return [`REGSTACK_JWT_SECRET=${randomBytes(48).toString('base64url')}`, ...kept];
}

/** An app that reads these files must have just what was answered. */
function assertReadBack(folder: string, settings: Settings): void {
  const written = loadRegStackConfig({}, { env: { NODE_ENV: process.env['NODE_ENV'] }, directory: folder });
  const { jwtSecret, jwtPreviousSecrets } = written;
  if (isDeepStrictEqual(written, configOf(settings, { jwtSecret, jwtPreviousSecrets }))) return;
  throw new Refusal('an answer could not be read back as it was given; nothing was changed');
}
