import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { crowd, late, linkToMove, movedMember, race, raceTrack, tally, together, winners } from './race';
import { type Answer, type Member, OTHER_PASSWORD, type Scene, someone } from './scene';
import { tracesOf } from './traces';

const GONE = 'Your account at RegStack was deleted';
const LOGINS = 4;

describe('races with the end of an account', () => {
  let scene: Scene;
  let admin: Member;
  beforeAll(async () => {
    scene = await raceTrack({ enableAdminRouter: true });
    admin = await scene.admin();
  });
  afterAll(() => scene.close());

  const remove = ({ token }: Pick<Member, 'token'>) =>
    scene.post('/account/delete', { current_password: PASSWORD }, { token });
  const logins = (email: string) =>
    Array.from({ length: LOGINS }, () => late(() => scene.login(email, PASSWORD)));
  const idOf = async (member: Pick<Member, 'token'>) => (await scene.me(member)).id as string;
  const countOf = async (email: string, wanted: string): Promise<number> =>
    (await scene.subjectsTo(email)).filter((subject) => subject === wanted).length;

  /** None of the sessions that were opened is alive. */
  const expectOut = async (answers: readonly Answer[]): Promise<void> => {
    for (const { status, json } of answers)
      if (status === 200) expect(await scene.isSignedIn(json.access_token as string)).toBe(false);
  };

  /**
   * What is left in the rows when the time of all that a request had under way is over: links to nobody, a mail that waits for its link.
   * Audit records go as well.
   */
  const traces = async (...texts: readonly string[]): Promise<readonly string[]> => {
    scene.advance(90_000);
    // Who looks into the audit log finds all in it that was to be written.
    const { token } = await scene.signIn(admin.email, PASSWORD);
    expect((await scene.get('/api/auth/admin/audit', { token })).status).toBe(200);
    const now = scene.stage.clock.now();
    const { sweeper } = scene.stage.host.app.get(Store, { strict: false });
    while ((await sweeper.purgeExpired(200, now, new Date(now.getTime() + 1))) > 0);
    await scene.stage.expire();
    // The outbox is looked through when there is something new in it.
    await scene.register(someone());
    await scene.stage.quiet();
    return tracesOf(await scene.stage.rows(), ...texts);
  };

  race(
    'P6, R40: whatever else is asked for meanwhile, nobody is signed in and nobody comes back',
    async () => {
      const member = await scene.member();
      const { email, token } = member;
      const [id, to] = [await idOf(member), someone()];
      const { users, sessions } = scene.stage.host.app.get(Store, { strict: false });
      const { authEpoch } = (await users.findCredentials(id))!;
      const [gone, ...others] = await together(
        () => remove(member),
        ...logins(email),
        late(() => scene.patch('/me', { full_name: 'Ada' }, { token })),
        late(() => scene.forgot(email)),
        late(() => scene.resend(email)),
        late(() => scene.changeEmail(member, to)),
        late(() => scene.post('/reauthenticate', { current_password: PASSWORD }, { token })),
        late(() => scene.post('/sessions/revoke-others', undefined, { token })),
      );
      expect(gone.status).toBe(200);
      await expectOut(others.slice(0, LOGINS));
      expect(await scene.isSignedIn(token)).toBe(false);
      expect(await sessions.listFor(id, authEpoch, scene.stage.clock.now())).toEqual([]);
      expect((await scene.login(email, PASSWORD)).status).toBe(401);
      expect(await countOf(email, GONE)).toBe(1);
      expect(await traces(id, email, to)).toEqual([]);
      const again = await scene.member(email, OTHER_PASSWORD);
      expect(await idOf(again)).not.toBe(id);
    },
  );

  race('P6, P1: of a deletion and a change of the credentials, one is done', async () => {
    const { member, email, undo, token } = await movedMember(scene);
    const next = await linkToMove(scene, { ...member, email, token });
    await scene.forgot(email);
    const reset = await scene.tokenTo(email);
    const answers = await together(
      () => remove({ token }),
      () => scene.reset(reset),
      () => scene.changePassword({ token }, PASSWORD, OTHER_PASSWORD),
      () => scene.post('/confirm-email-change', { token: next.link }),
      () => scene.post('/undo-email-change', { token: undo }),
    );
    // The undo works after any of the others, unless the account is gone.
    const done = winners(answers.slice(0, 4));
    expect(done.length + Number(answers[4].status === 200)).toBeGreaterThanOrEqual(1);
    expect(done.length).toBeLessThanOrEqual(1);
    const isGone = done[0] === 0;
    expect(await scene.isSignedIn(token)).toBe(false);
    if (!isGone) return;
    expect(answers[4].status).toBe(400);
    for (const one of [email, member.email, next.email])
      for (const password of [PASSWORD, OTHER_PASSWORD])
        expect((await scene.login(one, password)).status).toBe(401);
  });

  race('P6: of many deletions one is done, and one last mail is sent', async () => {
    const member = await scene.member();
    const answers = await crowd(() => remove(member));
    const { 200: done, 401: over = 0, 400: wrong = 0 } = tally(answers);
    expect([done, over + wrong]).toEqual([1, answers.length - 1]);
    expect(await countOf(member.email, GONE)).toBe(1);
  });

  race('P6: of an owner and an admin who delete an account, one does', async () => {
    const member = await scene.member();
    const id = await idOf(member);
    const { token } = await scene.signIn(admin.email, PASSWORD);
    const answers = await together(
      late(() => remove(member)),
      late(() => scene.delete(`/admin/users/${id}`, undefined, { token })),
    );
    expect(winners(answers)).toHaveLength(1);
    expect([200, 401]).toContain(answers[0].status);
    expect([200, 404]).toContain(answers[1].status);
    expect(await countOf(member.email, GONE)).toBe(1);
  });

  race('P3, P6: an address that is registered at the moment of its deletion is usable', async () => {
    const member = await scene.member();
    const [gone, registered] = await together(
      late(() => remove(member)),
      late(() => scene.register(member.email, OTHER_PASSWORD)),
    );
    expect([gone.status, registered.status]).toEqual([200, 201]);
    expect((await scene.login(member.email, PASSWORD)).status).toBe(401);
    const again = await scene.member(member.email, OTHER_PASSWORD);
    expect((await scene.me(again)).email).toBe(member.email);
  });
});
