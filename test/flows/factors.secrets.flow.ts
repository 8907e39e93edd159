import { Logger } from '@nestjs/common';
import { AccountHooks } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import type { Answer } from './answers';
import { hashOf, Listening } from './canaries';
import { CapturedLog } from './captured-log';
import { Enrolments, type FullMember, NO_CODE, NO_RECOVERY_CODE } from './enrolments';
import { aNumber } from './factors';
import { codesBehind, GUESSES, RIGHT } from './offline-guesses';
import { outcome, Scene, someone } from './scene';

/** So long that none is met by chance. */
const CODE_LENGTH = 10;

describe('second factors: secrets', () => {
  let scene: Scene;
  let factors: Enrolments;
  let dump: string;
  /** Whoever has everything. */
  let member: FullMember;
  const log = new CapturedLog();

  /** All that was given out in answers, and what stands for it. */
  const given = { secrets: new Set<string>(), codes: new Set<string>(), tokens: new Set<string>() };
  const numbers = new Set<string>();

  /** What answers give out, by the names of their fields. */
  const collect = (answers: readonly Answer[]): void => {
    for (const { json } of answers) {
      if (json?.secret) given.secrets.add(json.secret as string);
      for (const code of (json?.recovery_codes ?? []) as string[]) given.codes.add(code);
      for (const name of ['pending_token', 'mfa_pending_token', 'access_token'])
        if (json?.[name]) given.tokens.add(json[name] as string);
    }
    for (const { to, text } of scene.stage.sms.sent) {
      given.codes.add(/^\d+/.exec(text)![0]);
      numbers.add(to);
    }
  };

  /** Every flow once, with mistakes. */
  const live = async (): Promise<void> => {
    member = await factors.enrolBoth(await scene.member());
    const { recoveryCodes } = member;
    await factors.confirm(await factors.begin(member), NO_CODE);
    const token = await factors.begin(member);
    await scene.post('/login/mfa-resend', { mfa_pending_token: token });
    await factors.confirm(token, await factors.codeTo(member.number), { trust_device: true });
    await factors.challenge(member);
    await factors.newRecoveryCodes(member, { code: await factors.codeTo(member.number) });
    for (const code of [recoveryCodes[0], NO_RECOVERY_CODE, undefined])
      await factors.removeApp(member, { code });
    await factors.startPhone(member, `${member.number} x 5`, { code: NO_CODE });
    // Secrets in the wrong places.
    const stray = {
      code: [member.secret],
      pending_token: [recoveryCodes[1]],
      [member.number]: member.number,
    };
    for (const path of ['/phone/confirm', '/mfa/totp/confirm', '/login/mfa-confirm', '/phone/start'])
      for (const query of ['', `?code=${recoveryCodes[2]}&phone_number=${encodeURIComponent(member.number)}`])
        await scene.post(path + query, { ...stray, phone_number: member.number }, { token: member.token });
    // An enrolment, a sign-in and a proof that are under way.
    const next = await factors.enrolApp(member, { code: factors.nextCode(member) });
    member = { ...member, ...next };
    await factors.startPhone(member, aNumber(), { code: factors.code(member.secret) });
    await factors.startApp(member, { code: factors.nextCode(member) });
    await factors.challenge(member);
    await factors.begin(member);
  };

  beforeAll(async () => {
    const providers = [{ provide: AccountHooks, useClass: Listening }];
    const settings = { smsCodeLength: CODE_LENGTH, mfaTrustedDeviceDays: 30, rateLimitDisabled: true };
    scene = await Scene.start({ enableSms2fa: true, ...settings, providers });
    factors = new Enrolments(scene);
    log.capture();
    await live();
    await scene.stage.quiet();
    collect(scene.answers);
    dump = await scene.stage.dump();
  });
  afterAll(async () => {
    log.release();
    await scene.close();
  });

  /** In each form in which one could keep or print it. */
  const secrets = (): string[] => [
    ...[...given.secrets].flatMap((secret) => [secret, secret.toLowerCase(), ...formsOf(bytesOf(secret))]),
    ...[...given.codes].flatMap((code) => [code, code.replaceAll('-', '')]),
    ...given.tokens,
  ];
  const leaksIn = (text: string, what = secrets()): string[] => what.filter((one) => text.includes(one));
  const events = (): string => JSON.stringify(scene.stage.events);
  const logged = (): string => log.lines.map(({ whole }) => whole).join('\n');
  const problems = (): string =>
    scene.answers
      .filter(({ json }) => json?.code !== undefined)
      .map(({ text, headers }) => [text, ...[...headers].flat()].join('\n'))
      .join('\n');
  const mails = (): string =>
    scene.stage.mail.sent.map(({ subject, text, html }) => subject + text + html).join('\n');

  it('enough was given out to be looked for', () => {
    expect(given.secrets.size).toBeGreaterThan(2);
    expect(given.codes.size).toBeGreaterThan(34);
    expect(given.tokens.size).toBeGreaterThan(9);
    expect(numbers.size).toBe(2);
    for (const code of given.codes) expect(code).toMatch(/^\d{10}$|^([a-z\d]{4}-?){6}$/);
  });

  it('G16: no column holds a secret of an app, a recovery code, a code by SMS or a token', async () => {
    expect(leaksIn(dump)).toEqual([]);
    expect(leaksIn(await scene.stage.rows())).toEqual([]);
    // It does hold what was looked for in another form: the hashes of tokens that are under way.
    const stored = [...given.tokens].filter((token) => dump.includes(hashOf(token)));
    expect(stored.length).toBeGreaterThan(1);
    // And none of what it holds is one of ours.
    for (const one of stored)
      expect(outcome(await factors.confirm(hashOf(one), NO_RECOVERY_CODE))).toEqual([
        400,
        'mfa.challenge_expired',
      ]);
    for (const code of given.codes) expect(dump).not.toContain(hashOf(code));
    for (const code of given.codes) expect(dump).not.toContain(hashOf(code.replaceAll('-', '')));
  });

  it('G17, R73: no line of the log at any level, no event, no hook, no mail and no problem holds one', () => {
    expect(log.security.length).toBeGreaterThan(15);
    expect(scene.stage.events.length).toBeGreaterThan(6);
    expect(log.lines.filter(({ context }) => context !== 'RegStackSecurity')).toEqual([]);
    for (const text of [logged(), events(), problems(), mails(), JSON.stringify(Listening.asked)])
      expect(leaksIn(text)).toEqual([]);
    expect(events()).not.toMatch(/totp"?:|sealed|lastStep|recoveryCode|authEpoch/);
  });

  it('R72: no line of the log, no problem, no mail and no hook holds a number; events do with their user', () => {
    const forms = [...numbers].flatMap((one) => [one, one.slice(1), one.slice(4)]);
    for (const text of [logged(), problems(), mails(), JSON.stringify(Listening.asked)])
      expect(leaksIn(text, forms)).toEqual([]);
    expect(leaksIn(events(), [member.number])).toEqual([member.number]);
  });

  it('G16: a number stands in the row of its user alone, once nothing is under way; and then nowhere', async () => {
    const phone = await factors.enrolPhone(await scene.member());
    const times = async (): Promise<number> =>
      (await scene.stage.rows()).split(phone.number.slice(1)).length - 1;
    await scene.stage.quiet();
    expect(await times()).toBe(1);
    await factors.challenge(phone);
    expect(await times()).toBeGreaterThan(1);
    await factors.removePhone(phone, { code: await factors.codeTo(phone.number) });
    await scene.stage.quiet();
    expect(await times()).toBe(0);
  });

  it('each of these searches finds what is there', async () => {
    for (const leak of [
      [...given.secrets][0]!,
      [...given.codes].find((code) => code.includes('-'))!,
      [...given.codes].find((code) => /^\d+$/.test(code))!,
      [...given.tokens].find((token) => token.length === 43)!,
      member.number,
    ]) {
      const planted = await scene.member();
      await scene.patch('/me', { full_name: leak }, planted);
      Logger.debug(`a secret: ${leak}`);
      Listening.asked.push({ code: leak });
      scene.answers.push({ ...scene.answers[0]!, text: leak, json: { code: leak } });
      await scene.stage.mail.deliver({ to: someone(), subject: leak, text: '', html: '' } as never);
      await scene.stage.quiet();
      const texts = [
        await scene.stage.dump(),
        await scene.stage.rows(),
        ...[events(), logged(), problems(), mails(), JSON.stringify(Listening.asked)],
      ];
      for (const text of texts) expect(leaksIn(text, [...secrets(), ...numbers])).toContain(leak);
    }
  });
});

describe('second factors: codes in a stolen database', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  it('R45: of the 10^6 codes that there are none is found without the key, and exactly one with it', async () => {
    const phone = await factors.enrolPhone(await scene.member());
    await factors.challenge(phone);
    const code = await factors.codeTo(phone.number);
    const { challenges } = scene.stage.host.app.get(Store, { strict: false });
    const id = await factors.idAt(phone.email);
    const stored = (await challenges.findLiveAbout('sms-code', id, scene.stage.clock.now()))!;
    expect(await scene.stage.dump()).toContain(stored.tokenHash);
    expect((await factors.removePhone(phone, { code })).status).toBe(200);
    for (const guess of GUESSES) expect(codesBehind(stored, guess)).toEqual([]);
    // The search is the right one: only the key was missing.
    expect(codesBehind(stored, RIGHT, Number(code[0]) * 100_000, 100_000)).toEqual([code]);
  }, 300_000);
});

/** Of base32. */
function bytesOf(secret: string): Buffer {
  const bits = Array.from(secret, (one) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'),
  );
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((one) => Number.parseInt(one, 2)),
  );
}

const formsOf = (bytes: Buffer): string[] =>
  (['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) => bytes.toString(encoding));
