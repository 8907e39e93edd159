import twilio from 'twilio';
import { freePort } from '../../../../test/support/free-port';
import { FakeSmsGateway, type GatewayMode } from '../../../../test/support/fake-sms-gateway';
import { SmsConfig } from '../config/sms.config';
import { type Sms, SmsRejectedError } from '../ports/sms.sender';
import { TwilioSmsSender } from './twilio.sms.sender';

const FROM = '+4915100000000';
const SMS: Sms = {
  id: 'one',
  to: '+4915112345678',
  text: '012345 is your code to sign in to Plum & Co: 100 %',
};

describe('texts through Twilio, by its SDK over HTTP', () => {
  let gateway: FakeSmsGateway;
  beforeEach(async () => {
    gateway = await FakeSmsGateway.start();
  });
  afterEach(() => gateway.down());

  const senderTo = (endpoint: string | null, more: Partial<SmsConfig> = {}): Promise<TwilioSmsSender> => {
    const { accountSid: twilioAccountSid, authToken: twilioAuthToken } = gateway;
    const account = { backend: 'twilio', fromNumber: FROM, twilioAccountSid, twilioAuthToken } as const;
    return TwilioSmsSender.load(Object.assign(new SmsConfig(), { ...account, endpoint, ...more }));
  };

  /** What sending comes to: nothing, or the error. */
  const outcome = async (sender: TwilioSmsSender): Promise<unknown> =>
    sender.deliver(SMS).then(
      () => null,
      (error: unknown) => error,
    );

  it('an accepted text has the number, the sender and the words as they are', async () => {
    expect(await outcome(await senderTo(gateway.url))).toBeNull();
    expect(gateway.texts).toEqual([{ to: SMS.to, from: FROM, body: SMS.text }]);
    expect(gateway.requests[0]?.contentType).toBe('application/x-www-form-urlencoded');
  });

  it.each([
    ['a number that is none', 21_211],
    ['a number that cannot get texts', 21_614],
    ['an owner who wants none', 21_610],
  ])('%s is refused for good', async (_, code) => {
    gateway.mode = { status: 400, code };
    expect(await outcome(await senderTo(gateway.url))).toBeInstanceOf(SmsRejectedError);
    expect(gateway.requests).toHaveLength(1);
  });

  it.each<[string, GatewayMode]>([
    ['too many requests', { status: 429, code: 20_429 }],
    ['an error of the gateway', { status: 500 }],
    ['a gateway that is closed', { status: 503 }],
    ['a page of a proxy', { status: 502, body: '<h1>Bad Gateway</h1>' }],
    [
      'a bad request that a proxy tells of, and not the gateway',
      { status: 400, body: '<h1>Bad Request</h1>' },
    ],
    ['a redirect', { status: 302, body: '' }],
    ['a sender of ours that is none', { status: 400, code: 21_212 }],
    ['an account of ours that is suspended', { status: 403, code: 20_005 }],
  ])('%s means later', async (_, mode) => {
    gateway.mode = mode;
    const sender = await senderTo(gateway.url);
    const error = await outcome(sender);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(SmsRejectedError);
    gateway.mode = 'accept';
    expect(await outcome(sender)).toBeNull();
    expect(gateway.texts).toHaveLength(1);
  });

  it('a token of ours that is wrong means later: it may be mended', async () => {
    const error = await outcome(await senderTo(gateway.url, { twilioAuthToken: 'another-canary' }));
    expect(error).not.toBeInstanceOf(SmsRejectedError);
    expect(error).toMatchObject({ code: 20_003 });
    expect(gateway.requests).toEqual([]);
  });

  it('nobody at the endpoint means later', async () => {
    const error = await outcome(await senderTo(`http://127.0.0.1:${await freePort()}`));
    expect(error).not.toBeInstanceOf(SmsRejectedError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('a slow answer is waited for', async () => {
    gateway.mode = 'never';
    const sending = outcome(await senderTo(gateway.url));
    await gateway.asked(1);
    expect(gateway.texts).toEqual([]);
    gateway.release();
    expect(await sending).toBeNull();
  });

  it.each(['/sms', '/sms/', '/sms//', '/'])('the endpoint may have a path: %s', async (path) => {
    await gateway.down();
    gateway = await FakeSmsGateway.start(path.replace(/\/+$/, ''));
    expect(await outcome(await senderTo(`http://127.0.0.1:${gateway.port}${path}`))).toBeNull();
  });

  it('without an endpoint it is Twilio that is asked', async () => {
    // Seen before it leaves: nothing goes out.
    const request = jest.spyOn(twilio.RequestClient.prototype, 'request');
    request.mockRejectedValue(new Error('no network'));
    expect(await outcome(await senderTo(null))).toBeInstanceOf(Error);
    const asked = request.mock.calls.map(([one]) => one);
    request.mockRestore();
    const { accountSid: username, authToken: password } = gateway;
    const uri = `https://api.twilio.com/2010-04-01/Accounts/${username}/Messages.json`;
    expect(asked).toEqual([expect.objectContaining({ method: 'post', uri, username, password })]);
  });
});
