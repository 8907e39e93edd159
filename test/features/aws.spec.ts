import { Demo, PASSWORD, someone } from '../support/demo';
import { FakeAws, sesEnv, type SesMail, type SnsText, snsEnv } from '../support/fake-aws';
import { codeIn } from '../support/fake-sms-gateway';
import { linkIn } from '../support/fake-smtp';
import { aNumber, confirm, signIn } from '../support/second-factor';

describe('mail by Amazon SES and texts by Amazon SNS', () => {
  let aws: FakeAws;
  let demo: Demo;
  beforeAll(async () => {
    aws = await FakeAws.start();
    demo = await Demo.start({ ...sesEnv(aws), ...snsEnv(aws) });
  });
  afterAll(async () => {
    await demo.stop();
    await aws.down();
  });

  const register = async (): Promise<string> => {
    const email = someone();
    expect((await demo.call('POST', '/register', { email, password: PASSWORD })).status).toBe(201);
    return email;
  };
  const verify = async (email: string): Promise<number> => {
    const token = new URL(linkIn((await aws.waitFor(email)) as SesMail)).searchParams.get('token');
    return (await demo.call('POST', '/verify', { token })).status;
  };

  it('the mailed link works, and so does the code that was sent', async () => {
    const email = await register();
    expect(await verify(email)).toBe(200);
    const login = await demo.call('POST', '/login', { email, password: PASSWORD });
    const token = login.json.access_token as string;

    const number = aNumber();
    const body = { phone_number: number, current_password: PASSWORD };
    const setup = await demo.call('POST', '/phone/start', body, { token });
    const code = codeIn(((await aws.waitFor(number)) as SnsText).text);
    const confirmation = { pending_token: setup.json.pending_token as string, code };
    expect((await demo.call('POST', '/phone/confirm', confirmation, { token })).status).toBe(200);

    aws.texts.splice(0);
    const begun = await signIn(demo, email);
    const second = codeIn(((await aws.waitFor(number)) as SnsText).text);
    expect((await confirm(begun, demo, second)).status).toBe(200);
    expect(new Set(aws.scopes)).toEqual(new Set(['eu-central-1/ses', 'eu-west-1/sns']));
    expect(aws.unsigned).toEqual([]);
  });

  it('W14: while AWS cannot be reached the request is answered as usual, and the mail comes later', async () => {
    await aws.down();
    const email = await register();
    await demo.logged('(DeliveryError ECONNREFUSED), will be tried again');
    await aws.up();
    expect(await verify(email)).toBe(200);
  });

  it('an identity that is not verified yet is told by its name, and the mail comes once it is', async () => {
    aws.mode = { status: 400, code: 'MessageRejected', message: 'Email address is not verified.' };
    const email = await register();
    await demo.logged('(DeliveryError MessageRejected 400), will be tried again');
    aws.mode = 'accept';
    expect(await verify(email)).toBe(200);
  });

  it('W39: the log tells no address, no number and no secret', () => {
    expect(demo.log).not.toContain(aws.secretAccessKey);
    for (const to of [...aws.mails.flatMap((mail) => mail.to), ...aws.texts.map((sms) => sms.to)])
      expect(demo.log).not.toContain(to);
  });
});
