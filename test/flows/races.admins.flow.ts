import { UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { late, race, type Racer, raceTrack, together, winners } from './race';
import type { Answer, Member, Scene } from './scene';

const RING = 4;

type Admin = Member & { readonly id: string };

/** What two admins do at the same moment, each of whom would be the last one after what the other does. */
const DUELS: Readonly<Record<string, (scene: Scene, one: Admin, other: Admin) => readonly [Racer, Racer]>> = {
  'demote each other': (scene, one, other) => [
    () => demote(scene, one, other),
    () => demote(scene, other, one),
  ],
  'disable each other': (scene, one, other) => [
    () => disable(scene, one, other),
    () => disable(scene, other, one),
  ],
  'delete each other': (scene, one, other) => [
    () => remove(scene, one, other),
    () => remove(scene, other, one),
  ],
  'delete themselves': (scene, one, other) => [() => leave(scene, one), () => leave(scene, other)],
  'demote themselves': (scene, one, other) => [
    () => demote(scene, one, one),
    () => demote(scene, other, other),
  ],
  'delete and demote themselves': (scene, one, other) => [
    () => leave(scene, one),
    () => demote(scene, other, other),
  ],
  'delete themselves and disable themselves': (scene, one, other) => [
    () => leave(scene, one),
    () => disable(scene, other, other),
  ],
};

const patch = (scene: Scene, { token }: Admin, { id }: Admin, body: unknown) =>
  scene.patch(`/admin/users/${id}`, body, { token });
const demote = (scene: Scene, by: Admin, whom: Admin) => patch(scene, by, whom, { is_superuser: false });
const disable = (scene: Scene, by: Admin, whom: Admin) => patch(scene, by, whom, { is_active: false });
const remove = (scene: Scene, { token }: Admin, { id }: Admin) =>
  scene.delete(`/admin/users/${id}`, undefined, { token });
const leave = (scene: Scene, { token }: Admin) =>
  scene.post('/account/delete', { current_password: PASSWORD }, { token });

describe('races for the last admin', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await raceTrack({ enableAdminRouter: true });
  });
  afterAll(() => scene.close());

  /** So many admins, and nobody else who is one. */
  const admins = async (count: number): Promise<readonly Admin[]> => {
    const { app } = scene.stage.host;
    const made: Admin[] = [];
    for (let n = 0; n < count; n++) {
      const admin = await scene.admin();
      made.push({ ...admin, id: (await scene.me(admin)).id as string });
    }
    const query = { search: null, isActive: null, isVerified: null, isSuperuser: true };
    const all = await app
      .get(Store, { strict: false })
      .accounts.list(query, { before: null, skip: 0, limit: 200 });
    const others = all.filter(({ id }) => made.every((one) => one.id !== id));
    for (const { id } of others) await app.get(UsersService, { strict: false }).demote(id);
    return made;
  };

  /** Who of them is an admin now, by a session of the password. */
  const left = async (all: readonly Admin[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const { email, id } of all) {
      const { status, json } = await scene.login(email, PASSWORD);
      const token = json.access_token as string;
      const stats = status === 200 && (await scene.get('/api/auth/admin/stats', { token }));
      if (stats && stats.status === 200) found.push(id);
    }
    return found;
  };

  /** Whoever did not win was told why: nobody else is left, or they are none any more themselves. */
  const refused = (answers: readonly Answer[]): unknown[] =>
    answers.filter(({ status }) => status !== 200).map(({ json }) => json.code);
  const WHY = ['account.last_admin', 'account.not_allowed', 'session.required', 'account.not_found'];

  for (const [what, racers] of Object.entries(DUELS))
    race(`R71, W30, P5: of two admins who ${what}, one does, and one is left`, async () => {
      const pair = await admins(2);
      const answers = await together(...racers(scene, pair[0]!, pair[1]!));
      expect(winners(answers)).toHaveLength(1);
      for (const code of refused(answers)) expect(WHY).toContain(code);
      expect(await left(pair)).toHaveLength(1);
    });

  race(
    'R71, W30, P5: in a ring, each of whom demotes, disables or deletes the next, somebody is left',
    async () => {
      const ring = await admins(RING);
      const acts = [demote, disable, remove];
      const answers = await together(
        ...ring.map((one, n) => late(() => acts[n % acts.length]!(scene, one, ring[(n + 1) % RING]!))),
        ...ring.map((one) => late(() => leave(scene, one))),
      );
      for (const code of refused(answers)) expect([...WHY, 'login.invalid_credentials']).toContain(code);
      const inside = await left(ring);
      expect(inside.length).toBeGreaterThanOrEqual(1);
      expect(winners(answers).length).toBeGreaterThanOrEqual(RING - inside.length);
    },
  );
});
