import { lineOf } from './toml-line';

describe('lineOf', () => {
  const toml = `# app_name = "no"
"app_name" = "x"
email.smtp_host = "x"

[ sms ]
  backend = "null"
[argon2]
time_cost=3
'memory_kib' = 5
`;
  it.each([
    [['app_name'], 2],
    [['email', 'smtp_host'], 3],
    [['sms', 'backend'], 6],
    [['sms'], 5],
    [['argon2', 'time_cost'], 8],
    [['argon2', 'memory_kib'], 9],
    [['backend'], null],
  ])('%j stands in line %s', (path, line) => {
    expect(lineOf(toml, path)).toBe(line);
  });

  it('what stands in an inline table stands in its line', () => {
    expect(lineOf('a = 1\nemail = { backend = "smtp" }', ['email', 'backend'])).toBe(2);
  });
});
