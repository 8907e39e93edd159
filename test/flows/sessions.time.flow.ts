import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { type Head, outcome, Scene, someone, WRONG_PASSWORD } from './scene';

const STALE = [403, 'session.stale'];
const ADMIN = { enableAdminRouter: true };

/** The notes of when sessions were used, which no answer waits for. */
class Notes {
  count = 0;
  private readonly pending: Promise<unknown>[] = [];

  constructor({ stage }: Scene) {
    const { sessions } = stage.host.app.get(Store, { strict: false });
    const touch = sessions.touch.bind(sessions);
    sessions.touch = (...args) => {
      this.count += 1;
      const noted = touch(...args);
      this.pending.push(noted);
      return noted;
    };
  }

  async written(): Promise<void> {
    await Promise.all(this.pending.splice(0));
  }
}

describe('the time of sessions', () => {
  let scene: Scene;
  let notes: Notes;
  beforeAll(async () => {
    scene = await Scene.start(ADMIN);
  });
  afterAll(() => scene.close());

  const enter = async (settings: Parameters<typeof Scene.start>[0]): Promise<void> => {
    await scene.stage.enter({ ...ADMIN, ...settings });
    notes = new Notes(scene);
  };

  /** One request, and its note. */
  const isAlive = async ({ token }: Head): Promise<boolean> => {
    const alive = await scene.isSignedIn(token!);
    await notes.written();
    return alive;
  };
  const pause = (seconds: number): void => scene.advance(seconds);

  describe('freshness', () => {
    /** Everything that asks for a fresh session, on somebody who is not to be harmed. */
    const guarded = async (): Promise<Record<string, (head: Head) => ReturnType<Scene['get']>>> => {
      const victim = await scene.member();
      const { id } = await scene.me(victim);
      const user = `/admin/users/${id}`;
      const pending = someone();
      await scene.register(pending);
      return {
        'DELETE /sessions/:id': async (head) => {
          const { json } = await scene.get('/api/auth/sessions', head);
          return scene.delete(`/sessions/${json.items[0].id}`, undefined, head);
        },
        'POST /sessions/revoke-others': (head) => scene.post('/sessions/revoke-others', undefined, head),
        'PATCH /admin/users/:id': (head) => scene.patch(user, { is_active: false }, head),
        'POST /admin/users/:id/revoke-sessions': (head) =>
          scene.post(`${user}/revoke-sessions`, undefined, head),
        'DELETE /admin/users/:id': (head) => scene.delete(user, undefined, head),
        'POST /admin/pending-registrations/:id/promote': async (head) => {
          const { json } = await scene.get('/api/auth/admin/pending-registrations', head);
          return scene.post(`/admin/pending-registrations/${json.items[0].id}/promote`, undefined, head);
        },
        victim: (head) => scene.get('/orders', { ...head, token: victim.token }),
      };
    };

    /** The session itself ends by the first, which comes last. */
    const passAll = async (acts: Awaited<ReturnType<typeof guarded>>, head: Head): Promise<void> => {
      const [first, ...others] = Object.entries(acts);
      for (const [name, act] of [...others, first!])
        expect([name, (await act(head)).status]).toEqual([name, 200]);
    };

    it('R58, R71: what ends sessions and what admins write needs a recent proof; nothing happens without it', async () => {
      const { email, token } = await scene.admin();
      const other = await scene.signIn(email, PASSWORD);
      const { victim, ...acts } = await guarded();
      pause(899);
      expect((await acts['POST /sessions/revoke-others']!({ token: other.token })).status).toBe(200);
      const late = await scene.signIn(email, PASSWORD);
      pause(900);
      for (const [name, act] of Object.entries(acts))
        expect([name, ...outcome(await act({ token: late.token }))]).toEqual([name, ...STALE]);
      expect((await victim!({})).status).toBe(200);
      expect(await scene.isSignedIn(other.token)).toBe(true);
      expect(await scene.isSignedIn(token)).toBe(false);
    });

    it('R58: a proof of the password heals this session and no other; a wrong one does not', async () => {
      const { email, token } = await scene.admin();
      const other = await scene.signIn(email, PASSWORD);
      pause(900);
      const prove = (current_password: string) =>
        scene.post('/reauthenticate', { current_password }, { token });
      expect((await prove(WRONG_PASSWORD)).status).toBe(400);
      const { victim, ...acts } = await guarded();
      const revoke = acts['POST /sessions/revoke-others']!;
      expect(outcome(await revoke({ token }))).toEqual(STALE);
      expect((await prove(PASSWORD)).status).toBe(200);
      expect(outcome(await revoke({ token: other.token }))).toEqual(STALE);
      await passAll(acts, { token });
      expect((await victim!({})).status).toBe(401);
    });

    it('reading, one’s own profile and mailing a link need none', async () => {
      const { token } = await scene.admin();
      await scene.stage.enter({ ...ADMIN, requireVerification: false });
      const { json } = await scene.register(someone());
      pause(7000);
      const answers = [
        await scene.get('/api/auth/me', { token }),
        await scene.patch('/me', { full_name: 'Ada' }, { token }),
        await scene.get('/api/auth/sessions', { token }),
        await scene.get('/api/auth/admin/users', { token }),
        await scene.get('/api/auth/admin/audit', { token }),
        await scene.post(`/admin/users/${json.id}/resend-verification`, undefined, { token }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 202]);
      await scene.stage.enter(ADMIN);
    });

    it('fresh_session_seconds = 0 asks for none', async () => {
      await scene.stage.enter({ ...ADMIN, freshSessionSeconds: 0 });
      const { token } = await scene.admin();
      const { victim: _, ...acts } = await guarded();
      pause(7199);
      await passAll(acts, { token });
    });
  });

  describe('idleness', () => {
    it('R57: a session in use stays, up to its last second whatever its use', async () => {
      await enter({ sessionIdleSeconds: 600 });
      const member = await scene.member();
      for (let seconds = 0; seconds < 6900; seconds += 575) {
        pause(575);
        expect(await isAlive(member)).toBe(true);
      }
      pause(299);
      expect(await isAlive(member)).toBe(true);
      pause(1);
      expect(await isAlive(member)).toBe(false);
    });

    it.each([
      [600, 60],
      [20, 2],
    ])(
      'R57: one that is not used ends after %i s, never earlier and %i s later at most',
      async (idle, step) => {
        await enter({ sessionIdleSeconds: idle });
        const [early, late] = [await scene.member(), await scene.member()];
        pause(step - 0.001);
        // Not noted: the session was opened less than a step ago.
        expect([await isAlive(early), await isAlive(late), notes.count]).toEqual([true, true, 0]);
        pause(idle);
        expect(await isAlive(early)).toBe(true);
        pause(0.001);
        expect(await isAlive(late)).toBe(false);
        expect((await scene.get('/api/auth/sessions', late)).status).toBe(401);
        pause(idle + step);
        expect(await isAlive(early)).toBe(false);
      },
    );

    it('R57: a short limit ends no session that is used within it', async () => {
      await enter({ sessionIdleSeconds: 20 });
      const member = await scene.member();
      for (let n = 0; n < 10; n++) {
        pause(19.9);
        expect(await isAlive(member)).toBe(true);
      }
    });

    it('an idle session is not listed any more', async () => {
      await enter({ sessionIdleSeconds: 600 });
      const { email } = await scene.member();
      pause(660);
      const second = await scene.signIn(email, PASSWORD);
      expect((await scene.get('/api/auth/sessions', { token: second.token })).json.items).toHaveLength(1);
    });

    it('without a limit only the lifetime ends it', async () => {
      await enter({});
      const member = await scene.member();
      pause(7199);
      expect(await isAlive(member)).toBe(true);
      pause(1);
      expect(await isAlive(member)).toBe(false);
    });

    it('the last use is noted once a minute, whatever a session does', async () => {
      await enter({});
      const { token } = await scene.member();
      const begin = scene.stage.clock.now().getTime();
      const seen: number[] = [];
      for (let n = 0; n < 19; n++) {
        const { json } = await scene.get('/api/auth/sessions', { token });
        await notes.written();
        seen.push((Date.parse(json.items[0].last_seen_at as string) - begin) / 1000);
        pause(10);
      }
      expect(notes.count).toBe(3);
      expect(Math.max(...seen.map((at, n) => n * 10 - at))).toBeLessThanOrEqual(60);
      const { json } = await scene.get('/api/auth/sessions', { token });
      expect(Date.parse(json.items[0].last_seen_at as string)).toBe(begin + 180_000);
    });
  });
});
