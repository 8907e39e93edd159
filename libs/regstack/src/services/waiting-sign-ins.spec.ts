import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { hashToken } from '../kernel/secret-token';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { ALICE, aUser, BOB } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { type Wait, WaitingSignIns } from './waiting-sign-ins';

const BEGUN = { proofs: ['password'], transport: 'cookie' } as const;

describe('WaitingSignIns', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let user: UserRecord;
  let waiting: WaitingSignIns;

  const waitingOf = (options: RegStackOptions = {}): WaitingSignIns => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    return new WaitingSignIns(config, clock, store.challenges, store.users);
  };
  beforeEach(async () => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    user = await store.users.create(aUser({ email: ALICE }));
    waiting = waitingOf();
  });

  const begin = async (kind: Wait = 'sign-in', of = user): Promise<string> =>
    (await waiting.begin(kind, of, BEGUN)).pendingToken;
  const found = async (token: string, kind: Wait = 'sign-in') => (await waiting.find(kind, token))!;

  it.each(['sign-in', 'enrolment'] as const)(
    '%s: is found with what was proved, and how it goes on',
    async (kind) => {
      const { id, pendingToken, expiresIn } = await waiting.begin(kind, user, BEGUN);
      expect(pendingToken).toMatch(/^[\w-]{43}$/);
      expect(expiresIn).toBe(600);
      expect(await found(pendingToken, kind)).toEqual({
        id,
        ...BEGUN,
        user: await store.users.findCredentials(user.id),
      });
    },
  );

  it('the table holds no token, and no subject that is a user: nobody ends the sign-in of another', async () => {
    const token = await begin();
    const [row] = [...store.tables.challenges.values()];
    expect(row).toMatchObject({ subjectId: row!.id, userId: user.id, tokenHash: hashToken(token) });
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it('several of one user wait side by side', async () => {
    const tokens = [await begin(), await begin(), await begin('enrolment')];
    const kinds = ['sign-in', 'sign-in', 'enrolment'] as const;
    const ids = await Promise.all(tokens.map(async (token, n) => (await found(token, kinds[n])).id));
    expect(new Set(ids).size).toBe(3);
    expect(await waiting.end(await found(tokens[0]!))).toBe(true);
    expect(await waiting.find('sign-in', tokens[0]!)).toBeNull();
    expect(await found(tokens[1]!)).not.toBeNull();
  });

  it.each([
    ['sign-in', 'enrolment'],
    ['enrolment', 'sign-in'],
  ] as const)('the token of a wait for %s is none of one for %s', async (kind, other) => {
    expect(await waiting.find(other, await begin(kind))).toBeNull();
  });

  it.each<[string, (token: string) => unknown]>([
    ['cut', (token) => token.slice(0, -1)],
    ['longer', (token) => `${token}A`],
    ['another', (token) => (token.startsWith('A') ? 'B' : 'A') + token.slice(1)],
    ['its hash', (token) => hashToken(token)],
    ['empty', () => ''],
    ['with a line break', (token) => `${token}\n`],
  ])('a token is none when it is %s', async (_, changed) => {
    expect(await waiting.find('sign-in', changed(await begin()) as string)).toBeNull();
  });

  it('text that is no token is not looked up', async () => {
    const find = jest.spyOn(store.challenges, 'findLive');
    await waiting.find('sign-in', 'x'.repeat(256));
    expect(find).not.toHaveBeenCalled();
  });

  it.each([1, 600, 3600])(
    'lives for mfa_pending_token_ttl_seconds: %s',
    async (mfaPendingTokenTtlSeconds) => {
      waiting = waitingOf({ mfaPendingTokenTtlSeconds });
      const token = await begin();
      clock.advance(mfaPendingTokenTtlSeconds - 0.001);
      expect(await found(token)).not.toBeNull();
      clock.advance(0.001);
      expect(await waiting.find('sign-in', token)).toBeNull();
    },
  );

  it.each<[string, () => Promise<unknown>]>([
    ['credentials changed', () => store.users.changeCredentials(user.id, 0, { passwordHash: 'x' }, [])],
    ['the user was disabled', () => store.accounts.changeAccount(user.id, { isActive: false })],
    [
      'the user was disabled and enabled again',
      async () => {
        await store.accounts.changeAccount(user.id, { isActive: false });
        await store.accounts.changeAccount(user.id, { isActive: true });
      },
    ],
    ['every session was ended', () => store.accounts.changeAccount(user.id, { endSessions: true })],
    ['the user is gone', async () => store.tables.users.delete(user.id)],
  ])('W12: is over when %s', async (_, happens) => {
    const token = await begin();
    await happens();
    expect(await waiting.find('sign-in', token)).toBeNull();
  });

  it('W12: what was proved of an epoch that is over by then does not begin to wait', async () => {
    await store.users.changeCredentials(user.id, 0, { passwordHash: 'x' }, []);
    expect(await waiting.find('sign-in', await begin())).toBeNull();
  });

  it('a user who has changed nothing but the name goes on, as they are now', async () => {
    const token = await begin();
    await store.accounts.changeAccount(user.id, { fullName: 'Somebody else' });
    expect((await found(token)).user.fullName).toBe('Somebody else');
  });

  it.each([1, 5, 10])(
    'R43: %s guesses for one sign-in, also when they come together',
    async (smsCodeMaxAttempts) => {
      waiting = waitingOf({ smsCodeMaxAttempts });
      const [one, other] = [await found(await begin()), await found(await begin())];
      const counted = await Promise.all(Array.from({ length: 30 }, () => waiting.countGuess(one)));
      expect(counted.filter(Boolean)).toHaveLength(smsCodeMaxAttempts);
      expect(await waiting.countGuess(other)).toBe(true);
    },
  );

  it('R43: it is over with its last guess', async () => {
    const token = await begin();
    const wait = await found(token);
    for (let n = 0; n < 4; n++) await waiting.countGuess(wait);
    expect(await found(token)).not.toBeNull();
    await waiting.countGuess(wait);
    expect(await waiting.find('sign-in', token)).toBeNull();
  });

  it('ending it is one call’s', async () => {
    const token = await begin();
    const wait = await found(token);
    const ended = await Promise.all(Array.from({ length: 20 }, () => waiting.end(wait)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await waiting.countGuess(wait)).toBe(false);
    expect(await waiting.find('sign-in', token)).toBeNull();
  });

  it('the token of one user finds nobody else', async () => {
    const bob = await store.users.create(aUser({ email: BOB }));
    const [alices, bobs] = [await begin(), await begin('sign-in', bob)];
    expect([(await found(alices)).user.id, (await found(bobs)).user.id]).toEqual([user.id, bob.id]);
  });
});
