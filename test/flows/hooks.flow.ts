import { AccountHooks, type RegistrationAttempt, type SignInAttempt, Veto } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { LightHasher } from '../support/stage/light.hasher';
import { type Answer, fingerprint, outcome, Scene, someone, WRONG_PASSWORD } from './scene';
import { SceneAttributes } from './scene.attributes';

/** Says what a test tells it to. */
class Hooks extends AccountHooks {
  readonly registrations: RegistrationAttempt[] = [];
  readonly signIns: SignInAttempt[] = [];
  answer: () => Veto | null = () => null;

  override async beforeRegister(attempt: RegistrationAttempt) {
    this.registrations.push(attempt);
    return this.answer();
  }

  override beforeSignIn(attempt: SignInAttempt) {
    this.signIns.push(attempt);
    return this.answer();
  }
}

const REFUSED = [403, 'hook.refused', 'Not from here.'];
const told = (answer: Answer): unknown[] => [...outcome(answer), answer.json.detail];

describe('hooks of the host', () => {
  let scene: Scene;
  const hooks = new Hooks();
  beforeAll(async () => {
    const providers = [{ provide: AccountHooks, useValue: hooks }];
    scene = await Scene.start({ attributes: SceneAttributes, providers });
  });
  afterEach(() => {
    hooks.answer = () => null;
    jest.restoreAllMocks();
  });
  afterAll(() => scene.close());

  const veto = (): void => {
    hooks.answer = () => new Veto('Not from here.');
  };

  it('are asked about registrations and sign-ins, with what was typed and without passwords', async () => {
    const email = someone();
    const attributes = { language: 'de' };
    const body = { email: email.toUpperCase(), password: PASSWORD, full_name: 'Ada', attributes };
    expect((await scene.post('/register', body)).status).toBe(201);
    expect(hooks.registrations.at(-1)).toEqual({
      email,
      fullName: 'Ada',
      attributes: { ...attributes, plan: 'free' },
      ip: '127.0.0.1',
    });
    await scene.verify(await scene.tokenTo(email));
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
    expect(hooks.signIns.at(-1)).toEqual({ email, ip: '127.0.0.1' });
  });

  it('R13, R23: a veto is the same whoever has an account, before anything is hashed, counted, stored or mailed', async () => {
    const { email, token } = await scene.member();
    const fresh = someone();
    const { users } = scene.stage.host.app.get(Store, { strict: false });
    const work = [
      jest.spyOn(LightHasher.prototype, 'hash'),
      jest.spyOn(LightHasher.prototype, 'verify'),
      jest.spyOn(users, 'findForLogin'),
    ];
    const mails = await scene.mailsTo(email);
    veto();
    scene.takeEvents();
    const registrations = [await scene.register(email), await scene.register(fresh)];
    const signIns: Answer[] = [];
    for (let n = 0; n < 6; n++)
      for (const [address, password] of [
        [email, PASSWORD],
        [email, WRONG_PASSWORD],
        [fresh, PASSWORD],
      ] as const)
        signIns.push(await scene.login(address, password));
    for (const answers of [registrations, signIns])
      for (const one of answers) {
        expect(told(one)).toEqual(REFUSED);
        expect(fingerprint(one)).toEqual(fingerprint(answers[0]!));
      }
    expect(work.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
    expect(scene.takeEvents()).toEqual([]);
    expect(await scene.mailsTo(email)).toEqual(mails);
    expect(await scene.mailsTo(fresh)).toEqual([]);
    expect(await scene.isSignedIn(token)).toBe(true);
    // Six wrong passwords would have been too many.
    hooks.answer = () => null;
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('are not asked about what is refused anyway', async () => {
    const asked = hooks.registrations.length + hooks.signIns.length;
    await scene.post('/register', { email: 'no address', password: PASSWORD });
    await scene.post('/register', { email: someone(), password: PASSWORD, attributes: { plan: 'gold' } });
    await scene.login(someone(), 'x'.repeat(257));
    expect(hooks.registrations.length + hooks.signIns.length).toBe(asked);
  });

  it('one that throws lets nothing pass, and what it threw is not shown', async () => {
    const { email } = await scene.member();
    hooks.answer = () => {
      throw new Error('canary of the host');
    };
    const fresh = someone();
    for (const answer of [await scene.login(email, PASSWORD), await scene.register(fresh)]) {
      expect(outcome(answer)).toEqual([500, 'server.error']);
      expect(answer.text).not.toContain('canary');
    }
    expect(await scene.mailsTo(fresh)).toEqual([]);
  });
});
