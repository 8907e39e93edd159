import { toString as qrCode } from 'qrcode';
import { Browser } from './browser';
import { Enrolments } from './enrolments';
import { codesOn, RECOVERY_CODES, secretOn, send, setupOn, signedIn, WRONG } from './factor-pages';
import { aNumber } from './factors';
import type { Member } from './scene';
import { Scene, WRONG_PASSWORD } from './scene';

const ON = { enableUiRouter: true, enableSms2fa: true } as const;

describe('pages: second factors', () => {
  let scene: Scene;
  let factors: Enrolments;
  let browserOf: (member: Member, code?: () => string | Promise<string>) => Promise<Browser>;
  beforeAll(async () => {
    scene = await Scene.start(ON);
    factors = new Enrolments(scene);
    browserOf = (member, code) => signedIn(scene, member, code);
  });
  afterEach(() => scene.stage.enter(ON));
  afterAll(() => scene.close());

  describe('an app', () => {
    const begun = async (): Promise<{ browser: Browser; member: Member }> => {
      const member = await scene.member();
      const browser = await browserOf(member);
      await browser.open('/account/factors');
      expect(browser.page.html).toContain('<details class="section" id="factors" open>');
      await browser.open(browser.page.links['Set up an authenticator app']!);
      expect(browser.page.find({ has: 'code' })).toBeNull();
      await send(browser, 'current_password', { current_password: member.password });
      expect(browser.page.path).toBe('/account/mfa/totp/confirm');
      return { browser, member };
    };

    it('picture, key and link say the same, by which the app is confirmed; its codes are shown once', async () => {
      const { browser, member } = await begun();
      const { key, uri, picture } = setupOn(browser.page);
      const secret = key.replaceAll(' ', '');
      expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
      expect(new URL(uri).searchParams.get('secret')).toBe(secret);
      expect(decodeURIComponent(new URL(uri).pathname)).toContain(member.email);
      expect(picture).toBe(await qrCode(uri, { type: 'svg', errorCorrectionLevel: 'M' }));
      // Nothing in it that the policy of the page would refuse.
      expect(browser.page.html).not.toMatch(/ style=|<style|<script(?! src)|data:/);
      const token = browser.cookieOf('step-totp-setup')!;
      expect([token.length, browser.page.html.includes(token)]).toEqual([43, false]);
      const again = await browser.open('/account/mfa/totp/confirm');
      expect(setupOn(again)).toEqual({ key, uri, picture });

      expect((await send(browser, 'code', { code: '000000' })).errorBeside('code')).toBe(WRONG);
      expect([browser.page.status, secretOn(browser.page)]).toEqual([400, secret]);
      await send(browser, 'code', { code: factors.code(secret) });
      expect([browser.page.status, browser.page.title]).toEqual([200, 'Your recovery codes']);
      expect(browser.page.html).toMatch(RECOVERY_CODES);
      expect(browser.page.html).not.toContain(secret);
      expect(browser.page.links['I have kept them']).toBe('/account/me');
      expect(browser.cookieOf('step-totp-setup')).toBeNull();
      const [code] = codesOn(browser.page);
      expect((await browser.open('/account/mfa/totp/confirm')).html).not.toContain(code);
      expect(browser.page.links['Back to your account']).toBe('/account/factors');
      expect(browser.history.join(' ')).not.toMatch(new RegExp(`${secret}|${token}|${code}`));

      const me = await browser.open('/account/me');
      expect(me.text).toContain('An app is set up.');
      expect(me.text).toContain('Unused recovery codes: 10.');
      expect(me.html).not.toContain(secret);
      expect(await factors.methodsOf(member)).toEqual(['totp', 'recovery_code']);
    });

    it('a set-up that is over, or that somebody else’s browser has begun, is none', async () => {
      const [{ browser }, other] = [await begun(), await begun()];
      const [form, own] = [browser.form({ has: 'code' }), secretOn(browser.page)];
      const theirs = other.browser.cookieOf('step-totp-setup')!;
      const head = { cookie: browser.cookie.replace(/(step-totp-setup)=[^;]*/, `$1=${theirs}`) };
      const seen = await scene.get('/account/mfa/totp/confirm', head);
      expect([seen.status, seen.text.includes(secretOn(other.browser.page))]).toEqual([400, false]);
      const fields = { ...form.values, code: factors.code(secretOn(other.browser.page)) };
      expect((await scene.submit(form.action, fields, head)).status).toBe(400);
      scene.advance(600);
      for (const page of [
        await browser.open('/account/mfa/totp/confirm'),
        await browser.send(form, { code: factors.code(own) }),
      ])
        expect([page.status, page.alert]).toEqual([400, expect.stringContaining('This step has expired')]);
    });

    it('R46: it begins with the password, and with a code where there is a factor; neither is kept', async () => {
      const member = await factors.enrolApp(await scene.member());
      const browser = await browserOf(member, () => factors.code(member.secret));
      await browser.open('/account/mfa/totp/start');
      expect(browser.page.text).toContain('The app that is set up now will stop working');
      const fields = { current_password: WRONG_PASSWORD, code: factors.nextCode(member) };
      await send(browser, 'current_password', fields);
      expect([browser.page.status, browser.page.errorBeside('current_password')]).toEqual([
        400,
        'This is not your current password.',
      ]);
      for (const secret of Object.values(fields)) expect(browser.page.html).not.toContain(secret);
      await send(browser, 'current_password', { code: fields.code });
      expect(browser.page.errorBeside('current_password')).toBe('Fill this in.');
      await send(browser, 'current_password', { current_password: member.password });
      expect([browser.page.status, browser.page.alert]).toEqual([
        403,
        expect.stringContaining('Enter a code too'),
      ]);
      await send(browser, 'current_password', { current_password: member.password, code: '000000' });
      expect(browser.page.errorBeside('code')).toBe(WRONG);
      await send(browser, 'current_password', { current_password: member.password, code: fields.code });
      expect(browser.page.path).toBe('/account/mfa/totp/confirm');
    });

    it('R43: too many wrong codes: a page that says how long', async () => {
      const { browser, member } = await begun();
      const startAgain = async () => {
        await browser.open('/account/mfa/totp/start');
        await send(browser, 'current_password', { current_password: member.password });
      };
      const guess = async () => {
        const form = browser.form({ has: 'code' });
        for (let n = 0; n < 5; n++) await browser.send(form, { code: '000000' });
        return form;
      };
      await browser.open((await guess()).action);
      // Of one setup five are enough.
      expect(browser.page.alert).toBe(
        'This step has expired, was done already, or had too many wrong codes.',
      );
      await startAgain();
      await browser.send(await guess(), { code: '000000' });
      await startAgain();
      const code = factors.code(secretOn(browser.page));
      await browser.send(browser.form({ has: 'code' }), { code });
      expect([browser.page.status, browser.page.title]).toEqual([429, 'Too many attempts']);
    });
  });

  describe('a number', () => {
    it('is typed, then proved by the code that was sent to it; what is wrong is said beside it', async () => {
      const [member, number] = [await scene.member(), aNumber()];
      const browser = await browserOf(member);
      await browser.open('/account/factors');
      await browser.open(browser.page.links['Add a phone number']!);
      const fields = { phone_number: '0151 1234', current_password: member.password };
      await send(browser, 'phone_number', fields);
      expect([browser.page.status, browser.page.errorBeside('phone_number')]).toEqual([
        422,
        expect.stringContaining('with its country code'),
      ]);
      expect(browser.form({ has: 'phone_number' }).values).toMatchObject({
        phone_number: '0151 1234',
        current_password: '',
      });
      await send(browser, 'phone_number', { ...fields, phone_number: number });
      expect(browser.page.path).toBe('/account/phone/confirm');
      // No code may have gone there: the page is the same.
      expect(browser.page.html).not.toContain(number);
      const token = browser.cookieOf('step-phone-setup')!;
      expect(browser.page.html + browser.history.join(' ')).not.toContain(token);
      const code = await factors.codeTo(number);
      expect((await send(browser, 'code', { code: 'none' })).errorBeside('code')).toBe(WRONG);
      await send(browser, 'code', { code });
      expect([browser.page.path, browser.page.done]).toEqual([
        '/account/factors?done=phone',
        'Your phone number is confirmed. Codes will be sent to it when you sign in.',
      ]);
      expect(browser.page.text).toContain(`Codes go to ${number}.`);
      expect(browser.cookieOf('step-phone-setup')).toBeNull();
      expect(await factors.methodsOf(member)).toEqual(['sms']);
      expect((await browser.open('/account/phone/confirm')).alert).toContain('This step has expired');
    });

    it('somebody else’s set-up is worth nothing', async () => {
      const [number, other] = [aNumber(), await scene.member()];
      const browser = await browserOf(await scene.member());
      const { json } = await factors.startPhone(other, number);
      await browser.open('/account/phone/start');
      const { values } = browser.form({ has: 'phone_number' });
      const cookie = `${browser.cookie}; regstack-step-phone-setup=${json.pending_token}`;
      const fields = { form_token: values.form_token!, code: await factors.codeTo(number) };
      const refused = await scene.submit('/account/phone/confirm', fields, { cookie });
      expect([refused.status, refused.text.includes('This step has expired')]).toEqual([400, true]);
      expect(await factors.methodsOf(other)).toBeNull();
    });
  });

  describe('what is there', () => {
    it('a code by SMS proves who it is, and comes back to the page that asked; the number is removed by it', async () => {
      const member = await factors.enrolPhone(await scene.member());
      const browser = await browserOf(member, () => factors.codeTo(member.number));
      await browser.open('/account/factors');
      await browser.open(browser.page.links['Remove the phone number']!);
      expect(browser.page.text).toContain(`no longer be sent to ${member.number}`);
      await browser.send(browser.form({ action: '/account/mfa/challenge' }));
      expect([browser.page.path, browser.page.done]).toEqual([
        '/account/phone/delete?done=code_sent',
        'A code is on its way to your phone.',
      ]);
      const code = await factors.codeTo(member.number);
      await send(browser, 'code', { current_password: member.password, code });
      expect([browser.page.path, browser.page.done]).toEqual([
        '/account/factors?done=sms_removed',
        'The phone number is removed.',
      ]);
      expect([await browser.isSignedIn(), await factors.methodsOf(member)]).toEqual([true, null]);
    });

    it('too many messages: a page that says how long', async () => {
      const member = await factors.enrolPhone(await scene.member());
      const browser = await browserOf(member, () => factors.codeTo(member.number));
      const page = await browser.open('/account/mfa/recovery-codes');
      for (let n = 0; n < 5; n++) await browser.send(page.form({ action: '/account/mfa/challenge' }));
      expect([browser.page.status, browser.page.title]).toEqual([429, 'Too many attempts']);
      expect(browser.page.text).toMatch(
        /Too many text messages were sent\. You can try again in \d+ minutes\./,
      );
    });

    it('new recovery codes take the place of the old ones, and are shown once', async () => {
      const member = await factors.enrolApp(await scene.member());
      const browser = await browserOf(member, () => factors.code(member.secret));
      await browser.open('/account/factors');
      await browser.open(browser.page.links['New recovery codes']!);
      const fields = { current_password: member.password, code: factors.nextCode(member) };
      await send(browser, 'code', { ...fields, code: '000000' });
      expect([browser.page.errorBeside('code'), codesOn(browser.page)]).toEqual([WRONG, []]);
      await send(browser, 'code', fields);
      expect(browser.page.html).toMatch(RECOVERY_CODES);
      const codes = codesOn(browser.page);
      expect(codes.filter((code) => member.recoveryCodes.includes(code))).toEqual([]);
      expect(codesOn(await browser.open('/account/mfa/recovery-codes'))).toEqual([]);
      await browser.open('/account/mfa/totp/delete');
      await send(browser, 'code', { current_password: member.password, code: codes[0]! });
      expect(browser.page.path).toBe('/account/factors?done=totp_removed');
      expect(await factors.methodsOf(member)).toBeNull();
    });

    it('nothing is offered that cannot be had; who has a factor can still remove it', async () => {
      const member = await factors.enrolApp(await scene.member());
      const browser = await browserOf(member, () => factors.code(member.secret));
      await scene.stage.enter({ ...ON, mfaPolicy: 'off' });
      const { links } = await browser.open('/account/me');
      expect(Object.values(links).filter((one) => /factors|mfa|phone/.test(one))).toEqual([
        '/account/mfa/totp/delete',
        '/account/mfa/recovery-codes',
      ]);
      expect((await browser.open('/account/mfa/totp/start')).status).toBe(404);
      expect((await browser.open('/account/phone/start')).status).toBe(404);
      const without = await browserOf(await scene.member());
      expect((await without.open('/account/me')).html).not.toContain('id="factors"');

      await scene.stage.enter({ ...ON, mfaPolicy: 'required' });
      expect((await browser.open('/account/me')).links).not.toHaveProperty('Remove the authenticator app');
      await browser.open('/account/mfa/totp/delete');
      await send(browser, 'code', { current_password: member.password, code: factors.nextCode(member) });
      expect([browser.page.status, browser.page.alert]).toEqual([
        403,
        'Your account has to have a second factor.',
      ]);
    });

    it('a stranger is asked to sign in first, and comes back', async () => {
      for (const path of [
        'factors',
        'mfa/totp/start',
        'mfa/totp/confirm',
        'mfa/totp/delete',
        'phone/start',
        'phone/delete',
        'mfa/recovery-codes',
        'mfa-enrol',
      ]) {
        const page = await new Browser(scene).open(`/account/${path}`);
        expect(page.path).toBe(`/account/login?next=${encodeURIComponent(`/account/${path}`)}`);
      }
    });
  });
});
