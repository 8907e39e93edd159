import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type CredentialRecord } from '../ports/user.repository';
import { aUser } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { SecretCipher } from './secret.cipher';
import { Totp } from './totp';

/** The secret of RFC 6238 appendix B, `12345678901234567890`, in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Appendix B: seconds since 1970, and the last six of the eight digits for SHA-1 (RFC 4226 section 5.3: modulo 10^6). */
const VECTORS: readonly (readonly [seconds: number, code: string])[] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];

const [OLD, NEW] = ['the old secret of thirty-two bytes', 'the new secret of thirty-two bytes'];

describe('Totp', () => {
  let clock: FakeClock;
  let store: MemoryStore;

  beforeEach(() => {
    [clock, store] = [new FakeClock(), new MemoryStore()];
  });

  const totpOf = (options: RegStackOptions = {}): Totp => {
    const config = loadRegStackConfig({ jwtSecret: OLD, ...options }, { env: {} });
    const cipher = new SecretCipher(new KeyRing(config, new InstanceName('default')));
    return new Totp(config, clock, cipher, store.users);
  };
  const at = (seconds: number): void => clock.advance(seconds - clock.now().getTime() / 1000);
  const stepAt = async (seconds: number, code: string): Promise<number | null> => {
    at(seconds);
    return totpOf().stepOf(totpOf().seal(RFC_SECRET, 'user'), 'user', code);
  };

  it.each(VECTORS)('RFC 6238 appendix B at %s: %s', async (seconds, code) => {
    expect(await stepAt(seconds, code)).toBe(Math.floor(seconds / 30));
  });

  const [SECONDS, CODE] = [1_111_111_110, '050471'] as const;
  const STEP = SECONDS / 30;

  it.each([
    ['two steps before', SECONDS - 30.001, null],
    ['first moment of the step before', SECONDS - 30, STEP],
    ['last moment of the step before', SECONDS - 0.001, STEP],
    ['its first moment', SECONDS, STEP],
    ['in its middle', SECONDS + 15, STEP],
    ['its last moment', SECONDS + 29.999, STEP],
    ['first moment of the step after', SECONDS + 30, STEP],
    ['last moment of the step after', SECONDS + 59.999, STEP],
    ['two steps after', SECONDS + 60, null],
  ])('one step either way, and the step is that of the code: %s', async (_, seconds, step) => {
    expect(await stepAt(seconds, CODE)).toBe(step);
  });

  it.each([
    ['another code', '050472'],
    ['nothing', ''],
    ['five digits', '50471'],
    ['seven digits', '0504710'],
    ['the eight digits of the RFC', '14050471'],
    ['letters', '05047l'],
    ['a sign', '+50471'],
    ['a number in another form', '5.0e+4'],
    ['Arabic digits', '٠٥٠٤٧١'],
    ['full-width digits', '０５０４７１'],
  ])('refuses %s', async (_, code) => {
    expect(await stepAt(SECONDS, code)).toBeNull();
  });

  it.each(['050 471', ' 050471 ', '050471\n'])('takes %j as apps and people write it', async (code) => {
    expect(await stepAt(SECONDS, code)).not.toBeNull();
  });

  it('a secret is bound to its user, and to the key that it was encrypted with', async () => {
    at(SECONDS);
    const sealed = totpOf().seal(RFC_SECRET, 'user');
    expect(sealed).not.toContain(RFC_SECRET);
    expect(totpOf().seal(RFC_SECRET, 'user')).not.toBe(sealed);
    await expect(totpOf().stepOf(sealed, 'somebody else', CODE)).rejects.toThrow();
    await expect(totpOf({ jwtSecret: NEW }).stepOf(sealed, 'user', CODE)).rejects.toThrow('no key opens');
    await expect(totpOf().stepOf('', 'user', CODE)).rejects.toThrow();
    const rotated = totpOf({ jwtSecret: NEW, jwtPreviousSecrets: [OLD] });
    expect(await rotated.stepOf(sealed, 'user', CODE)).toBe(STEP);
    expect(await totpOf({ jwtSecret: NEW }).stepOf(rotated.seal(RFC_SECRET, 'user'), 'user', CODE)).toBe(
      STEP,
    );
  });

  it('what is sealed for another purpose is no secret of an app', async () => {
    const config = loadRegStackConfig({ jwtSecret: OLD }, { env: {} });
    const cipher = new SecretCipher(new KeyRing(config, new InstanceName('default')));
    await expect(totpOf().stepOf(cipher.seal('outbox', RFC_SECRET, 'user'), 'user', CODE)).rejects.toThrow();
  });

  it('new secrets have 160 bits, and none is like another', async () => {
    const secrets = await Promise.all(Array.from({ length: 100 }, () => totpOf().newSecret()));
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it.each([
    ['a plain name', 'Plum'],
    ['one that would be another parameter', 'Plum&secret=AAAA#x?y=/z%41'],
    ['a colon, which ends the issuer of the label', 'Plum: Berlin'],
    ['one of many scripts', 'Ärger & Söhne 😀 "x" <b>'],
  ])('the app is told issuer, account and secret, and nothing else: %s', async (_, appName) => {
    const uri = await totpOf({ appName }).uri(RFC_SECRET, 'ärger+tag@example.org');
    const { protocol, host, pathname, searchParams, hash } = new URL(uri);
    expect([protocol, host, hash]).toEqual(['otpauth:', 'totp', '']);
    expect(searchParams.getAll('secret')).toEqual([RFC_SECRET]);
    const issuer = appName.replace(': ', ' ');
    expect(searchParams.getAll('issuer')).toEqual([issuer]);
    expect(decodeURIComponent(pathname)).toBe(`/${issuer}:ärger+tag@example.org`);
    for (const [name, value] of [
      ['algorithm', 'SHA1'],
      ['digits', '6'],
      ['period', '30'],
    ] as const)
      expect([null, value]).toContain(searchParams.get(name));
  });

  it('the picture is SVG without a script, and another one for another secret', async () => {
    const totp = totpOf();
    const [one, other] = await Promise.all(
      [RFC_SECRET, await totp.newSecret()].map(async (secret) =>
        totp.qrSvg(await totp.uri(secret, 'a@b.example')),
      ),
    );
    expect(one).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(one).not.toMatch(/<script|<foreignObject|href|on\w+=/i);
    expect(one).not.toBe(other);
  });

  describe('use', () => {
    const enrolled = async (lastStep: number): Promise<CredentialRecord> => {
      const { id } = await store.users.create(aUser());
      const totp = { sealedSecret: totpOf().seal(RFC_SECRET, id), lastStep };
      await store.users.changeCredentials(id, 0, { totp, isMfaEnabled: true }, []);
      return (await store.users.findCredentials(id))!;
    };

    it('W06, P7: of parallel uses of one code one counts, and none of it or an earlier one after it', async () => {
      at(SECONDS);
      const user = await enrolled(STEP - 5);
      const uses = await Promise.all(Array.from({ length: 20 }, () => totpOf().use(user, CODE)));
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect(await totpOf().use(user, '081804')).toBe(false);
      expect((await store.users.findCredentials(user.id))!.totp!.lastStep).toBe(STEP);
    });

    it('the step before is good while a later one was not used; a wrong code uses nothing', async () => {
      at(SECONDS);
      const user = await enrolled(STEP - 2);
      expect(await totpOf().use(user, '123456')).toBe(false);
      expect(await totpOf().use(user, '081804')).toBe(true);
      expect(await totpOf().use(user, CODE)).toBe(true);
    });

    it('a user without an app proves nothing; nor does one whose credentials changed', async () => {
      at(SECONDS);
      const user = await enrolled(STEP - 5);
      expect(await totpOf().use({ ...user, totp: null }, CODE)).toBe(false);
      expect(await totpOf().use({ ...user, authEpoch: 0 }, CODE)).toBe(false);
    });
  });
});
