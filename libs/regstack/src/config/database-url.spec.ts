import { parseDatabaseUrl } from './database-url';

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:./file.db', { kind: 'sqlite', file: './file.db' }],
    ['sqlite:file.db', { kind: 'sqlite', file: 'file.db' }],
    ['sqlite:/var/lib/app/file.db', { kind: 'sqlite', file: '/var/lib/app/file.db' }],
    ['sqlite::memory:', { kind: 'sqlite', file: ':memory:' }],
    ['sqlite:///./x.db', { kind: 'sqlite', file: './x.db' }],
    ['sqlite:////abs/x.db', { kind: 'sqlite', file: '/abs/x.db' }],
    ['sqlite+aiosqlite:///./x.db', { kind: 'sqlite', file: './x.db' }],
    ['sqlite+aiosqlite:///:memory:', { kind: 'sqlite', file: ':memory:' }],
    [
      'postgres://u:p@h:5432/d?sslmode=require',
      { kind: 'postgres', url: 'postgres://u:p@h:5432/d?sslmode=require' },
    ],
    ['postgresql+asyncpg://u:p@h/d', { kind: 'postgres', url: 'postgres://u:p@h/d' }],
    ['mongodb://h/d', { kind: 'mongodb', url: 'mongodb://h/d' }],
    ['mongodb+srv://h/d', { kind: 'mongodb', url: 'mongodb+srv://h/d' }],
  ])('%s', (text, expected) => {
    expect(parseDatabaseUrl(text)).toEqual(expected);
  });

  it.each([
    'sqlite:///x.db?timeout=5',
    'sqlite+pysqlcipher://:key@/x.db',
    'sqlite:file:/x.db',
    'sqlite://host/x.db',
    '',
    'x',
    'sqlite:',
    'mysql://h/d',
    'http://h',
    'postgres:d',
    'mongodb:d',
    './file.db',
  ])('%j is none', (text) => {
    expect(parseDatabaseUrl(text)).toBeNull();
  });
});
