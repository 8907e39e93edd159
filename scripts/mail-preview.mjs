/**
 * Writes every mail and text message as files, with samples in them, to look at: `npm run mail:preview -- folder`, or `mail-preview/`. It goes
 * by the `regstack.toml` and the `REGSTACK_*` variables of the app, so that a host sees its own templates and its own name.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadRegStackConfig } from '@regstack/nestjs';
import { previewsOf } from '@regstack/nestjs/testing';

const folder = resolve(process.argv[2] ?? 'mail-preview');

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function lineOf({ name, subject, text, html }) {
  if (html === null) return `<li>${name}: ${escaped(text)}</li>`;
  return `<li><a href="${name}.html">${escaped(subject)}</a> (<a href="${name}.txt">text</a>, ${name})</li>`;
}

/** Nothing is signed with it. */
const unused = { jwtSecret: randomBytes(32).toString('hex') };
const config = loadRegStackConfig({}, { defaults: unused });
const previews = await previewsOf(config);
mkdirSync(folder, { recursive: true });
for (const { name, subject, text, html } of previews) {
  writeFileSync(join(folder, `${name}.txt`), html === null ? text : `Subject: ${subject}\n\n${text}`);
  if (html !== null) writeFileSync(join(folder, `${name}.html`), html);
}
const title = `What ${escaped(config.appName)} sends`;
const index = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
  </head>
  <body style="max-width:44rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere">
    <h1>${title}</h1>
    <ul>
      ${previews.map(lineOf).join('\n      ')}
    </ul>
  </body>
</html>
`;
writeFileSync(join(folder, 'index.html'), index);
process.stdout.write(`${previews.length} messages: ${join(folder, 'index.html')}\n`);
