import { inspect } from 'node:util';
import { simpleParser } from 'mailparser';
import { type AwsMode, credentials, FakeAws } from '../../../../test/support/fake-aws';
import { FakeSmsGateway, type GatewayMode } from '../../../../test/support/fake-sms-gateway';
import { ScriptedSmtp, type SmtpAct, type SmtpStep } from '../../../../test/support/scripted-smtp';
import { EmailConfig } from '../config/email.config';
import { RegStackConfig } from '../config/regstack.config';
import { SmsConfig } from '../config/sms.config';
import { type Mail, MailRejectedError } from '../ports/mailer';
import { type Sms, SmsRejectedError } from '../ports/sms.sender';
import { SesMailer } from './ses.mailer';
import { SmtpMailer } from './smtp.mailer';
import { SnsSmsSender } from './sns.sms.sender';
import { TwilioSmsSender } from './twilio.sms.sender';

const CODE = '012345';
const ID = '0193d2a4-0000-7000-8000-000000000001';
const MAIL: Mail = {
  id: ID,
  to: "amélie.o'neil+tag@example.org",
  subject: `${CODE} is your code, Renée`,
  text: `Your code: ${CODE}\n.a line that begins with a dot\n${'long '.repeat(300)}\n`,
  html: `<p>Your code: <b>${CODE}</b> – ${'x'.repeat(1200)}</p>`,
};
const SMS: Sms = {
  id: ID,
  to: '+4915112345678',
  text: `${CODE} is your code to sign in to Plum & Co: 100 %`,
};

/** When a sender gives up: soon where it is not answered, so that the test is short. */
const SHORT_MS = 700;
const LONG_MS = 20_000;

/** What the peer does with a message; `half`: it ends the connection in the middle; `stuck`: it stops there. */
type Conduct = 'accept' | 'refuse' | 'later' | 'busy' | 'credentials' | 'silence' | 'stuck' | 'cut' | 'half';

/** One sender and the peer that it sends to. */
interface Stage {
  readonly deliver: () => Promise<void>;
  /** What the peer has taken, as `[from, to, text]`. */
  readonly taken: () => Promise<(readonly [from: string, to: string, text: string])[]>;
  readonly connections: () => number;
  readonly secrets: readonly string[];
  conduct(what: Conduct): void;
  /** Ends the peer. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Ends what the sender keeps open. */
  close(): unknown;
}

const config = (email: Partial<EmailConfig>): RegStackConfig =>
  Object.assign(new RegStackConfig(), {
    appName: 'Plum & Co',
    email: Object.assign(new EmailConfig(), { fromAddress: 'noreply@müller.example', ...email }),
  });

async function smtp(waitMs: number): Promise<Stage> {
  const server = await ScriptedSmtp.start();
  server.extensions = ['SMTPUTF8', 'AUTH PLAIN'];
  const email = { backend: 'smtp', smtpHost: '127.0.0.1', smtpPort: server.port, smtpTls: 'none' } as const;
  const login = { smtpUsername: 'mailer', smtpPassword: 'smtp-canary' };
  const patience = { connectMs: waitMs, silenceMs: waitMs, wholeMs: 4 * waitMs };
  const sender = await SmtpMailer.load(config({ ...email, ...login }), patience);
  const scripts: Record<Conduct, Partial<Record<SmtpStep, SmtpAct>>> = {
    accept: {},
    refuse: { RCPT: `550 5.1.1 <${MAIL.to}> user unknown` },
    later: { DOT: `451 4.3.0 <${MAIL.to}> try again` },
    busy: { RCPT: '421 4.7.0 too many' },
    credentials: { AUTH: '535 5.7.8 smtp-canary is wrong' },
    silence: { DOT: 'silence' },
    stuck: { RCPT: 'silence' },
    cut: { DOT: 'cut' },
    half: { BODY: 'cut' },
  };
  const read = async ({ envelope: [from, to], data }: (typeof server.taken)[number]) => {
    const { text = '' } = await simpleParser(data.replace(/^\.\./gm, '.'));
    return [from!, to!, text] as const;
  };
  return {
    deliver: () => sender.deliver(MAIL),
    taken: () => Promise.all(server.taken.map(read)),
    connections: () => server.connections,
    secrets: [MAIL.to, 'smtp-canary', Buffer.from('\0mailer\0smtp-canary').toString('base64')],
    conduct: (what) => void (server.script = scripts[what]),
    down: () => server.down(),
    up: () => server.up(),
    close: () => sender.onApplicationShutdown(),
  };
}

async function ses(waitMs: number): Promise<Stage> {
  const aws = await FakeAws.start();
  Object.assign(process.env, credentials(aws));
  const email = { backend: 'ses', sesRegion: 'eu-central-1', endpoint: aws.url } as const;
  const sender = await SesMailer.load(config(email), waitMs);
  return {
    ...awsStage(aws, { status: 400, code: 'BadRequestException', message: `Illegal address <${MAIL.to}>` }),
    deliver: () => sender.deliver(MAIL),
    taken: async () => aws.mails.map(({ from, to, text }) => [from, to.join(), text] as const),
    secrets: [MAIL.to, aws.secretAccessKey],
    close: () => sender.onApplicationShutdown(),
  };
}

async function sns(waitMs: number): Promise<Stage> {
  const aws = await FakeAws.start();
  Object.assign(process.env, credentials(aws));
  const sms = { backend: 'sns', snsRegion: 'eu-west-1', fromNumber: 'Plum', endpoint: aws.url } as const;
  const sender = await SnsSmsSender.load(Object.assign(new SmsConfig(), sms), waitMs);
  const message = `Invalid parameter: PhoneNumber Reason: ${SMS.to} is not valid to publish to`;
  return {
    ...awsStage(aws, { status: 400, code: 'InvalidParameterException', message }),
    deliver: () => sender.deliver(SMS),
    taken: async () =>
      aws.texts.map(({ attributes, to, text }) => [attributes['AWS.SNS.SMS.SenderID']!, to, text] as const),
    secrets: [SMS.to.slice(1), aws.secretAccessKey],
    close: () => sender.onApplicationShutdown(),
  };
}

function awsStage(aws: FakeAws, refusal: AwsMode) {
  const modes: Record<Conduct, AwsMode> = {
    accept: 'accept',
    refuse: refusal,
    later: { status: 500, code: 'InternalErrorException', message: `no luck with ${MAIL.to} ${SMS.to}` },
    busy: { status: 429, code: 'TooManyRequestsException', message: 'slow down' },
    credentials: { status: 403, code: 'SignatureDoesNotMatch', message: aws.secretAccessKey },
    silence: 'silence',
    stuck: 'stuck',
    cut: 'cut',
    half: 'half',
  };
  return {
    connections: () => aws.connections,
    conduct: (what: Conduct) => void (aws.mode = modes[what]),
    down: () => aws.down(),
    up: () => aws.up(),
  };
}

async function twilio(waitMs: number): Promise<Stage> {
  const gateway = await FakeSmsGateway.start();
  const { accountSid: twilioAccountSid, authToken: twilioAuthToken, url: endpoint } = gateway;
  const sms = { backend: 'twilio', fromNumber: 'Plum', twilioAccountSid, twilioAuthToken, endpoint } as const;
  const sender = await TwilioSmsSender.load(Object.assign(new SmsConfig(), sms), waitMs);
  const modes: Record<Conduct, GatewayMode> = {
    accept: 'accept',
    refuse: { status: 400, code: 21_211 },
    later: { status: 503 },
    busy: { status: 429, code: 20_429 },
    credentials: { status: 401, code: 20_003 },
    silence: 'never',
    stuck: 'stuck',
    cut: 'cut',
    half: 'half',
  };
  return {
    deliver: () => sender.deliver(SMS),
    taken: async () => gateway.texts.map(({ from, to, body }) => [from, to, body] as const),
    connections: () => gateway.connections,
    secrets: [
      SMS.to.slice(1),
      twilioAuthToken,
      Buffer.from(`${twilioAccountSid}:${twilioAuthToken}`).toString('base64'),
    ],
    conduct: (what) => void (gateway.mode = modes[what]),
    down: () => gateway.down(),
    up: () => gateway.up(),
    close: () => undefined,
  };
}

const FROM = 'noreply@xn--mller-kva.example';
const SENDERS = [
  {
    name: 'SMTP',
    open: smtp,
    Rejected: MailRejectedError,
    takes: [
      `MAIL FROM:<${FROM}> SMTPUTF8`,
      `RCPT TO:<${MAIL.to}>`,
      expect.stringContaining(MAIL.text.trim()),
    ],
  },
  {
    name: 'SES',
    open: ses,
    Rejected: MailRejectedError,
    takes: [FROM, MAIL.to, expect.stringContaining(MAIL.text.trim())],
  },
  { name: 'Twilio', open: twilio, Rejected: SmsRejectedError, takes: ['Plum', SMS.to, SMS.text] },
  { name: 'SNS', open: sns, Rejected: SmsRejectedError, takes: ['Plum', SMS.to, SMS.text] },
];

describe.each(SENDERS)('every sender: $name', ({ open, Rejected, takes }) => {
  let stage: Stage;
  const begin = async (what: Conduct): Promise<void> => {
    stage = await open(what === 'silence' || what === 'stuck' ? SHORT_MS : LONG_MS);
    stage.conduct(what);
  };
  afterEach(async () => {
    await stage.close();
    await stage.down();
  });

  /** What sending comes to: null, or the error. */
  const outcome = (): Promise<unknown> =>
    stage.deliver().then(
      () => null,
      (error: unknown) => error,
    );

  it('what is accepted has come once, as it is, to the stored recipient from the set sender', async () => {
    await begin('accept');
    expect(await outcome()).toBeNull();
    expect(await stage.taken()).toEqual([takes]);
  });

  it('a refusal of the recipient is for good', async () => {
    await begin('refuse');
    expect(await outcome()).toBeInstanceOf(Rejected);
  });

  it.each<Conduct>(['later', 'busy', 'credentials', 'silence', 'stuck', 'cut', 'half'])(
    '%s means later: what came of it is an error, and the next attempt arrives',
    async (what) => {
      await begin(what);
      const error = await outcome();
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(Rejected);
      const before = (await stage.taken()).length;
      stage.conduct('accept');
      expect(await outcome()).toBeNull();
      expect(await stage.taken()).toHaveLength(before + 1);
    },
  );

  it('nobody there means later', async () => {
    await begin('accept');
    await stage.down();
    const error = await outcome();
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Rejected);
    await stage.up();
    expect(await outcome()).toBeNull();
  });

  it.each<Conduct | 'down'>(['refuse', 'later', 'credentials', 'silence', 'stuck', 'cut', 'half', 'down'])(
    'W39: no error tells the secrets, the recipient or the code: %s',
    async (what) => {
      await begin(what === 'down' ? 'accept' : what);
      if (what === 'down') await stage.down();
      const error = await outcome();
      expect(error).toBeInstanceOf(Error);
      const told = inspect(error, { depth: Infinity, showHidden: true });
      for (const secret of [...stage.secrets, CODE]) expect(told).not.toContain(secret);
    },
  );

  it('connections are kept: one for messages in turn, eight at most for many at once', async () => {
    await begin('accept');
    for (let n = 0; n < 10; n++) expect(await outcome()).toBeNull();
    expect(stage.connections()).toBe(1);
    for (let n = 0; n < 5; n++) await Promise.all(Array.from({ length: 8 }, () => stage.deliver()));
    expect(stage.connections()).toBeLessThanOrEqual(8);
    expect(await stage.taken()).toHaveLength(50);
  });
});
