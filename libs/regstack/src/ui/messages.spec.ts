import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootError } from '../kernel/boot.error';
import { Messages } from './messages';

/** A directory with these files of texts. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-messages-'));
  mkdirSync(join(folder, 'messages', 'en'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'messages', 'en', name), text);
  return folder;
}

const FILES = {
  'login.json': '{ "title": "Sign in", "hello": "Hello {name}, {name} and {other}" }',
  'notes.txt': 'no texts',
};

describe('texts of the pages', () => {
  it('are found by file and key, with values put in; what has no value is left out', () => {
    const messages = new Messages([folderWith(FILES)]);
    expect(messages.get('login.title')).toBe('Sign in');
    expect(messages.get('login.hello', { name: '{other}' })).toBe('Hello {other}, {other} and ');
    expect(messages.get('login.hello', { name: 5, other: 'B' })).toBe('Hello 5, 5 and B');
    expect(messages.keys).toEqual(['login.title', 'login.hello']);
  });

  it('one that is missing is an error where it must be there, and null where it need not', () => {
    const messages = new Messages([folderWith(FILES)]);
    for (const key of ['login.other', 'other.title', 'title', 'login', '__proto__', 'constructor', '']) {
      expect(messages.find(key)).toBeNull();
      expect(() => messages.get(key)).toThrow(key);
    }
  });

  it('the first directory that has a text wins, text by text; one without texts is no harm', () => {
    const own = folderWith({ 'login.json': '{ "title": "Welcome" }', 'shop.json': '{ "name": "Plum" }' });
    const empty = mkdtempSync(join(tmpdir(), 'regstack-messages-'));
    const messages = new Messages([empty, own, folderWith(FILES)]);
    expect(messages.get('login.title')).toBe('Welcome');
    expect(messages.get('login.hello')).toContain('Hello');
    expect(messages.get('shop.name')).toBe('Plum');
  });

  it.each([
    '',
    '{',
    'text',
    '[]',
    '["a"]',
    'null',
    '"a"',
    '{ "a": 1 }',
    '{ "a": { "b": "c" } }',
    '{ "a": null }',
  ])('a file with %s stops the app, which names it', (text) => {
    const folder = folderWith({ 'login.json': text });
    expect(() => new Messages([folder])).toThrow(BootError);
    expect(() => new Messages([folder])).toThrow(join(folder, 'messages', 'en', 'login.json'));
  });
});
