import { createHash } from 'node:crypto';
import { loadRegStackConfig } from '../config/load-config';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { ALICE, aUser, BOB } from '../testing/contracts/samples';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { RecoveryCodes } from './recovery-codes';

const [OLD, NEW] = ['the old secret of thirty-two bytes', 'the new secret of thirty-two bytes'];
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

describe('RecoveryCodes', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
  });

  const under = (jwtSecret: string, jwtPreviousSecrets: string[] = []): RecoveryCodes => {
    const config = loadRegStackConfig({ jwtSecret, jwtPreviousSecrets }, { env: {} });
    return new RecoveryCodes(new KeyRing(config, new InstanceName('default')), store.users);
  };
  const withSet = async (recovery = under(OLD), email = ALICE): Promise<[UserRecord, readonly string[]]> => {
    const { id } = await store.users.create(aUser({ email }));
    const { codes, hashes } = recovery.mint(id);
    return [(await store.users.changeCredentials(id, 0, { recoveryCodes: hashes }, []))!, codes];
  };

  it('R48: ten codes of 120 bits, each its own, in groups that can be read out; stored is none of it', () => {
    const { codes, hashes } = under(OLD).mint('user');
    expect(ALPHABET).toHaveLength(32);
    expect([codes.length, new Set(codes).size, new Set(hashes).size]).toEqual([10, 10, 10]);
    for (const code of codes) expect(code).toMatch(new RegExp(`^([${ALPHABET}]{4}-){5}[${ALPHABET}]{4}$`));
    for (const hash of hashes) expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hashes.join()).not.toContain(codes[0]!.replaceAll('-', ''));
  });

  it('no character is likelier than another, at any place', () => {
    const recovery = under(OLD);
    const texts = Array.from({ length: 1000 }, () => recovery.mint('user').codes)
      .flat()
      .map((code) => code.replaceAll('-', ''));
    const places = texts[0]!.length;
    for (let place = 0; place < places; place++) {
      const expected = texts.length / ALPHABET.length;
      const chiSquare = Array.from(
        ALPHABET,
        (letter) => texts.filter((text) => text[place] === letter).length,
      )
        .map((seen) => (seen - expected) ** 2 / expected)
        .reduce((sum, one) => sum + one, 0);
      // 31 degrees of freedom, p = 1e-9 at each of 24 places.
      expect(chiSquare).toBeLessThan(107);
    }
  });

  it.each([
    ['as shown', 'abcd-efgh-ijkm-npqr-stuv-2345', true],
    ['in capitals', 'ABCD-EFGH-IJKM-NPQR-STUV-2345', true],
    ['without dashes', 'abcdefghijkmnpqrstuv2345', true],
    ['with spaces', ' abcd efgh ijkm npqr stuv 2345 ', true],
    ['a character less', 'abcd-efgh-ijkm-npqr-stuv-234', false],
    ['a character more', 'abcd-efgh-ijkm-npqr-stuv-23456', false],
    ['a zero', 'abcd-efgh-ijkm-npqr-stuv-2340', false],
    ['a one', 'abcd-efgh-ijkm-npqr-stuv-2341', false],
    ['an o', 'abcd-efgh-ijkm-npqr-stuv-234o', false],
    ['an l', 'abcd-efgh-ijkm-npqr-stuv-234l', false],
    ['another alphabet', 'аbcd-efgh-ijkm-npqr-stuv-2345', false],
    ['a code of an app', '123456', false],
    ['a long code by SMS', '2345678923', false],
    ['nothing', '', false],
    ['dashes', '------------------------', false],
  ])('looks like one: %s', (_, text, expected) => {
    expect(under(OLD).looksLike(text)).toBe(expected);
  });

  it('every code looks like one', () => {
    for (const code of under(OLD).mint('user').codes) expect(under(OLD).looksLike(code)).toBe(true);
  });

  it('R48: each is good once, however it is typed, and for exactly one of parallel calls', async () => {
    const [user, codes] = await withSet();
    const recovery = under(OLD);
    const parallel = await Promise.all(Array.from({ length: 20 }, () => recovery.use(user, codes[0]!)));
    expect(parallel.filter((left) => left !== null)).toEqual([9]);
    expect(await recovery.use(user, codes[1]!.toUpperCase())).toBe(8);
    expect(await recovery.use(user, codes[2]!.replaceAll('-', ' '))).toBe(7);
    expect(await recovery.use(user, ` ${codes[3]!.replaceAll('-', '')}`)).toBe(6);
    for (const code of codes.slice(0, 4)) expect(await recovery.use(user, code)).toBeNull();
    for (const [n, code] of codes.slice(4).entries()) expect(await recovery.use(user, code)).toBe(5 - n);
  });

  it('a code is of one user, and of the epoch that was read with what else was proved', async () => {
    const [alice, codes] = await withSet();
    const [bob] = await withSet(under(OLD), BOB);
    expect(await under(OLD).use(bob, codes[0]!)).toBeNull();
    expect(await under(OLD).use({ ...alice, authEpoch: alice.authEpoch - 1 }, codes[0]!)).toBeNull();
    expect(await under(OLD).use(alice, codes[0]!)).toBe(9);
  });

  it('R45: without the secret, or for another user, the stored hash is not found', async () => {
    const [{ id }, codes] = await withSet();
    const hashes = store.tables.users.get(id)!.recoveryCodes;
    const offline = (text: string) => createHash('sha256').update(text).digest('base64url');
    const plain = codes.map((code) => code.replaceAll('-', ''));
    for (const text of [...codes, ...plain, ...plain.map((code) => `${id}\n${code}`)])
      expect(hashes).not.toContain(offline(text));
  });

  it('codes of a former secret stay good while it is named, and those of the current one too', async () => {
    const [alice, old] = await withSet(under(OLD));
    const rotated = under(NEW, [OLD]);
    expect(await rotated.use(alice, old[0]!)).toBe(9);
    expect(await rotated.use(alice, old[0]!)).toBeNull();
    expect(await under(NEW).use(alice, old[1]!)).toBeNull();
    const [bob, fresh] = await withSet(rotated, BOB);
    expect(await under(NEW).use(bob, fresh[0]!)).toBe(9);
  });
});
