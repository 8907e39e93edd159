import { AsyncLocalStorage } from 'node:async_hooks';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { type Answer, fingerprint, OTHER_PASSWORD, Scene, someone, WRONG_PASSWORD } from './scene';

const REPOSITORIES = ['users', 'pendingRegistrations', 'sessions', 'challenges', 'budgets'] as const;

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Set inside of a repository: what its methods call of each other is no call of a service. */
const within = new AsyncLocalStorage<true>();

/** All that is read and written for a request, by the methods of the repositories that it calls, in order. */
async function callsDuring(store: Store, work: () => Promise<unknown>): Promise<string[]> {
  const calls: string[] = [];
  for (const name of REPOSITORIES) {
    const repository = store[name] as unknown as Methods;
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(repository));
    for (const method of methods.filter((one) => one !== 'constructor')) {
      const original = repository[method]!.bind(repository);
      jest.spyOn(repository, method).mockImplementation((...args) => {
        if (within.getStore()) return original(...args);
        calls.push(`${name}.${method}`);
        return within.run(true, () => original(...args));
      });
    }
  }
  await work();
  jest.restoreAllMocks();
  return calls;
}

/** Somebody for each state that an address can be in. */
const PEOPLE = [
  'unknown',
  'one attempt',
  'two attempts',
  'verified',
  'unverified',
  'disabled',
  'moved away',
] as const;
type Person = (typeof PEOPLE)[number];

describe('who has an account is told to nobody', () => {
  let scene: Scene;
  let store: Store;
  const emails = Object.fromEntries(PEOPLE.map((person) => [person, someone()])) as Record<Person, string>;

  beforeAll(async () => {
    scene = await Scene.start({ requireVerification: false });
    await scene.register(emails.unverified);
    await scene.stage.enter({});
    store = scene.stage.host.app.get(Store, { strict: false });
    for (const person of ['verified', 'disabled'] as const) await scene.member(emails[person]);
    await scene.disable(emails.disabled);
    await scene.move(await scene.member(emails['moved away']), someone());
    for (const person of ['one attempt', 'two attempts', 'two attempts'] as const)
      await scene.register(emails[person]);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => scene.close());

  /** Asks for everybody, and expects one answer and the same work for all: of the repositories' methods, in their order. */
  const expectOneAnswer = async (
    ask: (email: string) => Promise<Answer>,
    { to = PEOPLE as readonly Person[], status }: { to?: readonly Person[]; status: number },
  ): Promise<void> => {
    const seen: unknown[] = [];
    for (const person of to) {
      let answer: Answer | undefined;
      const calls = await callsDuring(store, async () => void (answer = await ask(emails[person])));
      expect([person, answer!.status]).toEqual([person, status]);
      seen.push([fingerprint(answer!), calls]);
    }
    expect((seen[0] as [unknown, string[]])[1]).not.toEqual([]);
    for (const [index, one] of seen.entries()) expect([to[index], one]).toEqual([to[index], seen[0]]);
  };

  it('R13, W13, W15: by a sign-in with a wrong password', async () => {
    await expectOneAnswer((email) => scene.login(email, WRONG_PASSWORD), { status: 401 });
  });

  it('R13: by the right password of an attempt that waits', async () => {
    const to = ['unknown', 'one attempt', 'two attempts', 'moved away'] as const;
    await expectOneAnswer((email) => scene.login(email, PASSWORD), { to, status: 401 });
  });

  it('W14, R14: by asking for a reset', async () => {
    await expectOneAnswer((email) => scene.forgot(email), { status: 202 });
  });

  it('R14: by asking for another verification mail', async () => {
    await expectOneAnswer((email) => scene.resend(email), { status: 202 });
  });

  it('W16, R23: by registering', async () => {
    await expectOneAnswer((email) => scene.register(email, OTHER_PASSWORD), { status: 201 });
  });

  it('R24: by moving there', async () => {
    const member = await scene.member();
    await expectOneAnswer((email) => scene.changeEmail(member, email), { status: 202 });
  });

  it('by any of them when its mails are spent', async () => {
    const to = ['unknown', 'verified', 'disabled'] as const;
    for (const person of to)
      for (let n = 0; n < 4; n++)
        await Promise.all([scene.forgot(emails[person]), scene.resend(emails[person])]);
    await expectOneAnswer((email) => scene.forgot(email), { to, status: 202 });
    await expectOneAnswer((email) => scene.resend(email), { to, status: 202 });
    await expectOneAnswer((email) => scene.register(email), { to, status: 201 });
  });

  it('R22: by locking it: an unknown address locks as a known one does', async () => {
    for (const email of Object.values(emails)) await scene.guess(email, 5);
    await expectOneAnswer((email) => scene.login(email, PASSWORD), { status: 429 });
  });

  it('R13, R15: a disabled account says so to nobody but who knows its password', async () => {
    scene.advance(900);
    expect((await scene.login(emails.disabled, PASSWORD)).json.code).toBe('account.disabled');
    expect((await scene.login(emails.unverified, PASSWORD)).json.code).toBe('account.unverified');
  });
});
