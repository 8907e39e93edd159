import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { Command, Help, Option } from 'nest-commander';
import { CliCommand } from '../cli.command';
import { emailOption } from '../email-option';
import { tellResults } from '../findings/report';
import { Prompts } from '../prompts';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { Installation } from './installation';
import { AskedMailbox, LogMailbox, type Mailbox } from './mailbox';
import { walk } from './walk';

interface ValidateOptions {
  readonly email?: string;
  readonly mailLog?: string;
  readonly apiPrefix?: string;
  readonly uiPrefix?: string;
  readonly json?: boolean;
}

@Command({
  name: 'validate',
  arguments: '<url>',
  argsDescription: { url: 'where the app is: https://app.example.org' },
  description:
    'Walks through a live installation from outside, as a stranger: registers a test account, proves its address by the mailed link, signs in and out, tries what has to be refused, looks at headers, cookies and limits, and deletes the account. Nothing is sent to another origin. The exit code is the number of failures, 99 at most.',
})
export class ValidateCommand extends CliCommand {
  constructor(
    private readonly terminal: Terminal,
    private readonly prompts: Prompts,
  ) {
    super();
  }

  @Option({
    flags: '--email <address>',
    description: 'address for the test account, which has none yet: a mailbox that you read',
  })
  email(address: string): string {
    return emailOption('--email', address, 'you+test@example.org');
  }

  @Option({
    flags: '--mail-log <file>',
    description:
      'take the link from what an app with email.backend = console prints, instead of asking for it',
  })
  mailLog(file: string): string {
    try {
      accessSync(file, constants.R_OK);
    } catch {
      throw new Refusal(
        `--mail-log: ${file} cannot be read; name the file that the app prints to`,
        EXIT.usage,
      );
    }
    return file;
  }

  @Option({ flags: '--api-prefix <path>', description: 'path of the JSON routes', defaultValue: '/api/auth' })
  apiPrefix(path: string): string {
    return pathIn('--api-prefix', path);
  }

  @Option({ flags: '--ui-prefix <path>', description: 'path of the pages', defaultValue: '/account' })
  uiPrefix(path: string): string {
    return pathIn('--ui-prefix', path);
  }

  @Option({ flags: '--json', description: 'print the results as JSON: { failures, results }' })
  json(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  regstack validate https://app.example.org --email you+test@example.org
  npm start > app.log &
  regstack validate http://localhost:3000 --mail-log app.log`;
  }

  override async run([url = '']: string[], options: ValidateOptions): Promise<void> {
    const paths = { api: options.apiPrefix!, ui: options.uiPrefix! };
    const results = await walk({
      installation: new Installation(urlIn(url), paths),
      mailbox: this.mailbox(options),
      email: options.email ?? `regstack-validate-${randomBytes(8).toString('hex')}@example.org`,
      password: randomBytes(24).toString('base64url'),
      account: 'none',
      token: null,
    });
    tellResults(this.terminal, results, options.json);
  }

  private mailbox({ email, mailLog }: ValidateOptions): Mailbox {
    if (mailLog !== undefined) return new LogMailbox(mailLog);
    if (email !== undefined && this.terminal.isInteractive) return new AskedMailbox(this.prompts);
    throw new Refusal(
      'where does the mail arrive? in a terminal: --email you+test@example.org; elsewhere: --mail-log app.log',
      EXIT.usage,
    );
  }
}

function urlIn(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isPlain && url.search === '' && url.hash === '') return url;
  throw new Refusal('the URL must be one such as https://app.example.org', EXIT.usage);
}

function pathIn(option: string, path: string): string {
  if (/^(\/[\w.~-]+)+$/.test(path)) return path;
  throw new Refusal(`${option}: must be a path such as /api/auth`, EXIT.usage);
}
