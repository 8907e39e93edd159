import { loadRegStackConfig } from '../config/load-config';
import { MemoryStore } from '../persistence/memory/memory.store';
import { addressOf, aMessage, aTotp, aUser } from '../testing/contracts/samples';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { KeyRotation } from './key-rotation';
import { RecoveryCodes } from './recovery-codes';
import { SecretCipher } from './secret.cipher';

const [OLD, OLDER, NEW] = ['old', 'older', 'new'].map(
  (name) => `the ${name} secret of at least thirty-two bytes`,
) as [string, string, string];
const NOTHING = { authenticatorApps: 0, messages: 0, recoveryCodeSets: 0 };
type Secrets = [string, ...string[]];

describe('KeyRotation', () => {
  let store: MemoryStore;
  let names: number;
  beforeEach(() => {
    store = new MemoryStore();
    names = 0;
  });

  const ringOf = (...[jwtSecret, ...jwtPreviousSecrets]: Secrets): KeyRing =>
    new KeyRing(
      loadRegStackConfig({ jwtSecret, jwtPreviousSecrets }, { env: {} }),
      new InstanceName('default'),
    );
  const cipher = (...secrets: Secrets): SecretCipher => new SecretCipher(ringOf(...secrets));
  const rotation = (...secrets: Secrets): KeyRotation =>
    new KeyRotation(ringOf(...secrets), cipher(...secrets), store.keyUses);
  const kidOf = (secret: string): string => ringOf(secret).current('totp').kid;
  const aUserId = async (): Promise<string> =>
    (await store.users.create(aUser({ email: addressOf(`user-${names++}`) }))).id;

  const app = async (secret: string): Promise<string> => {
    const id = await aUserId();
    const totp = aTotp({ sealedSecret: cipher(secret).seal('totp', `app of ${id}`, id) });
    await store.users.changeCredentials(id, 0, { totp }, []);
    return id;
  };
  const set = async (secret: string, isKnown = true): Promise<string> => {
    const id = await aUserId();
    const { hashes, keyId } = new RecoveryCodes(ringOf(secret), store.users).mint(id);
    const key = isKnown ? { recoveryKeyId: keyId } : {};
    await store.users.changeCredentials(id, 0, { recoveryCodes: hashes, ...key }, []);
    return id;
  };
  const mail = async (secret: string): Promise<string> => {
    const { id, ...rest } = aMessage();
    await store.outbox.enqueue({ id, ...rest, sealedBody: cipher(secret).seal('outbox', `mail ${id}`, id) });
    return id;
  };

  it('tells what needs each secret, the current one first, and what needs one that is missing', async () => {
    await app(OLD);
    await app(OLD);
    await app(NEW);
    await set(OLD);
    await mail(OLDER);
    const report = await rotation(NEW, OLD).report();
    expect(report).toEqual({
      secrets: [
        { kid: kidOf(NEW), isCurrent: true, ...NOTHING, authenticatorApps: 1, mayGo: false },
        {
          kid: kidOf(OLD),
          isCurrent: false,
          ...NOTHING,
          authenticatorApps: 2,
          recoveryCodeSets: 1,
          mayGo: false,
        },
      ],
      missing: { ...NOTHING, messages: 1 },
      unknownRecoveryCodeSets: 0,
    });
    for (const secret of [OLD, OLDER, NEW]) expect(JSON.stringify(report)).not.toContain(secret);
  });

  it('a secret that is named twice is told once, and the current one may never go', async () => {
    const { secrets } = await rotation(NEW, OLD, NEW, OLD).report();
    expect(secrets).toMatchObject([
      { kid: kidOf(NEW), isCurrent: true, mayGo: false },
      { kid: kidOf(OLD), isCurrent: false, mayGo: true },
    ]);
  });

  it.each([
    ['an app', () => app(OLD)],
    ['a message', () => mail(OLD)],
    ['a set of recovery codes', () => set(OLD)],
    ['a set of which nobody knows the key', () => set(NEW, false)],
  ])(
    'a former secret may not go while %s needs it, or could; one that nothing needs may',
    async (_, need) => {
      expect((await rotation(NEW, OLD).report()).secrets[1]!.mayGo).toBe(true);
      await need();
      expect((await rotation(NEW, OLD).report()).secrets[1]!.mayGo).toBe(false);
    },
  );

  it('what is missing keeps no secret that is named', async () => {
    await app(OLDER);
    const { secrets, missing } = await rotation(NEW, OLD).report();
    expect([secrets[1]!.mayGo, missing.authenticatorApps]).toEqual([true, 1]);
  });

  it('encrypts anew what is under any former secret, over several pages, and what cannot be read stays', async () => {
    const apps = [await app(NEW)];
    for (let n = 0; n < 120; n++) apps.push(await app(n % 2 === 0 ? OLD : OLDER));
    const messages = [await mail(OLD), await mail(OLDER), await mail(NEW)];
    const damaged = await aUserId();
    const sealedSecret = cipher(OLD).seal('totp', 'of somebody else', 'other');
    await store.users.changeCredentials(damaged, 0, { totp: aTotp({ sealedSecret }) }, []);
    const told: number[][] = [];
    const done = await rotation(NEW, OLD, OLDER).reencrypt((...progress) => told.push(progress));
    expect(done).toEqual({ authenticatorApps: 120, messages: 2, unreadable: 1 });
    expect([told[0], told.at(-1)]).toEqual([
      [0, 123],
      [123, 123],
    ]);
    expect(told.map(([n]) => n)).toEqual(told.map(([n]) => n!).toSorted((a, b) => a - b));
    for (const id of apps) {
      const { totp } = (await store.users.findCredentials(id))!;
      expect(cipher(NEW).open('totp', totp!.sealedSecret, id)).toBe(`app of ${id}`);
    }
    for (const id of messages)
      expect(cipher(NEW).open('outbox', store.tables.outbox.get(id)!.sealedBody, id)).toBe(`mail ${id}`);
    expect((await store.users.findCredentials(damaged))?.totp?.sealedSecret).toBe(sealedSecret);
    const again = await rotation(NEW, OLD, OLDER).reencrypt();
    expect(again).toEqual({ authenticatorApps: 0, messages: 0, unreadable: 1 });
  });

  it('of two at once each text is written by one', async () => {
    for (let n = 0; n < 75; n++) await app(OLD);
    const all = await Promise.all([1, 2].map(() => rotation(NEW, OLD).reencrypt()));
    expect(all.reduce((sum, { authenticatorApps }) => sum + authenticatorApps, 0)).toBe(75);
    expect((await rotation(NEW, OLD).report()).secrets[0]!.authenticatorApps).toBe(75);
  });

  it('one that was interrupted goes on where it was', async () => {
    for (let n = 0; n < 75; n++) await app(OLD);
    const read = store.keyUses.findSealed.bind(store.keyUses);
    const stop = jest.spyOn(store.keyUses, 'findSealed').mockImplementation(async (purpose, keyId, page) => {
      if (page.before !== null) throw new Error('no database');
      return read(purpose, keyId, page);
    });
    await expect(rotation(NEW, OLD).reencrypt()).rejects.toThrow('no database');
    stop.mockRestore();
    expect(await rotation(NEW, OLD).reencrypt()).toMatchObject({ authenticatorApps: 25 });
  });

  it('with one secret there is nothing to do', async () => {
    await app(NEW);
    await app(OLD);
    const told: number[][] = [];
    const done = await rotation(NEW).reencrypt((...progress) => told.push(progress));
    expect([done, told]).toEqual([{ authenticatorApps: 0, messages: 0, unreadable: 0 }, [[0, 0]]]);
  });
});
