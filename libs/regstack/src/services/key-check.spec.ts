import { loadRegStackConfig } from '../config/load-config';
import { BootError } from '../kernel/boot.error';
import { MemoryStore } from '../persistence/memory/memory.store';
import { addressOf, aTotp, aUser } from '../testing/contracts/samples';
import { InstanceName } from './instance-name';
import { KeyCheck } from './key-check';
import { KeyRing } from './key-ring';
import { SecretCipher } from './secret.cipher';

const [OLD, OLDER, NEW] = ['old', 'older', 'new'].map(
  (name) => `the ${name} secret of at least thirty-two bytes`,
) as [string, string, string];

describe('KeyCheck', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
  });

  const ringOf = (jwtSecret: string, ...jwtPreviousSecrets: string[]): KeyRing =>
    new KeyRing(
      loadRegStackConfig({ jwtSecret, jwtPreviousSecrets }, { env: {} }),
      new InstanceName('default'),
    );
  const check = (...secrets: [string, ...string[]]): Promise<void> =>
    new KeyCheck(ringOf(...secrets), store.users).onModuleInit();
  const enrolUnder = async (secret: string, name: string): Promise<string> => {
    const { id } = await store.users.create(aUser({ email: addressOf(name) }));
    const sealedSecret = new SecretCipher(ringOf(secret)).seal('totp', 'JBSWY3DP', id);
    await store.users.changeCredentials(id, 0, { totp: aTotp({ sealedSecret }), isMfaEnabled: true }, []);
    return id;
  };

  it('starts where nobody has an app, whatever the secrets', async () => {
    await store.users.create(aUser());
    await expect(check(NEW)).resolves.toBeUndefined();
  });

  it('starts with every key that is needed, the current one or a former one', async () => {
    await enrolUnder(OLD, 'alice');
    await expect(check(OLD)).resolves.toBeUndefined();
    await expect(check(NEW, OLD)).resolves.toBeUndefined();
    await enrolUnder(OLDER, 'bob');
    await expect(check(NEW, OLD, OLDER)).resolves.toBeUndefined();
  });

  it('refuses to start without one of them, names the setting, and no secret', async () => {
    await enrolUnder(OLD, 'alice');
    await enrolUnder(OLDER, 'bob');
    for (const secrets of [[NEW], [NEW, OLD], [OLDER, NEW]] as [string, ...string[]][]) {
      const error = await check(...secrets).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(BootError);
      expect((error as Error).message).toContain('jwt_previous_secrets');
      for (const secret of [OLD, OLDER, NEW]) expect((error as Error).message).not.toContain(secret);
    }
  });

  it('the key may go once nobody’s app needs it', async () => {
    const id = await enrolUnder(OLD, 'alice');
    await store.users.changeCredentials(id, 1, { totp: null, isMfaEnabled: false }, []);
    await expect(check(NEW)).resolves.toBeUndefined();
  });

  it('a database that cannot answer is no reason to start without the look', async () => {
    jest.spyOn(store.users, 'totpKeyIds').mockRejectedValue(new Error('no database'));
    await expect(check(NEW)).rejects.toThrow('no database');
  });
});
