import { createHash } from 'node:crypto';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { canonicalPhoneNumber } from '../kernel/phone-number';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { aUser, OTHER_PHONE, PHONE } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { type CodeSubject, SmsCodes } from './sms-codes';

const [OLD, NEW] = ['the old secret of thirty-two bytes', 'the new secret of thirty-two bytes'];
const [NUMBER, OTHER_NUMBER] = [canonicalPhoneNumber(PHONE), canonicalPhoneNumber(OTHER_PHONE)];

describe('SmsCodes', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let user: UserRecord;

  beforeEach(async () => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    user = await store.users.create(aUser());
  });

  const codesOf = (options: RegStackOptions = {}): SmsCodes => {
    const config = loadRegStackConfig({ jwtSecret: OLD, ...options }, { env: {} });
    return new SmsCodes(config, clock, store.challenges, new KeyRing(config, new InstanceName('default')));
  };
  const about = (subjectId: string, number = NUMBER): CodeSubject => ({ subjectId, user, number });
  /** A code that was sent. */
  const sent = async (subject = about('a sign-in'), codes = codesOf()) => {
    const { code, challenge } = codes.mint(subject);
    await store.challenges.issue(challenge, null);
    return { code, ...challenge };
  };
  const use = (code: string, subjectId = 'a sign-in', codes = codesOf()) =>
    codes.use({ subjectId, authEpoch: user.authEpoch }, code);
  const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');
  const guessesOf = (id: string) => store.tables.challenges.get(id)?.guesses;

  it('R42: no code is likelier than another, leading zeros come as often as anything', () => {
    const codes = codesOf();
    const minted = Array.from({ length: 10_000 }, () => codes.mint(about('x')).code);
    for (const code of minted) expect(code).toMatch(/^\d{6}$/);
    for (let place = 0; place < 6; place++) {
      const seen = Array.from(
        { length: 10 },
        (_, n) => minted.filter((code) => code[place] === String(n)).length,
      );
      const chiSquare = seen.reduce((sum, one) => sum + (one - 1000) ** 2 / 1000, 0);
      // 9 degrees of freedom, p = 1e-9 at each place.
      expect(chiSquare).toBeLessThan(61);
    }
    const pairs = Array.from({ length: 100 }, () => 0);
    for (const code of minted) pairs[Number(code.slice(-2))]! += 1;
    // 99 degrees of freedom, p = 1e-9.
    expect(pairs.reduce((sum, one) => sum + (one - 100) ** 2 / 100, 0)).toBeLessThan(204);
    expect(new Set(minted).size).toBeGreaterThan(9800);
  });

  it.each([6, 7, 8, 9, 10])('has as many digits as sms_code_length says: %s', (smsCodeLength) => {
    const codes = codesOf({ smsCodeLength });
    const minted = Array.from({ length: 300 }, () => codes.mint(about('x')).code);
    for (const code of minted) expect(code).toMatch(new RegExp(`^\\d{${smsCodeLength}}$`));
    expect(minted.some((code) => code.startsWith('0'))).toBe(true);
    expect(minted.some((code) => code.startsWith('9'))).toBe(true);
  });

  it('the challenge holds whose it is, the number, the end of its life, and not the code', () => {
    const { code, challenge } = codesOf({ smsCodeTtlSeconds: 60 }).mint(about('a sign-in'));
    const { kind, subjectId, userId, authEpoch, phoneNumber, email, payload, createdAt, expiresAt } =
      challenge;
    expect({ kind, subjectId, userId, authEpoch, phoneNumber, email, payload }).toEqual({
      kind: 'sms-code',
      subjectId: 'a sign-in',
      userId: user.id,
      authEpoch: user.authEpoch,
      phoneNumber: NUMBER,
      email: null,
      payload: null,
    });
    expect([createdAt, expiresAt]).toEqual([clock.now(), new Date(clock.now().getTime() + 60_000)]);
    expect(Object.values(challenge).map(String)).not.toContain(code);
  });

  it('R45: a search of all codes finds no stored one without the secret', async () => {
    const { code, tokenHash, id, subjectId } = await sent();
    for (const parts of [[code], [id, code], [id, subjectId, code], [id, subjectId, NUMBER, code]])
      expect(createHash('sha256').update(parts.join('\n')).digest('base64url')).not.toBe(tokenHash);
  });

  it('the number that a right code proves, once', async () => {
    const { code } = await sent();
    expect(await use(code)).toBe(NUMBER);
    expect(await use(code)).toBeNull();
  });

  it('W06: of parallel uses of a right code one counts', async () => {
    const { code } = await sent();
    const uses = await Promise.allSettled(Array.from({ length: 5 }, () => use(code)));
    const [won, lost] = ['fulfilled', 'rejected'].map((status) =>
      uses.filter((one) => one.status === status),
    );
    expect(won).toEqual([{ status: 'fulfilled', value: NUMBER }]);
    // Whoever was second has guessed at nothing.
    for (const one of lost!) expect(one).toMatchObject({ reason: { code: 'mfa.challenge_expired' } });
  });

  it('is over at the end of its life', async () => {
    const { code } = await sent();
    clock.advance(299);
    expect(await use(wrong(code))).toBeNull();
    clock.advance(1);
    expect(await use(code)).toBeNull();
  });

  it.each([1, 5, 10])('W06: after %s guesses the right one is refused too', async (smsCodeMaxAttempts) => {
    const codes = codesOf({ smsCodeMaxAttempts });
    const { code, id } = await sent(about('a sign-in'), codes);
    for (let n = 1; n < smsCodeMaxAttempts; n++)
      expect(await use(wrong(code), 'a sign-in', codes)).toBeNull();
    expect(guessesOf(id)).toBe(smsCodeMaxAttempts - 1);
    expect(await use(wrong(code), 'a sign-in', codes)).toBeNull();
    expect(await use(code, 'a sign-in', codes)).toBeNull();
    expect(guessesOf(id)).toBe(smsCodeMaxAttempts);
  });

  it('W06: a guess is counted before it is compared, so that none comes free of a store that fails', async () => {
    const { code, id } = await sent();
    const consume = jest.spyOn(store.challenges, 'consume').mockImplementation(async () => {
      expect(guessesOf(id)).toBe(1);
      throw new Error('no database');
    });
    await expect(use(code)).rejects.toThrow('no database');
    expect(consume).toHaveBeenCalledTimes(1);
    const count = jest.spyOn(store.challenges, 'countGuess').mockRejectedValue(new Error('no database'));
    await expect(use(code)).rejects.toThrow('no database');
    expect([count.mock.calls.length, consume.mock.calls.length]).toEqual([1, 1]);
  });

  it.each([
    ['W22: of another sign-in', (row: object) => ({ ...row, subjectId: 'another' })],
    ['W21: that was sent to another number', (row: object) => ({ ...row, phoneNumber: OTHER_NUMBER })],
    ['of another challenge', (row: object) => ({ ...row, id: 'another' })],
  ])('a hash is no code %s', async (_, changed) => {
    const { code, id } = await sent();
    const row = changed(store.tables.challenges.get(id)!) as ReturnType<typeof store.tables.challenges.get>;
    store.tables.challenges.clear();
    store.tables.challenges.set(row!.id, row!);
    expect(await use(code, row!.subjectId)).toBeNull();
    expect(guessesOf(row!.id)).toBe(1);
  });

  it('W22: the code of one sign-in is none of another, and is still good for its own', async () => {
    const [one, other] = [await sent(about('one')), await sent(about('other'))];
    if (one.code !== other.code) expect(await use(one.code, 'other')).toBeNull();
    expect(await use(one.code, 'one')).toBe(NUMBER);
  });

  it('a later code takes the place of an earlier one, with guesses of its own', async () => {
    const [earlier, later] = [await sent(), await sent()];
    if (earlier.code !== later.code) expect(await use(earlier.code)).toBeNull();
    expect(guessesOf(earlier.id)).toBeUndefined();
    expect(await use(later.code)).toBe(NUMBER);
  });

  it('P7: what is used up is the code that was compared, not one that was sent meanwhile', async () => {
    const earlier = await sent();
    const countGuess = store.challenges.countGuess.bind(store.challenges);
    let later = earlier;
    jest.spyOn(store.challenges, 'countGuess').mockImplementationOnce(async (...args) => {
      const counted = await countGuess(...args);
      later = await sent();
      return counted;
    });
    await expect(use(earlier.code)).rejects.toMatchObject({ code: 'mfa.challenge_expired' });
    expect(store.tables.challenges.get(later.id)!.usedAt).toBeNull();
    expect(await use(later.code)).toBe(NUMBER);
  });

  it('a code of an earlier epoch is dead, though nobody has cleared it away', async () => {
    const { code, id } = await sent();
    const changed = await store.users.changeCredentials(user.id, user.authEpoch, { passwordHash: 'x' }, []);
    expect(await codesOf().use({ subjectId: 'a sign-in', authEpoch: changed!.authEpoch }, code)).toBeNull();
    expect(store.tables.challenges.get(id)!.usedAt).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a digit more', (code: string) => `${code}0`],
    ['a digit less', (code: string) => code.slice(0, -1)],
    ['in Arabic digits', (code: string) => code.replace(/\d/g, (n) => '٠١٢٣٤٥٦٧٨٩'[Number(n)]!)],
    ['what was hashed before it', (code: string) => `${NUMBER}\n${code}`],
  ])('refuses %s', async (_, typed) => {
    const { code } = await sent();
    expect(await use(typeof typed === 'string' ? typed : typed(code))).toBeNull();
  });

  it('R53: codes of a former secret stay good while it is named', async () => {
    const under = (jwtSecret: string, jwtPreviousSecrets: string[] = []) =>
      codesOf({ jwtSecret, jwtPreviousSecrets });
    const { code } = await sent(about('one'), under(OLD));
    expect(await use(code, 'one', under(NEW))).toBeNull();
    expect(await use(code, 'one', under(NEW, [OLD]))).toBe(NUMBER);
    const { code: fresh } = await sent(about('two'), under(NEW, [OLD]));
    expect(await use(fresh, 'two', under(NEW))).toBe(NUMBER);
  });
});
