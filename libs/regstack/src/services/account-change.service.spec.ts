import type { AccountEvent } from '../kernel/account-events';
import { BY_THE_APP, type By, THE_APP } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { AccountChanges } from '../ports/account.repository';
import { ALICE, aUser, BOB } from '../testing/contracts/samples';
import { AccountChangeService } from './account-change.service';
import { Leftovers } from './leftovers';
import type { OutboxService } from './outbox.service';
import type { SecurityLog } from './security-log';
import type { SecurityNotices } from './security-notices';

const BY_AN_ADMIN: By = { actor: 'an admin', origin: THE_APP };

describe('AccountChangeService', () => {
  let store: MemoryStore;
  let service: AccountChangeService;
  const told: [what: string, by: By, user: AccountEvent['user'] | string | undefined][] = [];
  const log = {
    record: (event: AccountEvent, by: By) => void told.push([event.name, by, event.user]),
    note: (kind: string, by: By, { target }: { target?: string }) => void told.push([kind, by, target]),
  } as unknown as SecurityLog;
  const accountChanged = jest.fn();
  const notices = { accountChanged } as unknown as SecurityNotices;
  const wake = jest.fn();
  const outbox = { wake } as unknown as OutboxService;
  const id = aUser().id;

  beforeEach(async () => {
    store = new MemoryStore();
    const leftovers = new Leftovers(store.sessions, store.challenges, store.trustedDevices);
    service = new AccountChangeService(store.users, store.accounts, leftovers, notices, outbox, log);
    await store.users.create(aUser({ id, attributes: { language: 'de', tags: ['a', { b: 1 }] } }));
    await store.users.create(aUser({ email: BOB, isSuperuser: true }));
    told.length = 0;
    jest.resetAllMocks();
    accountChanged.mockResolvedValue({});
  });

  const names = async (changes: AccountChanges): Promise<string[]> => {
    told.length = 0;
    await service.change(id, changes, BY_THE_APP);
    return told.map(([name]) => name);
  };

  it.each<[string, AccountChanges, string[]]>([
    ['a name', { fullName: 'Bob' }, ['user.profile_updated']],
    ['no name', { fullName: null }, ['user.profile_updated']],
    ['an attribute', { attributes: { language: 'en' } }, ['user.profile_updated']],
    ['a new attribute', { attributes: { city: 'Jena' } }, ['user.profile_updated']],
    ['an attribute less', { attributes: { language: null } }, ['user.profile_updated']],
    ['name and attribute', { fullName: 'Bob', attributes: { city: 'Jena' } }, ['user.profile_updated']],
    ['roles', { roles: ['editor'] }, ['user.roles_changed']],
    ['a superuser', { isSuperuser: true }, ['user.promoted']],
    ['disabled', { isActive: false }, ['user.disabled']],
    ['ended sessions', { endSessions: true }, ['session.all_revoked']],
    [
      'all at once',
      { fullName: 'Bob', roles: ['editor'], isSuperuser: true, isActive: false, endSessions: true },
      ['user.profile_updated', 'user.roles_changed', 'user.promoted', 'user.disabled', 'session.all_revoked'],
    ],
  ])('%s: each is told once', async (_, changes, expected) => {
    expect(await names(changes)).toEqual(expected);
  });

  it.each<[string, AccountChanges]>([
    ['nothing', {}],
    ['the same name', { fullName: aUser().fullName }],
    ['the same attributes', { attributes: { language: 'de', tags: ['a', { b: 1 }] } }],
    ['no attribute', { attributes: {} }],
    ['an attribute less that was not there', { attributes: { city: null } }],
    ['the same roles', { roles: [] }],
    ['the same rights and status', { isSuperuser: false, isActive: true }],
  ])('what changes nothing tells nothing: %s', async (_, changes) => {
    expect(await names(changes)).toEqual([]);
  });

  it('the way back is told too, and neither is told twice', async () => {
    await names({ roles: ['editor'], isSuperuser: true, isActive: false });
    expect(await names({ isSuperuser: true, isActive: false, roles: ['editor'] })).toEqual([]);
    expect(await names({ isSuperuser: false, isActive: true, roles: [] })).toEqual([
      'user.roles_changed',
      'user.demoted',
      'user.enabled',
    ]);
  });

  it('events carry the public user after the change, and who did it', async () => {
    const changed = await service.change(id, { roles: ['editor'], endSessions: true }, BY_AN_ADMIN);
    expect(changed).toMatchObject({ id, roles: ['editor'] });
    expect(Object.keys(changed!)).not.toContain('authEpoch');
    expect(told).toEqual([
      ['user.roles_changed', BY_AN_ADMIN, changed],
      ['session.all_revoked', BY_AN_ADMIN, id],
    ]);
  });

  it('W30: nobody is told of to nobody; who takes the last admin away is told of to the log only', async () => {
    expect(await service.change('nobody', { fullName: 'x' }, BY_THE_APP)).toBeNull();
    const { id: admin } = store.tables.userByEmail(BOB)!;
    for (const changes of [
      { isActive: false },
      { isSuperuser: false, fullName: 'x', endSessions: true as const },
    ])
      await expect(service.change(admin, changes, BY_THE_APP)).rejects.toMatchObject({
        code: 'account.last_admin',
      });
    const refused = ['access.refused', BY_THE_APP, admin];
    expect(told).toEqual([refused, refused]);
  });

  it.each<AccountChanges>([
    { isActive: false },
    { isSuperuser: true, fullName: 'Bob' },
    { endSessions: true },
  ])('the owner is told of it, with the change and by a worker that is woken: %j', async (changes) => {
    const changeAccount = jest.spyOn(store.accounts, 'changeAccount');
    accountChanged.mockResolvedValue({ isActive: 'a notice' });
    await service.change(id, changes, BY_AN_ADMIN);
    expect(accountChanged.mock.calls).toMatchObject([[{ id, email: ALICE }, changes, BY_AN_ADMIN]]);
    expect(changeAccount.mock.calls).toEqual([[id, changes, { isActive: 'a notice' }]]);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('the owner is not told of profile and roles', async () => {
    await service.change(id, { fullName: 'Bob', roles: ['editor'], attributes: { a: 1 } }, BY_AN_ADMIN);
    expect([accountChanged.mock.calls.length, wake.mock.calls.length]).toEqual([0, 0]);
  });

  it('a new epoch takes sessions, links and trust in devices along; another change leaves them', async () => {
    const clearing = [
      jest.spyOn(store.sessions, 'closeAllFor'),
      jest.spyOn(store.challenges, 'dropAllFor'),
      jest.spyOn(store.trustedDevices, 'distrustAllFor'),
    ];
    await names({ fullName: 'Bob', roles: ['editor'], isSuperuser: true });
    for (const one of clearing) expect(one).not.toHaveBeenCalled();
    await names({ isActive: false });
    await names({ endSessions: true });
    for (const { mock } of clearing)
      expect(mock.calls).toEqual([
        [id, 1],
        [id, 2],
      ]);
  });
});
