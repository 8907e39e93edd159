import { loadRegStackConfig } from '../config/load-config';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { ALICE, aSession, aUser, BOB } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { SessionActivity } from './session-activity';
import { SessionAuthenticator } from './session-authenticator';
import { type SignedSession, TokenService } from './token.service';

describe('SessionAuthenticator and epochs', () => {
  const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32) }, { env: {} });
  const name = new InstanceName('default');
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let tokens: TokenService;
  let authenticator: SessionAuthenticator;
  let user: UserRecord;

  beforeEach(async () => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    tokens = new TokenService(config, new KeyRing(config, name), clock, name);
    const activity = new SessionActivity(config, store.sessions);
    authenticator = new SessionAuthenticator(tokens, store.sessions, activity, clock);
    const { id } = await store.users.create(aUser({ email: ALICE }));
    user = (await store.users.changeCredentials(id, 0, { passwordHash: 'x' }, []))!;
  });

  const opened = async (of = user) => {
    const createdAt = clock.now();
    const session = aSession(of.id, {
      authEpoch: of.authEpoch,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + 7.2e6),
    });
    await store.sessions.open(session);
    return session;
  };
  const enter = (session: SignedSession) => authenticator.authenticate(tokens.sign(session));
  const change = (kept?: string) =>
    store.users.changeCredentials(user.id, user.authEpoch, { isMfaEnabled: true }, [], kept);

  it('a session that a change of factors has kept goes on with its old token, and others do not', async () => {
    const [own, other] = [await opened(), await opened()];
    await change(own.id);
    expect(await enter(own)).toMatchObject({ sessionId: own.id, authEpoch: user.authEpoch + 1 });
    expect(await enter(other)).toBeNull();
  });

  it('and so through any number of changes', async () => {
    const own = await opened();
    for (let n = 0; n < 3; n++) {
      await change(own.id);
      user = (await store.users.findById(user.id))!;
    }
    expect(await enter(own)).toMatchObject({ authEpoch: own.authEpoch + 3 });
  });

  it('W12: a kept session dies with the next change that does not keep it', async () => {
    const own = await opened();
    await change(own.id);
    user = (await store.users.findById(user.id))!;
    await change();
    expect(await enter(own)).toBeNull();
  });

  it.each([
    ['the epoch before', -1, true],
    ['its own', 0, true],
    ['one that is not there yet', 1, false],
  ])('a token of %s: what counts is the row', async (_, by, passes) => {
    const own = await opened();
    const entered = await enter({ ...own, authEpoch: own.authEpoch + by });
    expect(entered?.sessionId).toBe(passes ? own.id : undefined);
    expect(entered?.authEpoch).toBe(passes ? own.authEpoch : undefined);
  });

  it('a row of another epoch than its user opens nothing, whichever is the later one, whatever the token says', async () => {
    const own = await opened();
    for (const rowEpoch of [user.authEpoch - 1, user.authEpoch + 1])
      for (const authEpoch of [user.authEpoch - 1, user.authEpoch, user.authEpoch + 1]) {
        store.tables.sessions.set(own.id, { ...store.tables.sessions.get(own.id)!, authEpoch: rowEpoch });
        expect(await enter({ ...own, authEpoch })).toBeNull();
      }
  });

  it('the row of one user is not kept by a change of another, nor its token taken for the other’s', async () => {
    const { id } = await store.users.create(aUser({ email: BOB }));
    const bob = (await store.users.changeCredentials(id, 0, { passwordHash: 'x' }, []))!;
    const [own, bobs] = [await opened(), await opened(bob)];
    await change(bobs.id);
    expect(await enter(bobs)).toMatchObject({ authEpoch: bob.authEpoch });
    expect(await enter(own)).toBeNull();
    expect(await enter({ ...bobs, userId: user.id })).toBeNull();
  });

  it('a session that was dead already is not brought back by a change that names it', async () => {
    const own = await opened();
    await change();
    user = (await store.users.findById(user.id))!;
    await change(own.id);
    expect(await enter(own)).toBeNull();
  });
});
