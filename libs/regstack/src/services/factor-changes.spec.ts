import { type By, originOf } from '../kernel/origin';
import { canonicalPhoneNumber } from '../kernel/phone-number';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { AccountEvent } from '../kernel/account-events';
import type { CredentialChanges, CredentialRecord, UserRecord } from '../ports/user.repository';
import { aMessage, aSession, aTotp, aUser, codes, OTHER_PHONE, PHONE } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { CredentialsService } from './credentials.service';
import { FactorChanges, type ProvedFactor } from './factor-changes';
import { factorInWords } from './factor-words';
import { Leftovers } from './leftovers';
import type { OutboxService } from './outbox.service';
import type { SecurityLog } from './security-log';
import type { SecurityNotices } from './security-notices';

const BY: By = {
  actor: 'alice',
  origin: originOf(null, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 'a request'),
};
const [NEW_NUMBER, NEW_APP, NEW_CODES] = [
  canonicalPhoneNumber(OTHER_PHONE),
  aTotp({ sealedSecret: 'a.b.c.d' }),
  codes(10),
];
const SMS: ProvedFactor = { factor: 'sms', phoneNumber: NEW_NUMBER };
const NEW_SET = { recoveryCodes: NEW_CODES, recoveryKeyId: 'kid' };
const APP: ProvedFactor = { factor: 'totp', totp: NEW_APP, ...NEW_SET };
const NOTHING = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false };

describe('FactorChanges', () => {
  let store: MemoryStore;
  let changes: FactorChanges;
  let changeCredentials: jest.SpyInstance;
  const told: unknown[][] = [];
  const mailed: unknown[][] = [];
  const mail =
    (kind: string) =>
    async (owner: UserRecord, ...words: unknown[]) => {
      mailed.push([kind, owner.id, ...words]);
      return aMessage({ kind: 'factor-added' });
    };
  const notices = {
    factorAdded: mail('added'),
    factorRemoved: mail('removed'),
    recoveryCodesReplaced: mail('replaced'),
  } as unknown as SecurityNotices;
  const log = {
    record: ({ name, ...event }: AccountEvent, _: By, { reason }: { reason?: string }) =>
      void told.push([name, event, reason]),
    note: (kind: string, _: By, { target }: { target?: string }) => void told.push([kind, target]),
  } as unknown as SecurityLog;

  beforeEach(() => {
    store = new MemoryStore();
    const leftovers = new Leftovers(store.sessions, store.challenges, store.trustedDevices);
    const outbox = { wake: () => {} } as unknown as OutboxService;
    changes = new FactorChanges(
      new CredentialsService(new FakeClock(), store.users, leftovers, outbox),
      notices,
      log,
    );
    changeCredentials = jest.spyOn(store.users, 'changeCredentials');
    [told.length, mailed.length] = [0, 0];
  });

  const userWith = async (factors: CredentialChanges): Promise<CredentialRecord> => {
    const { id } = await store.users.create(aUser());
    await store.users.changeCredentials(id, 0, factors, []);
    changeCredentials.mockClear();
    return (await store.users.findCredentials(id))!;
  };
  /** What the one write was called with. */
  const written = () => {
    expect(changeCredentials).toHaveBeenCalledTimes(1);
    const [id, epoch, named, sent, kept] = changeCredentials.mock.calls[0] as Parameters<
      typeof store.users.changeCredentials
    >;
    return { id, epoch, named, notices: sent.length, kept };
  };
  const hasApp = { isMfaEnabled: true, totp: aTotp(), recoveryCodes: codes(3) };
  const hasNumber = { isMfaEnabled: true, phoneNumber: PHONE };
  const hasBoth = { ...hasApp, ...hasNumber };
  const switchedOff = { ...hasBoth, isMfaEnabled: false };

  it.each<[string, CredentialChanges, ProvedFactor, object]>([
    ['a number, the first factor', {}, SMS, { ...NOTHING, phoneNumber: NEW_NUMBER, isMfaEnabled: true }],
    ['an app, the first factor', {}, APP, { ...NOTHING, totp: NEW_APP, ...NEW_SET, isMfaEnabled: true }],
    ['a number beside an app', hasApp, SMS, { phoneNumber: NEW_NUMBER, isMfaEnabled: true }],
    ['an app beside a number', hasNumber, APP, { totp: NEW_APP, ...NEW_SET, isMfaEnabled: true }],
    ['another number', hasNumber, SMS, { phoneNumber: NEW_NUMBER, isMfaEnabled: true }],
    ['another app', hasApp, APP, { totp: NEW_APP, ...NEW_SET, isMfaEnabled: true }],
    [
      'a number after all was switched off',
      switchedOff,
      SMS,
      { ...NOTHING, phoneNumber: NEW_NUMBER, isMfaEnabled: true },
    ],
    [
      'an app after all was switched off',
      switchedOff,
      APP,
      { ...NOTHING, totp: NEW_APP, ...NEW_SET, isMfaEnabled: true },
    ],
  ])('enable: %s', async (_, has, factor, named) => {
    const user = await userWith(has);
    const changed = await changes.enable(user, factor, { by: BY, keptSessionId: 'a session' });
    expect(written()).toEqual({ id: user.id, epoch: user.authEpoch, named, notices: 1, kept: 'a session' });
    expect(changed).toMatchObject({ isMfaEnabled: true, authEpoch: user.authEpoch + 1 });
    expect(told).toMatchObject([
      ['user.mfa_enabled', { factor: factor.factor, user: { id: user.id } }, factor.factor],
    ]);
    const words = factorInWords(factor.factor, NEW_NUMBER);
    expect(mailed).toEqual([['added', user.id, words, BY]]);
  });

  it.each<[string, CredentialChanges, ('sms' | 'totp')[], object, string]>([
    [
      'the number of two',
      hasBoth,
      ['sms'],
      { phoneNumber: null },
      'codes by SMS to the number that ends in 78',
    ],
    ['the app of two', hasBoth, ['totp'], { totp: null }, 'an authenticator app'],
    ['the last number', hasNumber, ['sms'], NOTHING, 'codes by SMS to the number that ends in 78'],
    ['the last app', hasApp, ['totp'], NOTHING, 'an authenticator app'],
    [
      'all of two',
      hasBoth,
      ['totp', 'sms'],
      NOTHING,
      'an authenticator app and codes by SMS to the number that ends in 78',
    ],
    ['a broken state', { isMfaEnabled: true }, [], NOTHING, 'a second factor'],
  ])('remove: %s', async (_, has, factors, named, words) => {
    const user = await userWith(has);
    const changed = await changes.remove(user, factors, { by: BY, keptSessionId: 'a session' });
    expect(written()).toEqual({ id: user.id, epoch: user.authEpoch, named, notices: 1, kept: 'a session' });
    expect(changed!.isMfaEnabled).toBe(named !== NOTHING);
    expect(told).toMatchObject([['user.mfa_disabled', { factors }, factors.join('+') || null]]);
    expect(mailed).toEqual([['removed', user.id, words, BY]]);
  });

  it('new recovery codes take the place of what is left, and of nothing else', async () => {
    const user = await userWith(hasBoth);
    await changes.replaceRecoveryCodes(
      user,
      { hashes: NEW_CODES, keyId: 'kid' },
      { by: BY, keptSessionId: 'a session' },
    );
    expect(written()).toMatchObject({ named: NEW_SET, notices: 1, kept: 'a session' });
    expect(await store.users.findCredentials(user.id)).toMatchObject({
      phoneNumber: PHONE,
      recoveryCodesLeft: 10,
    });
    expect(told).toEqual([['mfa.recovery_codes_replaced', user.id]]);
  });

  it('P1: whoever is second changes nothing, and is told of nowhere', async () => {
    const user = await userWith(hasBoth);
    const change = { by: BY };
    const answers = await Promise.all([
      changes.enable(user, APP, change),
      changes.enable(user, SMS, change),
      changes.remove(user, ['sms'], change),
      changes.remove(user, ['totp', 'sms'], change),
      changes.replaceRecoveryCodes(user, { hashes: NEW_CODES, keyId: 'kid' }, change),
    ]);
    expect(answers.filter((one) => one !== null)).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect([...store.tables.outbox.values()]).toHaveLength(1);
  });

  it('R46: the session that made the change goes on with the new epoch, every other one is gone', async () => {
    const user = await userWith(hasBoth);
    const [own, other] = [1, 2].map(() => aSession(user.id, { authEpoch: user.authEpoch }));
    for (const session of [own!, other!]) await store.sessions.open(session);
    await changes.remove(user, ['sms'], { by: BY, keptSessionId: own!.id });
    expect([...store.tables.sessions.values()].map(({ id, authEpoch }) => [id, authEpoch])).toEqual([
      [own!.id, user.authEpoch + 1],
    ]);
  });

  it('without a session none goes on', async () => {
    const user = await userWith(hasBoth);
    await store.sessions.open(aSession(user.id, { authEpoch: user.authEpoch }));
    await changes.remove(user, ['totp', 'sms'], { by: BY });
    expect(store.tables.sessions.size).toBe(0);
  });

  it.each([PHONE, OTHER_PHONE, '+9999999', '+123456789012345'])(
    'no mail holds a number that others could use: %s',
    (number) => {
      const words = factorInWords('sms', number);
      expect(words.match(/\d+/g)).toEqual([number.slice(-2)]);
      expect(words).not.toContain('+');
      expect(factorInWords('sms', null)).toBe('codes by SMS');
      expect(factorInWords('totp', number)).not.toMatch(/\d/);
    },
  );
});
