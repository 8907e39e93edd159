import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { type DoctorCase, saidIn } from './case';

const GIT = 'git -c init.defaultBranch=main';

/** What files and settings show by themselves. */
export const CONFIG_CASES: readonly DoctorCase[] = [
  {
    title: 'a name that is no setting',
    check: 'configuration',
    spoil: ({ app }) => app.set({ app_nam: 'Plum' }),
    message: /^app_nam \(regstack\.toml:1\): is not a setting; did you mean app_name\?$/,
    mend: ({ app }, cure) => {
      const [name] = saidIn(cure, /^call it (\w+) \(regstack\.toml:1\)/);
      app.set({ app_nam: undefined, [name!]: 'Plum' });
    },
  },
  {
    title: 'no secret',
    check: 'configuration',
    spoil: ({ app }) => app.secret('REGSTACK_JWT_SECRET', null),
    message: /^jwt_secret .*make one with: openssl rand -base64 48$/,
    mend: ({ app }, cure) => {
      const [variable] = saidIn(cure, /^set it: (\w+)$/);
      app.secret(variable!, app.shell('openssl rand -base64 48').trim());
    },
  },
  {
    title: 'a secret of a sample',
    check: 'secret',
    spoil: ({ app }) => app.secret('REGSTACK_JWT_SECRET', 'change-me-to-something-long-and-random'),
    message: /^jwt_secret looks like a sample/,
  },
  {
    title: 'a secret that is no chance',
    check: 'secret',
    spoil: ({ app }) => app.secret('REGSTACK_JWT_SECRET', 'a'.repeat(48)),
    message: /^jwt_secret has too few different characters/,
  },
  {
    title: 'a former secret that somebody could guess',
    check: 'secret',
    spoil: ({ app }) => app.secret('REGSTACK_JWT_PREVIOUS_SECRETS', 'abcdefghijklmnopqrstuvwxyz0123456789'),
    message: /^entry 1 of jwt_previous_secrets is a row/,
    mend: ({ app }, cure) => {
      saidIn(cure, /^remove entry 1 of jwt_previous_secrets$/);
      app.secret('REGSTACK_JWT_PREVIOUS_SECRETS', null);
    },
  },
  {
    title: 'a password in regstack.toml',
    check: 'secrets-apart',
    spoil: ({ app }) => app.set({ email: { smtp_username: 'plum', smtp_password: 'canary-of-the-mailer' } }),
    message: /^email\.smtp_password stands in regstack\.toml/,
    mend: ({ app }, cure) => {
      const [variable, key] = saidIn(cure, /as (\w+)=…, and remove (\S+) from regstack\.toml$/);
      const [section, name] = key!.split('.');
      app.set({ [section!]: { [name!]: undefined } });
      app.secret(variable!, 'canary-of-the-mailer');
    },
  },
  {
    title: 'a password among the parameters of a URL in the TOML file',
    check: 'secrets-apart',
    spoil: ({ app }) => {
      app.secret('REGSTACK_DATABASE_URL', 'sqlite:./plum.db');
      app.set({ database_url: 'postgres://127.0.0.1/plum?user=plum&password=canary-of-the-database' });
    },
    message: /^database_url stands in regstack\.toml/,
    mend: ({ app }, cure) => {
      saidIn(cure, /as REGSTACK_DATABASE_URL=…, and remove database_url from regstack\.toml$/);
      app.set({ database_url: undefined });
    },
  },
  {
    title: 'a secrets file that others can read',
    check: 'file-modes',
    spoil: ({ app }) => chmodSync(app.file('regstack.secrets.env'), 0o644),
    message: /^regstack\.secrets\.env can be read/,
  },
  {
    title: 'a database that others can write',
    check: 'file-modes',
    spoil: ({ app }) => {
      app.set({ database_url: "sqlite:./data'base.db" });
      writeFileSync(app.file("data'base.db"), '');
      chmodSync(app.file("data'base.db"), 0o620);
    },
    message: /^data'base\.db can be read/,
  },
  {
    title: 'a secrets file that git would take',
    check: 'git',
    spoil: ({ app }) => {
      app.shell(`${GIT} init -q .`);
      writeFileSync(app.file('.gitignore'), 'node_modules');
    },
    message: /^regstack\.secrets\.env is not ignored by git/,
  },
  {
    title: 'a secrets file that git has',
    check: 'git',
    spoil: ({ app }) => {
      app.shell(`${GIT} init -q . && git add regstack.secrets.env`);
      writeFileSync(app.file('.gitignore'), 'regstack.secrets.env\n');
    },
    message: /^regstack\.secrets\.env is in the git repository/,
    mend: ({ app }, cure) => {
      const [command] = saidIn(cure, /^run: (.*) — and put new secrets into it$/);
      app.shell(command!);
      expect(readFileSync(app.file('regstack.secrets.env'), 'utf8')).toContain('REGSTACK_JWT_SECRET=');
    },
  },
  {
    title: 'an address without TLS',
    check: 'base-url',
    args: ({ dns }) => ['--dns-server', dns.address],
    spoil: ({ app, dns }) => {
      dns.add('app.example.org. A 192.0.2.1');
      app.set({ base_url: 'http://app.example.org' });
    },
    message: /^http:\/\/app\.example\.org is not https/,
  },
  {
    title: 'an address that nobody finds',
    check: 'base-url',
    args: ({ dns }) => ['--dns-server', dns.address],
    spoil: ({ app }) => app.set({ base_url: 'https://lost.example.org' }),
    message: /^lost\.example\.org is no host/,
    mend: ({ dns }, cure) => {
      const [host] = saidIn(cure, /^make (\S+) known to DNS/);
      dns.add(`${host}. A 192.0.2.1`);
    },
  },
  {
    title: 'proxies that are not there',
    check: 'proxies',
    spoil: ({ app }) => app.set({ trusted_proxies: 2 }),
    message: /^trusted_proxies = 2, and http:\/\/localhost:3000 has no proxy/,
  },
];
