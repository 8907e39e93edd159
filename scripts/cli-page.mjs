/**
 * Writes docs/cli.md from the commands themselves: what `regstack help` tells of each. `--check` compares instead and fails when the page
 * is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format, resolveConfig } from 'prettier';

const require = createRequire(new URL('../libs/cli/package.json', import.meta.url));
require('reflect-metadata');
const { CommandFactory, CommandRunnerService } = require('nest-commander');
const { CliModule } = require('./dist/cli.module.js');
const { EXIT } = require('./dist/refusal.js');

const NAME = 'regstack';
const PAGE = new URL('../docs/cli.md', import.meta.url);

const INTRO = `<!-- Generated from libs/cli/src by \`npm run docs\`; change the commands there. -->

# Command line

\`\`\`sh
npm install --save-dev @regstack/cli
npx regstack init          # asks, and writes regstack.toml and regstack.secrets.env
npx regstack doctor        # what is wrong, each with its cure
npx regstack migrate       # brings the database schema up to date
\`\`\`

A command is about the app of the working directory, or of the \`regstack.toml\` that \`--config\` names. It reads what the app reads:
variables, \`regstack.secrets.env\`, \`regstack.toml\` ([configuration.md](configuration.md)). For an app whose options come from its code, \`--module\`
names its compiled module; install \`@regstack/cli\` in the same project. The app is put together for its services alone: nothing listens, nothing is sent or swept in
the background, and what a command has to mail waits for the app.

Results go to stdout, everything else to stderr. Secrets are never arguments, and never printed. There are no stack traces: a message says what is wrong and how it is mended.

## Exit codes

| code | |
| --- | --- |
| ${EXIT.done} | done |
| ${EXIT.refused} | refused or failed; the reason is on stderr |
| ${EXIT.usage} | the command line is wrong |
| ${EXIT.cancelled} | ended at a prompt (Ctrl-C) |

\`doctor\` and \`validate\` answer how many checks failed, 99 at most, where the command line is right.
`;

async function programOf() {
  const app = await CommandFactory.createWithoutRunning(CliModule, { logger: false, cliName: NAME });
  return app.get(CommandRunnerService).commander;
}

const cell = (text) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();

/** What stands behind the options in the help: text, and examples. */
function notesOf(command) {
  let text = '';
  command.emit('afterHelp', { error: false, command, write: (part) => (text += part) });
  const [prose, examples = ''] = text.split(/^Examples:\n/m);
  const shown = examples.replaceAll(/^ {2}(\$ )?/gm, '').trim();
  return [prose.trim(), shown === '' ? '' : `\`\`\`sh\n${shown}\n\`\`\``];
}

function optionsOf({ options }) {
  const rows = options.map(({ flags, description, defaultValue, mandatory }) => {
    const usual = defaultValue === undefined ? '' : ` (default: ${defaultValue})`;
    return `| \`${cell(flags)}\` | ${cell(description + usual)}${mandatory ? '; must be given' : ''} |`;
  });
  return rows.length === 0 ? '' : ['| option | |', '| --- | --- |', ...rows].join('\n');
}

function argumentsOf({ registeredArguments }) {
  const rows = registeredArguments.map((one) => {
    const name = one.required ? `<${one.name()}>` : `[${one.name()}]`;
    return `| \`${name}\` | ${cell(one.description)} |`;
  });
  return rows.length === 0 ? '' : ['| argument | |', '| --- | --- |', ...rows].join('\n');
}

/** A command, and below it those that it holds. */
function sectionsOf(command, above) {
  const path = `${above} ${command.name()}`;
  if (command.description() === '') throw new Error(`${path} has no description`);
  const bare = command.options.find(({ description }) => !description);
  if (bare) throw new Error(`${path} ${bare.flags} has no description`);
  const usage = [
    path,
    ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
  ];
  const parts = [command.description(), argumentsOf(command), optionsOf(command), ...notesOf(command)];
  const level = above === NAME ? '##' : '###';
  const section = [`${level} \`${usage.join(' ')}\``, ...parts].filter((part) => part !== '').join('\n\n');
  return [section, ...command.commands.flatMap((one) => sectionsOf(one, path))];
}

const program = await programOf();
const page = [INTRO, ...program.commands.flatMap((command) => sectionsOf(command, NAME))].join('\n\n');
const wanted = await format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(PAGE, wanted);
else if (readFileSync(PAGE, 'utf8') !== wanted) {
  process.stderr.write('docs/cli.md is stale; run: npm run docs\n');
  process.exitCode = 1;
}
