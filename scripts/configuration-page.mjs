/**
 * Writes docs/configuration.md from the one schema: names, defaults and rules from the built library, documentation and groups from
 * the comments beside each setting. `--check` compares instead and fails when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { validateSync } = require('class-validator');
const config = (file) => require(`../libs/regstack/dist/config/${file}.js`);
const { RegStackConfig } = config('regstack.config');
const { settingsOf, snakeCase } = config('setting.decorator');

const PAGE = new URL('../docs/configuration.md', import.meta.url);
const SOURCES = {
  RegStackConfig: 'regstack',
  EmailConfig: 'email',
  SmsConfig: 'sms',
  Argon2Config: 'argon2',
};
const UNITS = {
  seconds: 'seconds',
  ms: 'milliseconds',
  kib: 'KiB',
  days: 'days',
  minute: 'per minute',
  hour: 'per hour',
  day: 'per day',
};

const INTRO = `<!-- Generated from libs/regstack/src/config by \`npm run docs\`; change the comments there. -->

# Configuration

\`loadRegStackConfig()\` takes each setting from the first of these that has it:

1. its argument: \`loadRegStackConfig({ jwtTtlSeconds: 3600, email: { smtpPort: 25 } })\`
2. the environment: \`REGSTACK_JWT_TTL_SECONDS=3600\`, sections by two underscores: \`REGSTACK_EMAIL__SMTP_PORT=25\`, lists by commas or as JSON
3. \`regstack.secrets.env\`: the same names, one \`NAME=value\` a line; \`#\` begins a comment at the start of a line only
4. \`regstack.toml\`: \`jwt_ttl_seconds = 3600\`, sections as tables: \`[email]\`
5. \`defaults\` of the app: \`loadRegStackConfig({}, { defaults: { appName: 'Plum' } })\`
6. the defaults below

Both files are looked for in the working directory. \`REGSTACK_CONFIG\` names another TOML file; the secrets are then looked for beside it first.
Unknown names and bad values refuse to boot, all at once, each with its file and line or its variable, the rule and the nearest name.
Values are never printed. \`NODE_ENV=production\` is what "production" means. What the \`init\` of the Python project *regstack* writes
loads as it is; its names that are called otherwise are understood, and those that mean nothing here are told by name at boot.

A setting that is marked *later* is known, and belongs to a feature that this version does not have: it refuses every value but its default.
`;

/** `property → { doc, group }`, from the comments of a class. */
function commentsOf(name) {
  const file = `libs/regstack/src/config/${SOURCES[name]}.config.ts`;
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const type = source.statements.find((one) => ts.isClassDeclaration(one) && one.name?.text === name);
  let group = null;
  const entries = type.members.filter(ts.isPropertyDeclaration).map((member) => {
    const ranges = ts.getLeadingCommentRanges(text, member.pos) ?? [];
    for (const { pos, end, kind } of ranges)
      if (kind === ts.SyntaxKind.SingleLineCommentTrivia) group = text.slice(pos + 2, end).trim();
    const [comment] = ts.getJSDocCommentsAndTags(member);
    return [member.name.getText(), { doc: ts.getTextOfJSDocComment(comment?.comment), group }];
  });
  return Object.fromEntries(entries);
}

/** The rule of each setting, in the words of the refusal: what is said of a value that breaks all of them. */
function rulesOf(type) {
  const broken = new type();
  for (const { property, section } of settingsOf(type)) if (!section) broken[property] = {};
  const errors = validateSync(broken);
  return Object.fromEntries(
    errors.map(({ property, constraints }) => [property, Object.entries(constraints).toReversed()]),
  );
}

function ruleText(rules, property) {
  const planned = rules.find(([name]) => name === 'planned');
  if (planned) return `*later*: ${/yet: (.*) is not part/.exec(planned[1])[1]}`;
  return rules
    .map(([, message]) => message.replace(`${property} `, '').replace(/^must /, ''))
    .join('; ')
    .replaceAll('|', '\\|');
}

function row({ property, secret }, prefix, { defaults, required, comments, rules }) {
  const name = snakeCase(property);
  const unit = UNITS[name.split('_').at(-1)] ?? '';
  const { doc } = comments[property];
  if (!doc) throw new Error(`${prefix}${name} has no documentation`);
  const usual = required.has(property) ? 'none: required' : `\`${JSON.stringify(defaults[property])}\``;
  const rule = ruleText(rules[property] ?? [], property);
  const notes = [doc.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')];
  if (secret) notes.push('*Secret: never printed.*');
  return `| \`${prefix}${name}\` | ${usual} | ${unit} | ${notes.join(' ')} | ${rule} |`;
}

function tableOf(settings, type, prefix) {
  const defaults = new type();
  // A default that breaks its own rule stands for "none": such a setting must be given.
  const required = new Set(validateSync(defaults).map(({ property }) => property));
  const facts = { defaults, required, comments: commentsOf(type.name), rules: rulesOf(type) };
  const rows = settings.map((one) => row(one, prefix, facts));
  return ['| setting | default | unit | | must |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function page() {
  const comments = commentsOf('RegStackConfig');
  const all = settingsOf(RegStackConfig);
  const plain = all.filter(({ section }) => !section);
  const groups = [...new Set(plain.map(({ property }) => comments[property].group))];
  const parts = groups.map((group) => {
    const settings = plain.filter(({ property }) => comments[property].group === group);
    return `## ${group}\n\n${tableOf(settings, RegStackConfig, '')}`;
  });
  const sections = all
    .filter(({ section }) => section)
    .map(({ property, section }) => {
      const name = snakeCase(property);
      return `## \`[${name}]\`\n\n${comments[property].doc}\n\n${tableOf(settingsOf(section), section, `${name}.`)}`;
    });
  return [INTRO, ...parts, ...sections].join('\n\n');
}

const wanted = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(PAGE, wanted);
else if (readFileSync(PAGE, 'utf8') !== wanted) {
  process.stderr.write('docs/configuration.md is stale; run: npm run docs\n');
  process.exitCode = 1;
}
