import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { Store } from '../../ports/store';
import { LISTED_DEVICES, type TrustedDevice } from '../../ports/trusted-device.repository';
import { type ContractCase, idsOf, RACERS, race } from './contract';
import { aDevice, at, aUser, BOB, T0 } from './samples';

/** Two users. */
async function people({ users }: Store): Promise<[alice: string, bob: string]> {
  return [(await users.create(aUser())).id, (await users.create(aUser({ email: BOB }))).id];
}

async function trust({ trustedDevices }: Store, ...devices: readonly TrustedDevice[]): Promise<void> {
  for (const device of devices) await trustedDevices.trust(device);
}

/** Which of these devices are trusted by their users, at their epochs. */
function trusted({ trustedDevices }: Store, devices: readonly TrustedDevice[], seconds = 1) {
  return Promise.all(
    devices.map(({ userId, deviceId, authEpoch }) =>
      trustedDevices.isTrusted(userId, deviceId, authEpoch, at(seconds)),
    ),
  );
}

/** What every `TrustedDeviceRepository` keeps. */
export const trustedDeviceContract: readonly ContractCase[] = [
  {
    name: 'a device is trusted by its user only, at its epoch only, and until its time is over, to the millisecond',
    async run(store) {
      const [alice, bob] = await people(store);
      const device = aDevice(alice, { authEpoch: 3, expiresAt: at(60) });
      await trust(store, device);
      const isTrusted = (userId: string, deviceId: string, epoch: number, seconds: number) =>
        store.trustedDevices.isTrusted(userId, deviceId, epoch, at(seconds));
      assert.equal(await isTrusted(alice, device.deviceId, 3, 59.999), true);
      assert.equal(await isTrusted(alice, device.deviceId, 3, 60), false);
      for (const epoch of [2, 4, 0]) assert.equal(await isTrusted(alice, device.deviceId, epoch, 1), false);
      assert.equal(await isTrusted(bob, device.deviceId, 3, 1), false);
      for (const other of [device.id, newId(T0), '', '%'])
        assert.equal(await isTrusted(alice, other, 3, 1), false);
      assert.equal(await isTrusted(newId(T0), device.deviceId, 3, 1), false);
    },
  },
  {
    name: 'devices are listed whole, newest first: of this user and epoch, until their time is over',
    async run(store) {
      const [alice, bob] = await people(store);
      const odd = { ip: null, userAgent: `it's "$1" 😀 \\`, createdAt: at(0.007), expiresAt: at(60.007) };
      const mine = [3, 2, 1].map((n) => aDevice(alice, { id: newId(at(n)), ...(n === 2 ? odd : {}) }));
      const others = [aDevice(alice, { authEpoch: 1 }), aDevice(bob)];
      await trust(store, mine[1]!, ...others, mine[0]!, mine[2]!);
      const list = async (userId: string, epoch: number, seconds: number) =>
        Array.from(await store.trustedDevices.listFor(userId, epoch, at(seconds)));
      assert.deepEqual(await list(alice, 0, 60.006), mine);
      assert.deepEqual(await list(alice, 0, 60.007), [mine[0], mine[2]]);
      assert.deepEqual(await list(alice, 0, 3600), []);
      assert.deepEqual([await list(alice, 1, 1), await list(alice, 2, 1)], [[others[0]], []]);
      assert.deepEqual([await list(bob, 0, 1), await list(newId(T0), 0, 1)], [[others[1]], []]);
    },
  },
  {
    name: 'no more devices are listed than so many, the newest of them',
    async run(store) {
      const [alice] = await people(store);
      const devices = Array.from({ length: LISTED_DEVICES + 3 }, (_, n) =>
        aDevice(alice, { id: newId(at(n)) }),
      );
      await Promise.all(devices.map((device) => store.trustedDevices.trust(device)));
      const newest = idsOf(devices).toReversed().slice(0, LISTED_DEVICES);
      assert.deepEqual(idsOf(await store.trustedDevices.listFor(alice, 0, at(1))), newest);
    },
  },
  {
    name: 'a device that is trusted again is trusted as of then: the trust before is gone, of whatever epoch, and no other user’s',
    async run(store) {
      const { trustedDevices } = store;
      const [alice, bob] = await people(store);
      const former = aDevice(alice, { deviceId: 'device', expiresAt: at(9999) });
      const theirs = aDevice(bob, { deviceId: 'device' });
      const again = aDevice(alice, {
        deviceId: 'device',
        authEpoch: 1,
        ip: '2001:db8::7',
        expiresAt: at(60),
      });
      await trust(store, former, theirs, again);
      assert.deepEqual(await trusted(store, [former, theirs, again]), [false, true, true]);
      assert.deepEqual(await trusted(store, [former, again], 60), [false, false]);
      assert.equal(await trustedDevices.distrust(alice, former.id), false);
      assert.deepEqual(Array.from(await trustedDevices.listFor(alice, 1, at(1))), [again]);
      assert.deepEqual(Array.from(await trustedDevices.listFor(alice, 0, at(1))), []);
      assert.equal(await trustedDevices.distrust(alice, again.id), true);
      assert.deepEqual(await trusted(store, [former, theirs, again]), [false, true, false]);
    },
  },
  {
    name: 'nobody ends the trust of somebody else, or of what was never trusted; each ends once',
    async run(store) {
      const { trustedDevices } = store;
      const [alice, bob] = await people(store);
      const [one, other] = [aDevice(alice), aDevice(alice)];
      await trust(store, one, other);
      for (const [userId, id] of [
        [bob, one.id],
        [newId(T0), one.id],
        [alice, newId(T0)],
        [alice, one.deviceId],
        [alice, ''],
      ] as const)
        assert.equal(await trustedDevices.distrust(userId, id), false);
      assert.deepEqual(await trusted(store, [one, other]), [true, true]);
      assert.equal(await trustedDevices.distrust(alice, one.id), true);
      assert.equal(await trustedDevices.distrust(alice, one.id), false);
      assert.deepEqual(await trusted(store, [one, other]), [false, true]);
    },
  },
  {
    name: 'ending the trust in the others leaves the one device, and what somebody else trusts',
    async run(store) {
      const { trustedDevices } = store;
      const [alice, bob] = await people(store);
      const [mine, others] = [aDevice(alice), [aDevice(alice), aDevice(alice, { authEpoch: 1 })]];
      const theirs = [aDevice(bob), aDevice(bob, { deviceId: others[0]!.deviceId })];
      await trust(store, mine, ...others, ...theirs);
      await trustedDevices.distrustOthers(alice, mine.deviceId);
      assert.deepEqual(await trusted(store, [mine, ...others, ...theirs]), [true, false, false, true, true]);
      await trustedDevices.distrustOthers(alice, newId(T0));
      await trustedDevices.distrustOthers(newId(T0), mine.deviceId);
      assert.deepEqual(await trusted(store, [mine, ...theirs]), [false, true, true]);
    },
  },
  {
    name: 'ending the trust of earlier epochs leaves that of this one and of later ones, and what somebody else trusts',
    async run(store) {
      const [alice, bob] = await people(store);
      const devices = [0, 1, 2, 3].map((authEpoch) => aDevice(alice, { authEpoch }));
      const theirs = aDevice(bob);
      await trust(store, ...devices, theirs);
      await store.trustedDevices.distrustAllFor(alice, 2);
      await store.trustedDevices.distrustAllFor(newId(T0), 9);
      assert.deepEqual(await trusted(store, [...devices, theirs]), [false, false, true, true, true]);
      assert.equal(await store.trustedDevices.distrust(alice, devices[0]!.id), false);
    },
  },
  {
    name: 'of parallel trusts in one device exactly one is left, whole',
    isRace: true,
    async run(store) {
      const [alice, bob] = await people(store);
      const devices = Array.from({ length: RACERS }, (_, n) =>
        aDevice(n % 8 === 7 ? bob : alice, { deviceId: 'device', ip: `192.0.2.${n}` }),
      );
      await race((racer) => store.trustedDevices.trust(devices[racer]!));
      for (const userId of [alice, bob]) {
        const listed = Array.from(await store.trustedDevices.listFor(userId, 0, at(1)));
        assert.deepEqual(
          listed,
          devices.filter(({ id }) => id === listed[0]?.id),
        );
        const ended = await Promise.all(devices.map(({ id }) => store.trustedDevices.distrust(userId, id)));
        assert.equal(ended.filter(Boolean).length, 1);
        assert.equal(await store.trustedDevices.isTrusted(userId, 'device', 0, at(1)), false);
      }
    },
  },
  {
    name: 'of parallel endings of one trust exactly one ends it',
    isRace: true,
    async run(store) {
      const [alice] = await people(store);
      const device = aDevice(alice);
      await trust(store, device);
      const ended = await race(() => store.trustedDevices.distrust(alice, device.id));
      assert.equal(ended.filter(Boolean).length, 1);
    },
  },
];
