import type { RegStackConfig } from '@regstack/nestjs';
import { aNumber, Factors, type PhoneMember } from '../flows/factors';
import { type Member, outcome, type Scene } from '../flows/scene';
import { openShop, SHOP } from './shop';

const [SIGNED_IN, WAITS] = ['signed in', 'mfa_enrolment_required'];

/** What a policy does to whom. */
interface Row {
  readonly policy: RegStackConfig['mfaPolicy'];
  /** A user who begins to enrol an app, and a number. */
  readonly enrols: readonly [app: number, number: number];
  /** Sign-ins of those without a factor. */
  readonly user: string;
  readonly superuser: string;
  /** A superuser without a factor who has been signed in since before. */
  readonly admin: readonly [number, string?];
  /** Whoever removes the only factor that they have. */
  readonly removes: readonly [user: number, superuser: number];
}

const TABLE: readonly Row[] = [
  {
    policy: 'off',
    enrols: [404, 404],
    user: SIGNED_IN,
    superuser: SIGNED_IN,
    admin: [200],
    removes: [200, 200],
  },
  {
    policy: 'optional',
    enrols: [200, 202],
    user: SIGNED_IN,
    superuser: SIGNED_IN,
    admin: [200],
    removes: [200, 200],
  },
  {
    policy: 'required',
    enrols: [200, 202],
    user: WAITS,
    superuser: WAITS,
    admin: [403, 'mfa.required'],
    removes: [403, 403],
  },
  {
    policy: 'required_for_superusers',
    enrols: [200, 202],
    user: SIGNED_IN,
    superuser: WAITS,
    admin: [403, 'mfa.required'],
    removes: [200, 403],
  },
];

describe.each(TABLE)('mfa_policy = $policy', ({ policy, enrols, user, superuser, admin, removes }) => {
  let scene: Scene;
  let factors: Factors;
  let plain: { readonly user: Member; readonly superuser: Member };
  let enrolled: { readonly user: PhoneMember; readonly superuser: PhoneMember };
  beforeAll(async () => {
    ({ scene } = await openShop());
    factors = new Factors(scene);
    plain = { user: await scene.member(), superuser: await scene.admin() };
    enrolled = {
      user: await factors.enrolPhone(await scene.member()),
      superuser: await factors.enrolPhone(await scene.admin()),
    };
    // All of them have come before the policy.
    await scene.stage.enter({ ...SHOP, mfaPolicy: policy });
  });
  afterAll(() => scene.close());

  const signIn = async ({ email, password }: Member): Promise<unknown> => {
    const { json } = await scene.login(email, password);
    return json.status ?? SIGNED_IN;
  };

  it('decides who signs in without a factor, and whether one can be enrolled', async () => {
    expect([await signIn(plain.user), await signIn(plain.superuser)]).toEqual([user, superuser]);
    const body = { current_password: plain.user.password };
    const app = await scene.post('/mfa/totp/start', body, plain.user);
    const number = await scene.post('/phone/start', { ...body, phone_number: aNumber() }, plain.user);
    expect([app.status, number.status]).toEqual(enrols);
  });

  it('admin routes are closed to a superuser who should have a factor and has none', async () => {
    const answers = [];
    for (const one of [plain.superuser, enrolled.superuser])
      answers.push(outcome(await scene.get('/api/auth/admin/stats', one)));
    const shown = answers.map(([status, code]) => [status, ...(code ? [code] : [])]);
    expect(shown).toEqual([admin, [200]]);
    // All else is as open as before: the factor has to be enrolled by somebody.
    expect(await scene.isSignedIn(plain.superuser.token)).toBe(true);
  });

  it('R47: a factor that is there is asked for whatever it says, and decides who may be rid of it', async () => {
    const statuses: number[] = [];
    for (const one of [enrolled.user, enrolled.superuser]) {
      const token = await factors.begin(one);
      const { json } = await factors.confirm(token, await factors.codeTo(one.number));
      const head = { token: json.access_token as string };
      await scene.post('/mfa/challenge', undefined, head);
      const proof = { current_password: one.password, code: await factors.codeTo(one.number) };
      statuses.push((await scene.delete('/phone', proof, head)).status);
    }
    expect(statuses).toEqual(removes);
  });
});
