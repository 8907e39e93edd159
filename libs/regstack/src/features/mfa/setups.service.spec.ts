import { loadRegStackConfig } from '../../config/load-config';
import { hashToken } from '../../kernel/secret-token';
import { MemoryStore } from '../../persistence/memory/memory.store';
import type { UserRecord } from '../../ports/user.repository';
import { BudgetKeys } from '../../services/budget-keys';
import { InstanceName } from '../../services/instance-name';
import { KeyRing } from '../../services/key-ring';
import { ALICE, aUser, BOB } from '../../testing/contracts/samples';
import { FakeClock } from '../../testing/fake-clock';
import { type SetupKind, SetupsService } from './setups.service';

const CONFIG = loadRegStackConfig({ jwtSecret: 'x'.repeat(32) }, { env: {} });
const EXPIRED = { code: 'mfa.challenge_expired' };

describe('SetupsService', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let user: UserRecord;
  let setups: SetupsService;

  beforeEach(async () => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    user = await store.users.create(aUser({ email: ALICE }));
    const keys = new BudgetKeys(new KeyRing(CONFIG, new InstanceName('default')));
    setups = new SetupsService(CONFIG, clock, store.challenges, keys);
  });
  const begin = async ({ kind = 'phone-setup' as SetupKind, isDecoy = false, of = user } = {}) => {
    const setup = setups.mint(kind, of, 300, 'sealed');
    await setups.store(setup, { isDecoy });
    return setup.pendingToken;
  };
  const get = (token: string, of = user, kind: SetupKind = 'phone-setup') => setups.get(kind, token, of);

  it('is found by its token, which is nowhere in the table, until its end', async () => {
    const token = await begin();
    expect(await get(token)).toMatchObject({ payload: 'sealed', subjectId: user.id, userId: user.id });
    expect(JSON.stringify([...store.tables.challenges.values()])).not.toContain(token);
    clock.advance(300);
    await expect(get(token)).rejects.toMatchObject(EXPIRED);
  });

  it('W21: a newer one of its kind takes the place of an older one; the other kind stays', async () => {
    const [older, app, newer] = [await begin(), await begin({ kind: 'totp-setup' }), await begin()];
    await expect(get(older)).rejects.toMatchObject(EXPIRED);
    expect(await get(newer)).toBeDefined();
    expect(await get(app, user, 'totp-setup')).toBeDefined();
  });

  it.each([false, true])(
    'is nobody else’s, of no other kind, of no other epoch, of no other token; a decoy: %s',
    async (isDecoy) => {
      const token = await begin({ isDecoy });
      const bob = await store.users.create(aUser({ email: BOB }));
      await expect(get(token, bob)).rejects.toMatchObject(EXPIRED);
      await expect(get(token, user, 'totp-setup')).rejects.toMatchObject(EXPIRED);
      await expect(get(token, { ...user, authEpoch: 1 })).rejects.toMatchObject(EXPIRED);
      for (const other of ['', hashToken(token), `${token}x`])
        await expect(get(other)).rejects.toMatchObject(EXPIRED);
    },
  );

  it('R22: a decoy leaves an older one in its place, and is found like any other', async () => {
    const real = await begin();
    const decoy = await begin({ isDecoy: true });
    expect(await get(real)).toBeDefined();
    expect(Object.keys(await get(decoy))).toEqual(Object.keys(await get(real)));
  });
});
