import { loadRegStackConfig } from '../config/load-config';
import { addSeconds } from '../kernel/clock';
import { newId } from '../kernel/ids';
import { type By, originOf } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { ALICE, aUser, BOB } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import type { SecurityLog } from './security-log';
import { TrustedDevicesService } from './trusted-devices.service';

const DAY = 86_400;
const BY: By = { actor: 'alice', origin: originOf('192.0.2.7', 'Mozilla/5.0 Firefox/140.0', 'a request') };

describe('TrustedDevicesService', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let user: UserRecord;
  let devices: TrustedDevicesService;
  const told: unknown[] = [];
  const log = {
    note: (kind: string, _: By, { target }: { target?: string }) => void told.push([kind, target]),
  } as unknown as SecurityLog;

  const devicesOf = (mfaTrustedDeviceDays: number): TrustedDevicesService => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), mfaTrustedDeviceDays }, { env: {} });
    return new TrustedDevicesService(config, clock, store.users, store.trustedDevices, log);
  };
  beforeEach(async () => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    user = await store.users.create(aUser({ email: ALICE }));
    devices = devicesOf(30);
    told.length = 0;
  });
  const aDeviceId = () => newId(clock.now());
  const rows = () => [...store.tables.trustedDevices.values()];

  it('trusts a device of a user for mfa_trusted_device_days, to the second', async () => {
    const device = aDeviceId();
    expect(await devices.isTrusted(user, device)).toBe(false);
    await devices.trust(user, device, BY);
    expect(rows()).toMatchObject([{ deviceId: device, expiresAt: addSeconds(clock.now(), 30 * DAY) }]);
    clock.advance(30 * DAY - 1);
    expect(await devices.isTrusted(user, device)).toBe(true);
    clock.advance(1);
    expect(await devices.isTrusted(user, device)).toBe(false);
    expect(told).toEqual([['mfa.device_trusted', user.id]]);
  });

  it('no other device, no other user, no unknown device', async () => {
    const device = aDeviceId();
    const bob = await store.users.create(aUser({ email: BOB }));
    await devices.trust(user, device, BY);
    expect(await devices.isTrusted(user, aDeviceId())).toBe(false);
    expect(await devices.isTrusted(bob, device)).toBe(false);
    expect(await devices.isTrusted(user, undefined)).toBe(false);
  });

  it('0 days: none is trusted, listed or stored, and nobody is looked up', async () => {
    const device = aDeviceId();
    await devices.trust(user, device, BY);
    const off = devicesOf(0);
    expect(off.isOn).toBe(false);
    const isTrusted = jest.spyOn(store.trustedDevices, 'isTrusted');
    expect(await off.isTrusted(user, device)).toBe(false);
    expect(await off.listFor(user.id)).toEqual([]);
    await off.trust(user, aDeviceId(), BY);
    expect(rows()).toHaveLength(1);
    expect(isTrusted).not.toHaveBeenCalled();
  });

  it('a change of credentials ends the trust, before anybody clears it away', async () => {
    const device = aDeviceId();
    await devices.trust(user, device, BY);
    const changed = (await store.users.changeCredentials(user.id, 0, { passwordHash: 'x' }, []))!;
    expect(await devices.isTrusted(changed, device)).toBe(false);
    expect(await devices.listFor(user.id)).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a change of credentials', () => store.users.changeCredentials(user.id, 0, { passwordHash: 'x' }, [])],
    ['the end of every session', () => store.accounts.changeAccount(user.id, { endSessions: true })],
    ['a user who was disabled', () => store.accounts.changeAccount(user.id, { isActive: false })],
    ['a deletion', async () => store.tables.users.delete(user.id)],
  ])('P6: a trust that raced %s is taken back', async (_, happens) => {
    const trust = store.trustedDevices.trust.bind(store.trustedDevices);
    jest.spyOn(store.trustedDevices, 'trust').mockImplementation(async (device) => {
      await happens();
      return trust(device);
    });
    await devices.trust(user, aDeviceId(), BY);
    expect(rows()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('W12: what was proved before a change of credentials trusts nothing after it', async () => {
    await store.users.changeCredentials(user.id, 0, { passwordHash: 'x' }, []);
    await devices.trust(user, aDeviceId(), BY);
    expect(rows()).toEqual([]);
  });

  it('trusting it again counts from then on, and leaves one', async () => {
    const device = aDeviceId();
    await devices.trust(user, device, BY);
    clock.advance(20 * DAY);
    await devices.trust(user, device, BY);
    clock.advance(20 * DAY);
    expect(await devices.isTrusted(user, device)).toBe(true);
    expect(rows()).toHaveLength(1);
  });

  it('lists what its user may see, newest first, and no epoch', async () => {
    const [one, other] = [aDeviceId(), aDeviceId()];
    await devices.trust(user, one, BY);
    clock.advance(1);
    await devices.trust(user, other, BY);
    const listed = await devices.listFor(user.id);
    expect(listed.map(({ deviceId }) => deviceId)).toEqual([other, one]);
    expect(Object.keys(listed[0]!).toSorted()).toEqual([
      'createdAt',
      'deviceId',
      'expiresAt',
      'id',
      'ip',
      'userAgent',
    ]);
    expect(listed[0]).toMatchObject({ ip: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' });
    clock.advance(30 * DAY - 1);
    expect((await devices.listFor(user.id)).map(({ deviceId }) => deviceId)).toEqual([other]);
  });

  it('nobody’s list is empty: unknown, disabled, no id', async () => {
    await devices.trust(user, aDeviceId(), BY);
    expect(await devices.listFor(aUser().id)).toEqual([]);
    expect(await devices.listFor('nobody')).toEqual([]);
    await store.accounts.changeAccount(user.id, { isActive: false });
    expect(await devices.listFor(user.id)).toEqual([]);
  });

  it('ends the trust in one device, for one of parallel calls, and none of somebody else', async () => {
    const device = aDeviceId();
    const bob = await store.users.create(aUser({ email: BOB }));
    await devices.trust(user, device, BY);
    const { id } = (await devices.listFor(user.id))[0]!;
    told.length = 0;
    expect(await devices.end(bob.id, id, BY)).toBe(false);
    expect(await devices.end(user.id, "' or 1=1", BY)).toBe(false);
    expect(await devices.isTrusted(user, device)).toBe(true);
    const ended = await Promise.all([1, 2, 3].map(() => devices.end(user.id, id, BY)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await devices.isTrusted(user, device)).toBe(false);
    expect(told).toEqual([['mfa.device_distrusted', user.id]]);
  });

  it('ends the trust in every device of a user but this one', async () => {
    const bob = await store.users.create(aUser({ email: BOB }));
    const [one, other] = [aDeviceId(), aDeviceId()];
    for (const device of [one, other]) await devices.trust(user, device, BY);
    await devices.trust(bob, other, BY);
    await devices.endOthers(user.id, one);
    expect(await devices.isTrusted(user, one)).toBe(true);
    expect(await devices.isTrusted(user, other)).toBe(false);
    expect(await devices.isTrusted(bob, other)).toBe(true);
  });
});
