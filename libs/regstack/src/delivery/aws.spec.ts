import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { type AwsMode, credentials, FakeAws } from '../../../../test/support/fake-aws';
import { EmailConfig } from '../config/email.config';
import { RegStackConfig } from '../config/regstack.config';
import { SmsConfig } from '../config/sms.config';
import { MailRejectedError } from '../ports/mailer';
import { SmsRejectedError } from '../ports/sms.sender';
import { SesMailer } from './ses.mailer';
import { SnsSmsSender } from './sns.sms.sender';

const MAIL = { id: 'one', to: 'ann@example.org', subject: 'Hello', text: 'A text.', html: '<p>A text.</p>' };
const SMS = { id: 'one', to: '+4915112345678', text: '012345 is your code' };
const IDENTITY = 'Email address is not verified. The following identities failed the check: ann@example.org';
const ENVIRONMENT = { ...process.env };

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

const outcome = (sending: Promise<void>): Promise<unknown> =>
  sending.then(
    () => null,
    (error: unknown) => error,
  );

async function mail(more: Partial<EmailConfig> = {}, appName = 'Plum'): Promise<unknown> {
  const own = { backend: 'ses', sesRegion: 'eu-central-1', fromAddress: 'noreply@example.org' } as const;
  const email = Object.assign(new EmailConfig(), { ...own, endpoint: aws.url, ...more });
  const mailer = await SesMailer.load(Object.assign(new RegStackConfig(), { appName, email }));
  const error = await outcome(mailer.deliver(MAIL));
  mailer.onApplicationShutdown();
  return error;
}

async function text(more: Partial<SmsConfig> = {}): Promise<unknown> {
  const own = { backend: 'sns', snsRegion: 'us-gov-west-1', endpoint: aws.url } as const;
  const sender = await SnsSmsSender.load(Object.assign(new SmsConfig(), { ...own, ...more }));
  const error = await outcome(sender.deliver(SMS));
  sender.onApplicationShutdown();
  return error;
}

const refusal = (status: number, code: string, message = 'no'): AwsMode => ({ status, code, message });

/** Each refusal is told by its name, and asked for once: the SDK does not try again. */
const LATER: [string, AwsMode, object][] = [
  ['too much', refusal(429, 'TooManyRequestsException'), { responseCode: 429 }],
  ['a limit', refusal(400, 'LimitExceededException'), { responseCode: 400 }],
  ['a key that may not', refusal(403, 'AccessDeniedException'), { responseCode: 403 }],
  ['a fault of the service', refusal(500, 'InternalFailure'), { code: 'InternalFailure', responseCode: 500 }],
  ['a name that is none', refusal(400, 'ann@example.org'), { code: undefined, responseCode: 400 }],
  ['a page of a proxy', { status: 502, page: '<h1>Bad Gateway</h1>' }, { responseCode: 502 }],
  ['a page that says bad', { status: 400, page: '<h1>ann@example.org</h1>' }, { responseCode: 400 }],
];

describe('mail by Amazon SES', () => {
  it('is signed for its service and region, and says the sender outright', async () => {
    const appName = 'Plum" <mallory@example.org>, "x';
    expect(await mail({}, appName)).toBeNull();
    expect(aws.scopes).toEqual(['eu-central-1/ses']);
    const [taken] = aws.mails;
    expect([taken?.from, taken?.to]).toEqual(['noreply@example.org', ['ann@example.org']]);
    const { from, to, headers, messageId, html } = await simpleParser(taken!.raw);
    expect(from?.value).toEqual([{ name: appName, address: 'noreply@example.org' }]);
    expect([to].flat()[0]?.text).toBe('ann@example.org');
    expect([messageId, headers.get('auto-submitted')]).toEqual(['<one@example.org>', 'auto-generated']);
    expect(html).toContain('<p>A text.</p>');
  });

  it.each([
    ['Local address contains control or whitespace'],
    ['Local address contains non-ASCII characters'],
    ["Missing final '@domain'"],
    ['Domain contains illegal character'],
    ['Domain starts with dot'],
  ])('for good: %s', async (message) => {
    aws.mode = refusal(400, 'BadRequestException', message);
    expect(await mail()).toMatchObject({ name: 'MailRejectedError', code: 'BadRequestException' });
  });

  it.each<[string, AwsMode, object]>([
    ...LATER,
    [
      'the sandbox, or a sender to be verified',
      refusal(400, 'MessageRejected', IDENTITY),
      { code: 'MessageRejected', responseCode: 400 },
    ],
    ['an account that is suspended', refusal(400, 'AccountSuspendedException'), { responseCode: 400 }],
    ['sending that is paused', refusal(400, 'SendingPausedException'), { code: 'SendingPausedException' }],
    ['a bad request of another kind', refusal(400, 'BadRequestException', 'Duplicate header'), {}],
  ])('later: %s', async (_, mode, codes) => {
    aws.mode = mode;
    const error = await mail();
    expect(error).not.toBeInstanceOf(MailRejectedError);
    expect(error).toMatchObject({ name: 'DeliveryError', ...codes });
    expect(aws.scopes).toHaveLength(1);
  });

  it('a profile brings credentials of its own', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'regstack-aws-')), 'credentials');
    const { accessKeyId, secretAccessKey } = aws;
    const keys = [`aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`];
    writeFileSync(file, ['[mailing]', ...keys].join('\n'));
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAANOTHER';
    expect(await mail()).toMatchObject({ responseCode: 403 });
    expect(await mail({ sesProfile: 'mailing' })).toBeNull();
  });

  it('without credentials it means later, and nothing is asked', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    expect(await mail()).toMatchObject({ name: 'DeliveryError', code: 'CredentialsProviderError' });
    expect([aws.scopes, aws.unsigned]).toEqual([[], []]);
  });
});

describe('texts by Amazon SNS', () => {
  it.each([
    [null, {}],
    ['Plum', { 'AWS.SNS.SMS.SenderID': 'Plum' }],
    ['+15005550006', { 'AWS.MM.SMS.OriginationNumber': '+15005550006' }],
    ['12345', { 'AWS.MM.SMS.OriginationNumber': '12345' }],
  ])('from %s: signed for its service and region, and transactional', async (fromNumber, sender) => {
    expect(await text({ fromNumber })).toBeNull();
    expect(aws.scopes).toEqual(['us-gov-west-1/sns']);
    const attributes = { 'AWS.SNS.SMS.SMSType': 'Transactional', ...sender };
    expect(aws.texts).toEqual([{ to: SMS.to, text: SMS.text, attributes }]);
  });

  it.each<[string, AwsMode]>([
    [
      'a number that is none',
      refusal(400, 'InvalidParameterException', 'Invalid parameter: PhoneNumber Reason: no'),
    ],
    ['an owner who wants none', refusal(400, 'OptedOutException')],
  ])('for good: %s', async (_, mode) => {
    aws.mode = mode;
    expect(await text()).toBeInstanceOf(SmsRejectedError);
  });

  it.each<[string, AwsMode, object]>([
    ...LATER,
    [
      'a sender that is not ours',
      refusal(
        400,
        'InvalidParameterException',
        'Invalid parameter: MessageAttributes Reason: +4915112345678',
      ),
      { code: 'InvalidParameterException' },
    ],
    ['a throttle', refusal(429, 'ThrottledException'), { code: 'ThrottledException', responseCode: 429 }],
  ])('later: %s', async (_, mode, codes) => {
    aws.mode = mode;
    const error = await text();
    expect(error).not.toBeInstanceOf(SmsRejectedError);
    expect(error).toMatchObject({ name: 'DeliveryError', ...codes });
    expect(aws.scopes).toHaveLength(1);
  });

  it('a secret that is wrong means later', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'another';
    expect(await text()).toMatchObject({ name: 'DeliveryError', responseCode: 403 });
    expect(aws.unsigned).toEqual(['the signature is another one']);
  });
});
