import { loadRegStackConfig } from '../config/load-config';
import { BY_THE_APP, type By, type Origin, THE_APP } from '../kernel/origin';
import type { UserRepository } from '../ports/user.repository';
import { ALICE } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import type { LinkBuilder } from './link.builder';
import type { OutboxService } from './outbox.service';
import { SecurityNotices } from './security-notices';

const OWNER = { id: 'alice', email: ALICE };
const WHEN = '1 March 2126, 12:00 UTC';
const ORIGIN: Origin = { ip: '203.0.113.7', userAgent: 'x', device: 'Firefox on Linux', requestId: 'r-1' };

describe('SecurityNotices', () => {
  const compose = jest.fn();
  const notices = new SecurityNotices(
    loadRegStackConfig({ jwtSecret: 'x'.repeat(32) }, { env: {} }),
    new FakeClock(new Date('2126-03-01T12:00:59Z')),
    { undoEmailChange: (token: string) => `https://x/${token}` } as LinkBuilder,
    { compose } as unknown as OutboxService,
    {} as UserRepository,
  );
  beforeEach(() => {
    compose.mockReset();
    compose.mockImplementation(async (kind: string) => ({ kind }));
  });
  const factsFor = async (by: By): Promise<unknown> => {
    await notices.passwordChanged(OWNER, by);
    expect(compose).toHaveBeenCalledWith('password-changed', ALICE, expect.anything(), null);
    return compose.mock.calls[0]![2];
  };

  it.each<[string, By]>([
    ['the owner', { actor: 'alice', origin: ORIGIN }],
    ['somebody whom nobody knows', { actor: null, origin: ORIGIN }],
  ])('%s: when, the address and the device', async (_, by) => {
    expect(await factsFor(by)).toEqual({ when: WHEN, by: null, ip: ORIGIN.ip, device: ORIGIN.device });
  });

  it.each<[string, By, string]>([
    ['an admin', { actor: 'bob', origin: ORIGIN }, 'an administrator'],
    ['an admin, by the code of the host', { actor: 'bob', origin: THE_APP }, 'an administrator'],
    ['the code of the host', BY_THE_APP, 'the app itself'],
  ])('%s: when and by whom, and nothing of where they were', async (_, by, words) => {
    expect(await factsFor(by)).toEqual({ when: WHEN, by: words, ip: null, device: null });
  });

  it.each([
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['<b>1.2.3.4</b>', null],
    ['1.2.3.4 https://evil.example', null],
    ['', null],
    [null, null],
  ])('an address is told in its one spelling, and what is none is not told: %s', async (ip, told) => {
    expect(await factsFor({ actor: 'alice', origin: { ...ORIGIN, ip } })).toMatchObject({ ip: told });
  });

  it.each([
    [{ isActive: false }, { isActive: 'account-disabled' }],
    [{ isActive: true }, { isActive: 'account-enabled' }],
    [{ isSuperuser: true }, { isSuperuser: 'admin-granted' }],
    [{ isSuperuser: false }, { isSuperuser: 'admin-revoked' }],
    [{ endSessions: true }, { endSessions: 'sessions-ended' }],
    [
      { isActive: true, endSessions: true },
      { isActive: 'account-enabled', endSessions: 'sessions-ended' },
    ],
    [{ isActive: false, endSessions: true }, { isActive: 'account-disabled' }],
    [{ fullName: 'x', roles: ['x'] }, {}],
  ] as const)('%j: has these notices: %j', async (changes, kinds) => {
    const told = await notices.accountChanged(OWNER, changes, BY_THE_APP);
    const kindsOf = Object.entries(told).map(([about, message]) => [about, message.kind]);
    expect(Object.fromEntries(kindsOf)).toEqual(kinds);
  });
});
