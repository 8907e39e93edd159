import { BlackHole } from '../../../../test/support/black-hole';
import { credentials, FakeAws } from '../../../../test/support/fake-aws';
import { FakeSmsGateway } from '../../../../test/support/fake-sms-gateway';
import { FakeSmtp } from '../../../../test/support/fake-smtp';
import { freePort } from '../../../../test/support/free-port';
import { ScriptedSmtp, type SmtpAct, type SmtpStep } from '../../../../test/support/scripted-smtp';
import { EmailConfig } from '../config/email.config';
import { RegStackConfig } from '../config/regstack.config';
import { SmsConfig } from '../config/sms.config';
import { Mailer } from '../ports/mailer';
import { SmsSender } from '../ports/sms.sender';
import { ConsoleMailer } from './console.mailer';
import { ConsoleSmsSender } from './console.sms.sender';
import { DeliveryError } from './delivery.error';
import { SesMailer } from './ses.mailer';
import { SmtpMailer } from './smtp.mailer';
import { SnsSmsSender } from './sns.sms.sender';
import { TwilioSmsSender } from './twilio.sms.sender';

const FROM = '+4915100000000';
const WAIT_MS = 300;
const PATIENT = { connectMs: 20_000, silenceMs: 20_000, wholeMs: 40_000 };
const IMPATIENT = { connectMs: WAIT_MS, silenceMs: WAIT_MS, wholeMs: 2 * WAIT_MS };
const ENVIRONMENT = { ...process.env };

/** What a check comes to: null, or the error, which is one of codes only. */
async function outcome(sender: Pick<Mailer, 'check'>): Promise<unknown> {
  const error: unknown = await sender.check().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error !== null) {
    expect(error).toBeInstanceOf(DeliveryError);
    expect(JSON.stringify([(error as Error).message, (error as Error).cause])).not.toMatch(/canary|wrong/);
  }
  return error;
}

const mailConfig = (email: Partial<EmailConfig>): RegStackConfig =>
  Object.assign(new RegStackConfig(), {
    email: Object.assign(new EmailConfig(), { fromAddress: 'noreply@example.org', ...email }),
  });

describe('SmtpMailer.check()', () => {
  const LOGIN = { smtpUsername: 'mailer', smtpPassword: 'smtp-canary' };
  const mailers: SmtpMailer[] = [];
  afterEach(() => Promise.all(mailers.splice(0).map((mailer) => mailer.onApplicationShutdown())));
  const mailerTo = async (port: number, more: Partial<EmailConfig> = {}, patience = PATIENT) => {
    const email = { backend: 'smtp', smtpHost: '127.0.0.1', smtpPort: port, smtpTls: 'none' } as const;
    const mailer = await SmtpMailer.load(mailConfig({ ...email, ...LOGIN, ...more }), patience);
    mailers.push(mailer);
    return mailer;
  };

  it('signs in, and sends nothing', async () => {
    const server = await FakeSmtp.start({ user: LOGIN.smtpUsername, pass: LOGIN.smtpPassword });
    expect(await outcome(await mailerTo(server.port))).toBeNull();
    expect([server.logins, server.mails]).toEqual([1, []]);
    await server.down();
  });

  it('tells a wrong password, a certificate that nobody vouches for, and a server that is not there', async () => {
    const server = await FakeSmtp.start({ user: LOGIN.smtpUsername, pass: 'another' });
    expect(await outcome(await mailerTo(server.port))).toMatchObject({ code: 'EAUTH', responseCode: 535 });
    await server.down();
    const strange = await FakeSmtp.start({ user: LOGIN.smtpUsername, pass: LOGIN.smtpPassword }, 'starttls');
    const error = await outcome(await mailerTo(strange.port, { smtpTls: 'starttls' }));
    expect(error).toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE/) });
    expect(strange.logins).toBe(0);
    await strange.down();
    expect(await outcome(await mailerTo(await freePort()))).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each<[SmtpStep, SmtpAct, object]>([
    ['CONNECT', 'silence', {}],
    ['EHLO', 'silence', { code: 'ETIMEDOUT' }],
    ['EHLO', 'drip', { code: 'ETIMEDOUT' }],
    ['AUTH', 'silence', { code: 'ETIMEDOUT' }],
    ['CONNECT', '554 5.3.2 no service', { responseCode: 554 }],
    ['AUTH', 'cut', {}],
  ])('at %s: %s ends it in time', async (step, act, codes) => {
    const server = await ScriptedSmtp.start();
    server.extensions = ['AUTH PLAIN'];
    server.script = { [step]: act };
    const begin = performance.now();
    expect(await outcome(await mailerTo(server.port, {}, IMPATIENT))).toMatchObject(codes);
    expect(performance.now() - begin).toBeLessThan(10 * WAIT_MS);
    await server.down();
  });
});

describe('the checks of the senders of AWS', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    // Nobody is asked for credentials but those named here.
    const none = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nowhere', HOME: '/nowhere' };
    process.env = { ...ENVIRONMENT, ...none, AWS_SHARED_CREDENTIALS_FILE: '/nowhere', ...credentials(aws) };
  });
  afterEach(async () => {
    process.env = ENVIRONMENT;
    await aws.down();
  });

  const senders = {
    ses: (endpoint: string) =>
      SesMailer.load(mailConfig({ backend: 'ses', sesRegion: 'eu-central-1', endpoint }), WAIT_MS),
    sns: (endpoint: string) =>
      SnsSmsSender.load(
        Object.assign(new SmsConfig(), { backend: 'sns', snsRegion: 'eu-central-1', endpoint }),
        WAIT_MS,
      ),
  };
  const check = async (name: 'ses' | 'sns', endpoint = aws.url): Promise<unknown> => {
    const sender = await senders[name](endpoint);
    const error = await outcome(sender);
    sender.onApplicationShutdown();
    return error;
  };

  it.each(['ses', 'sns'] as const)('%s: signs in, and sends nothing', async (name) => {
    expect(await check(name)).toBeNull();
    expect(aws.scopes).toEqual([`eu-central-1/${name}`]);
    expect([aws.mails, aws.texts]).toEqual([[], []]);
  });

  it.each(['ses', 'sns'] as const)('%s: tells a secret that is wrong, and none at all', async (name) => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
    expect(await check(name)).toMatchObject({ responseCode: 403 });
    delete process.env['AWS_ACCESS_KEY_ID'];
    expect(await check(name)).toMatchObject({ code: 'CredentialsProviderError' });
    expect(aws.scopes).toEqual([]);
  });

  it.each([
    ['ses', 'AccessDeniedException'],
    ['sns', 'AuthorizationErrorException'],
  ] as const)('%s: who may send and not ask has signed in: %s', async (name, code) => {
    aws.mode = { status: 403, code, message: 'not authorized to perform' };
    expect(await check(name)).toBeNull();
  });

  it.each(['ses', 'sns'] as const)(
    '%s: tells a service that fails, is silent, or is not there',
    async (name) => {
      aws.mode = { status: 500, code: 'InternalFailure', message: 'no' };
      expect(await check(name)).toMatchObject({ responseCode: 500 });
      for (const mode of ['silence', 'stuck'] as const) {
        aws.mode = mode;
        expect(await check(name)).toBeInstanceOf(DeliveryError);
      }
      const endpoint = `http://127.0.0.1:${await freePort()}`;
      // Its code is lost here: to the SDK, errors of Node are none within jest.
      expect(await check(name, endpoint)).toMatchObject({ responseCode: undefined });
    },
  );
});

describe('TwilioSmsSender.check()', () => {
  let gateway: FakeSmsGateway;
  beforeEach(async () => {
    gateway = await FakeSmsGateway.start('/sms');
  });
  afterEach(() => gateway.down());

  const check = async (more: Partial<SmsConfig> = {}): Promise<unknown> => {
    const { url: endpoint, accountSid: twilioAccountSid, authToken: twilioAuthToken } = gateway;
    const account = { backend: 'twilio', fromNumber: FROM, endpoint, twilioAccountSid, twilioAuthToken };
    const config = Object.assign(new SmsConfig(), { ...account, ...more });
    return outcome(await TwilioSmsSender.load(config, WAIT_MS));
  };

  it('signs in, and sends nothing', async () => {
    expect(await check()).toBeNull();
    expect([gateway.connections, gateway.texts, gateway.requests]).toEqual([1, [], []]);
  });

  it('tells a token that is wrong, an account that is not there, and a gateway that fails', async () => {
    expect(await check({ twilioAuthToken: 'wrong' })).toMatchObject({ code: 20_003, responseCode: 401 });
    const twilioAccountSid = `AC${'0'.repeat(32)}`;
    expect(await check({ twilioAccountSid })).toMatchObject({ code: 20_404, responseCode: 404 });
    gateway.mode = { status: 503 };
    expect(await check()).toMatchObject({ responseCode: 503 });
  });

  it('tells a gateway that is silent, stops half-way, or is not there', async () => {
    for (const mode of ['never', 'stuck', 'cut'] as const) {
      gateway.mode = mode;
      expect(await check()).toBeInstanceOf(DeliveryError);
    }
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    expect(await check({ endpoint })).toMatchObject({ code: 'ECONNREFUSED' });
    const hole = await BlackHole.open(port);
    expect(await check({ endpoint })).toBeInstanceOf(DeliveryError);
    await hole.close();
    hole.end();
  });
});

describe('senders that cannot know', () => {
  it('resolve: those to the terminal, and those of a host that do not say otherwise', async () => {
    class HostMailer extends Mailer {
      override async deliver(): Promise<void> {}
    }
    class HostSender extends SmsSender {
      override async deliver(): Promise<void> {}
    }
    const senders = [new ConsoleMailer(), new ConsoleSmsSender(), new HostMailer(), new HostSender()];
    for (const sender of senders) expect(await outcome(sender)).toBeNull();
  });
});
