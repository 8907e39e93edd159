import { simpleParser } from 'mailparser';
import { FakeSmtp } from '../../../../test/support/fake-smtp';
import { ScriptedSmtp, type SmtpAct, type SmtpStep } from '../../../../test/support/scripted-smtp';
import { EmailConfig } from '../config/email.config';
import { RegStackConfig } from '../config/regstack.config';
import { type Mail, MailRejectedError } from '../ports/mailer';
import { SmtpMailer } from './smtp.mailer';

const MAIL: Mail = {
  id: 'one',
  to: 'ann@example.org',
  subject: 'Hello',
  text: 'A text.',
  html: '<p>A text.</p>',
};
const PATIENT = { connectMs: 20_000, silenceMs: 20_000, wholeMs: 40_000 };
const IMPATIENT = { connectMs: 500, silenceMs: 500, wholeMs: 1500 };

/** Mailers of a test; what they keep open is ended after it. */
const mailers: SmtpMailer[] = [];

async function mailerTo(
  { port }: { readonly port: number },
  email: Partial<EmailConfig> = {},
  { patience = PATIENT, appName = 'Plum' } = {},
): Promise<SmtpMailer> {
  const address = { backend: 'smtp', smtpHost: '127.0.0.1', smtpPort: port } as const;
  const own = { fromAddress: 'noreply@example.org', smtpTls: 'none', ...address, ...email } as const;
  const config = { appName, email: Object.assign(new EmailConfig(), own) };
  const mailer = await SmtpMailer.load(Object.assign(new RegStackConfig(), config), patience);
  mailers.push(mailer);
  return mailer;
}

/** What sending comes to: null, or the error. */
const outcome = (mailer: SmtpMailer, mail: Partial<Mail> = {}): Promise<unknown> =>
  mailer.deliver({ ...MAIL, ...mail }).then(
    () => null,
    (error: unknown) => error,
  );

function expectLater(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(MailRejectedError);
}

afterEach(() => Promise.all(mailers.splice(0).map((mailer) => mailer.onApplicationShutdown())));

describe('mail by SMTP, with a server that fails', () => {
  let server: ScriptedSmtp;
  beforeEach(async () => {
    server = await ScriptedSmtp.start();
    server.extensions = ['AUTH PLAIN', 'SMTPUTF8'];
  });
  afterEach(() => server.down());
  const LOGIN = { smtpUsername: 'mailer', smtpPassword: 'right' };

  const STEPS: SmtpStep[] = ['CONNECT', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'DOT'];
  const ACTS: SmtpAct[] = ['421 4.3.2 closing', 'cut', 'silence', 'drip'];
  it.each(STEPS.flatMap((step) => ACTS.map((act) => [step, act] as const)))(
    'at %s: %s means later, and the mail arrives once the server is well',
    async (step, act) => {
      const mailer = await mailerTo(server, LOGIN, { patience: IMPATIENT });
      server.script = { [step]: act };
      expectLater(await outcome(mailer));
      server.script = {};
      expect(await outcome(await mailerTo(server, LOGIN))).toBeNull();
      expect(server.taken).toHaveLength(1);
    },
  );

  it.each<[string, SmtpStep, SmtpAct]>([
    ['no such user', 'RCPT', '550 5.1.1 no such user'],
    ['no such user, without a class', 'RCPT', '550 no such user'],
    ['a form of address', 'RCPT', '553 5.1.3 not an address'],
    ['an account that is closed', 'RCPT', '550 5.2.1 disabled'],
    ['a mail that is too large', 'DOT', '552 5.3.4 too large'],
    ['a mail that is not taken', 'DOT', '554 5.6.0 malformed'],
  ])('%s is for good', async (_, step, act) => {
    server.script = { [step]: act };
    const mailer = await mailerTo(server);
    const rejection = { name: 'MailRejectedError', responseCode: Number(act.slice(0, 3)) };
    for (let n = 0; n < 5; n++) expect(await outcome(mailer)).toMatchObject(rejection);
    server.script = {};
    expect(await outcome(mailer)).toBeNull();
    // Kept: one is used while the other is cleared of the mail that was refused.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it.each<[string, SmtpStep, SmtpAct]>([
    ['a server that is closed', 'CONNECT', '554 5.3.2 no service'],
    ['a log-in that is wrong', 'AUTH', '535 5.7.8 wrong'],
    ['a sender that is not ours', 'MAIL', '550 5.7.1 not your address'],
    ['a log-in that is missing', 'RCPT', '530 5.7.0 log in first'],
    ['a relay that is closed to us', 'RCPT', '554 5.7.1 relay access denied'],
    ['a sender that is not ours, said at the recipient', 'RCPT', '550 5.1.8 <us@…>: Sender address rejected'],
    ['a name that is none of ours', 'RCPT', '504 5.5.2 <x>: Helo command rejected: need fully-qualified'],
    ['a relay that is closed, without a class', 'RCPT', '550 relay not permitted'],
    ['a route that is missing', 'RCPT', '550 5.4.1 Recipient address rejected: Access denied'],
    ['a signature that is missing', 'DOT', '550 5.7.26 not authenticated by SPF or DKIM'],
    ['a mailbox that is full', 'RCPT', '552 5.2.2 over quota'],
    ['a mailbox that is grey', 'RCPT', '450 4.2.0 greylisted'],
  ])('%s means later: it may be mended', async (_, step, act) => {
    server.script = { [step]: act };
    const error = await outcome(await mailerTo(server, LOGIN));
    expectLater(error);
    expect(error).toMatchObject({ name: 'DeliveryError', responseCode: Number(act.slice(0, 3)) });
  });

  it('R38: the envelope is the stored address, letter by letter, also where both of its parts were in Unicode', async () => {
    const mailer = await mailerTo(server);
    server.extensions = ['SMTPUTF8'];
    expect(await outcome(mailer, { to: 'jürgen@xn--fa-hia.de' })).toBeNull();
    expect(server.taken[0]?.envelope[1]).toBe('RCPT TO:<jürgen@xn--fa-hia.de>');
  });

  it('a mail that was taken without an answer is sent again under the same Message-ID', async () => {
    const mailer = await mailerTo(server);
    server.script = { DOT: 'lost' };
    expectLater(await outcome(mailer));
    server.script = {};
    expect(await outcome(mailer)).toBeNull();
    const ids = server.taken.map(({ data }) => /^Message-ID: (.*)\r$/m.exec(data)?.[1]);
    expect(ids).toEqual(['<one@example.org>', '<one@example.org>']);
  });

  it('connections that the server has ended meanwhile are replaced unseen', async () => {
    const mailer = await mailerTo(server);
    const eight = () => Promise.all(Array.from({ length: 8 }, () => outcome(mailer)));
    expect(await eight()).toEqual(Array(8).fill(null));
    await server.hangUp();
    expect(await eight()).toEqual(Array(8).fill(null));
    expect(server.taken).toHaveLength(16);
  });

  it('a server that is back is found', async () => {
    const mailer = await mailerTo(server);
    expect(await outcome(mailer)).toBeNull();
    await server.down();
    expect(await outcome(mailer)).toMatchObject({ code: 'ECONNREFUSED' });
    await server.up();
    expect(await outcome(mailer)).toBeNull();
  });

  it('an address beyond ASCII is never written as another one, whether the server knows of such or not', async () => {
    for (const extensions of [['SMTPUTF8'], []]) {
      server.extensions = extensions;
      expect(await outcome(await mailerTo(server), { to: 'amélie@example.org' })).toBeNull();
    }
    const recipients = server.taken.map(({ envelope }) => envelope[1]);
    expect(recipients).toEqual(Array(2).fill('RCPT TO:<amélie@example.org>'));
    expect(server.taken[0]?.envelope[0]).toMatch(/ SMTPUTF8$/);
  });

  it('W53: starttls: a server that has none, or lost it on the way, gets neither log-in nor mail', async () => {
    for (const extensions of [['AUTH PLAIN'], ['AUTH PLAIN', 'STARTTLS']]) {
      server.extensions = extensions;
      const mailer = await mailerTo(server, { ...LOGIN, smtpTls: 'starttls' });
      expectLater(await outcome(mailer));
    }
    expect(server.commands.filter((command) => /^(AUTH|MAIL)/.test(command))).toEqual([]);
    expect(server.commands).toContain('STARTTLS');
  });

  it('R38: nothing in a mail makes a recipient, a sender or a header', async () => {
    const appName = 'Plum" <mallory@example.org>, "x';
    const subject = 'Hello\r\nBcc: mallory@example.org\r\n\r\nbody';
    const text = 'one\r\n.\r\nMAIL FROM:<mallory@example.org>\r\n..two\r\n';
    expect(await outcome(await mailerTo(server, {}, { appName }), { subject, text })).toBeNull();
    const [{ envelope, data }] = server.taken as [(typeof server.taken)[number]];
    expect(envelope).toEqual(['MAIL FROM:<noreply@example.org>', 'RCPT TO:<ann@example.org>']);
    const parsed = await simpleParser(data.replace(/^\.\./gm, '.'));
    expect(parsed.from?.value).toEqual([{ name: appName, address: 'noreply@example.org' }]);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.text?.trim()).toBe(text.trim().replaceAll('\r\n', '\n'));
    expect(Math.max(...data.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(server.taken).toHaveLength(1);
  });
});

describe('mail by SMTP, over TLS', () => {
  it.each(['starttls', 'implicit'] as const)(
    'W53: %s: a certificate that nobody vouches for means later, and nothing is said to such a server',
    async (smtpTls) => {
      const server = await FakeSmtp.start({ user: 'mailer', pass: 'right' }, smtpTls);
      const login = { smtpTls, smtpUsername: 'mailer', smtpPassword: 'right' };
      const error = await outcome(await mailerTo(server, login));
      expectLater(error);
      expect(error).toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE/) });
      expect([server.mails, server.logins]).toEqual([[], 0]);
      await server.down();
    },
  );
});
