import { Logger } from '@nestjs/common';
import * as regstack from '@regstack/nestjs';
import type { AccountEvent, RegStackUser } from '@regstack/nestjs';
import type { Answer } from '../flows/scene';
import { CASES as ACCOUNT_CASES, type EventCase, UNPROVED_CASES } from './event-cases';
import { FACTOR_CASES, SILENT_FACTOR_CASES } from './factor-cases';
import { SILENT_CASES } from './silent-cases';
import { Town } from './town';

/** What a user is to the host, and all of it. */
const PUBLIC: Readonly<Record<keyof RegStackUser, true>> = {
  id: true,
  email: true,
  isActive: true,
  isVerified: true,
  isSuperuser: true,
  roles: true,
  fullName: true,
  phoneNumber: true,
  isMfaEnabled: true,
  attributes: true,
  createdAt: true,
  lastLogin: true,
};

/** What some events carry besides. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'user.logged_in': ['proofs'],
  'user.email_changed': ['previousEmail'],
  'user.mfa_enabled': ['factor'],
  'user.mfa_disabled': ['factors'],
};

const CASES = [...ACCOUNT_CASES, ...FACTOR_CASES];

/** Every class of events that there is. */
const CLASSES = Object.values(regstack).filter(
  (one): one is typeof regstack.UserDeletedEvent =>
    typeof one === 'function' && one.prototype instanceof regstack.AccountEvent,
);

describe('account events', () => {
  let towns: { readonly proved: Town; readonly unproved: Town };
  const seen = new Set<unknown>();
  beforeAll(async () => {
    towns = { proved: await Town.found(true), unproved: await Town.found(false) };
  });
  afterAll(async () => {
    for (const { scene } of Object.values(towns)) await scene.close();
  });

  const run = async (town: Town, [, , act]: EventCase) => {
    const work = await act(town, await town.citizen());
    return town.during(work);
  };
  const namesOf = (heard: readonly { readonly event: AccountEvent }[]) =>
    heard.map(({ event }) => event.name);

  const expectPublic = (event: AccountEvent): void => {
    const { name, user } = event;
    expect(Object.keys(event).toSorted()).toEqual(['name', 'user', ...(MORE[name] ?? [])].toSorted());
    if (user) expect(Object.keys(user).toSorted()).toEqual(Object.keys(PUBLIC).toSorted());
  };

  describe.each([
    ['proved', CASES],
    ['unproved', UNPROVED_CASES],
  ] as const)('of accounts that are %s', (kind, cases) => {
    it.each(cases)('%s: once each, after it is stored, with the public user', async (...one) => {
      const heard = await run(towns[kind], one);
      expect(namesOf(heard)).toEqual(one[1]);
      for (const { event, row } of heard) {
        seen.add(event.constructor);
        expectPublic(event);
        if (event.name === 'user.deleted') expect(row).toBeUndefined();
        else if (event.user) expect(row).toMatchObject(event.user);
      }
    });
  });

  it('each class is heard of in one of these ways', () => {
    expect(CLASSES.length).toBeGreaterThan(20);
    expect(CLASSES.filter((one) => !seen.has(one))).toEqual([]);
  });

  it('each has a name of its own, of which the security log knows', () => {
    const names = [...CASES, ...UNPROVED_CASES].flatMap(([, events]) => events);
    expect(new Set(names).size).toBe(CLASSES.length);
    const known = Object.keys(regstack.SECURITY_EVENTS).filter((kind) => kind.startsWith('user.'));
    expect([...new Set(names)].toSorted()).toEqual(known.toSorted());
  });

  it.each([...SILENT_CASES, ...SILENT_FACTOR_CASES])('%s: no event', async (_, status, act) => {
    const town = towns.proved;
    const work = await act(town, await town.citizen());
    let answer: unknown;
    expect(namesOf(await town.during(async () => (answer = await work())))).toEqual([]);
    if (status !== null) expect((answer as Answer).status).toBe(status);
  });

  describe.each<[kind: string, listener: () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a listener of the host');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a listener of the host'))],
    ['hangs', () => new Promise(() => {})],
  ])('a listener that %s', (kind, listener) => {
    it('harms nothing and delays no answer, whatever the event; its error is logged', async () => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      for (const [town, cases] of [
        [towns.proved, CASES],
        [towns.unproved, UNPROVED_CASES],
      ] as const) {
        // Before the one that the test hears by.
        town.emitter.prependListener('user.*', listener);
        for (const one of cases) {
          const heard = namesOf(await run(town, one));
          expect([one[0], heard]).toEqual([one[0], one[1]]);
        }
        town.emitter.off('user.*', listener);
      }
      const told = new Set(error.mock.calls.map(([line]: unknown[]) => line));
      const names = [...CASES, ...UNPROVED_CASES].flatMap(([, events]) => events);
      const expected = kind === 'hangs' ? [] : names.map((name) => `a listener of ${name} failed`);
      expect(told).toEqual(new Set(expected));
      error.mockRestore();
    });
  });
});
