import { BY_THE_APP, originOf } from '../kernel/origin';
import { AccountHooks, HOOK_SECONDS, NoHooks, Veto } from '../ports/account.hooks';
import { HookRunner } from './hook-runner';
import type { SecurityLog } from './security-log';

/** Fake timers do not reach the timers that are promises. */
jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(value), ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      });
    }),
}));

const ORIGIN = originOf('203.0.113.7', 'curl/8', 'request-1');
const ATTEMPT = { email: 'a@example.org', fullName: null, attributes: {}, ip: ORIGIN.ip };

describe('the runner of hooks', () => {
  const noted: unknown[][] = [];
  const log = { note: (...told: unknown[]) => void noted.push(told) } as unknown as SecurityLog;
  const runner = (hooks: Partial<AccountHooks>): HookRunner =>
    new HookRunner(Object.assign(new NoHooks(), hooks), log);
  beforeEach(() => void (noted.length = 0));
  afterEach(() => jest.useRealTimers());

  /** Each hook, asked with what it is asked with. */
  const asked = (answer: () => never) => {
    const hooks = runner({ beforeRegister: answer, beforeSignIn: answer, beforeDelete: answer });
    return [
      () => hooks.beforeRegister(ATTEMPT, ORIGIN),
      () => hooks.beforeSignIn(ATTEMPT, ORIGIN),
      () => hooks.beforeDelete({ user: { id: 'somebody' } as never, by: 'admin', ip: null }, ORIGIN),
    ];
  };
  const giving = (answer: unknown) => asked(() => answer as never);

  it.each([undefined, null, Promise.resolve(undefined)])(
    'an answer that is nothing lets it pass',
    async (answer) => {
      for (const ask of giving(answer)) await expect(ask()).resolves.toBeUndefined();
      expect(noted).toEqual([]);
    },
  );

  it.each([false, true, '', 'no', 0, { message: 'looks like a veto' }, new Error('no')])(
    'one that is neither nothing nor a veto lets nothing pass: %p',
    async (answer) => {
      for (const ask of giving(answer)) await expect(ask()).rejects.toThrow(TypeError);
    },
  );

  it.each([
    ['at once', (): unknown => new Veto('Not today.')],
    ['later', async (): Promise<unknown> => new Veto('Not today.')],
    [
      'by another copy of the package',
      () => ({ message: 'Not today.', [Symbol.for('regstack.veto')]: true }),
    ],
    [
      'by throwing it',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error -- a host may
        throw new Veto('Not today.');
      },
    ],
  ])('a veto, given %s, refuses with its message, and the security log is told', async (_, give) => {
    for (const ask of asked(give as () => never))
      await expect(ask()).rejects.toMatchObject({ code: 'hook.refused', message: 'Not today.' });
    const details = (reason: string, target: string | null = null) => ({ target, result: 'refused', reason });
    expect(noted).toEqual([
      ['hook.refused', { actor: null, origin: ORIGIN }, details('register')],
      ['hook.refused', { actor: null, origin: ORIGIN }, details('sign_in')],
      ['hook.refused', { actor: 'admin', origin: ORIGIN }, details('delete', 'somebody')],
    ]);
  });

  it('what a hook throws, or rejects with, goes on: nothing passes', async () => {
    const error = new Error('the code of the host');
    const throws = asked(() => {
      throw error;
    });
    for (const ask of throws) await expect(ask()).rejects.toBe(error);
    for (const ask of asked((() => Promise.reject(error)) as never)) await expect(ask()).rejects.toBe(error);
    expect(noted).toEqual([]);
  });

  it('a hook that hangs is 503 after its time, and not before', async () => {
    jest.useFakeTimers();
    for (const ask of giving(new Promise(() => {}))) {
      let outcome: unknown = 'waiting';
      void ask().catch((error: unknown) => (outcome = error));
      await jest.advanceTimersByTimeAsync(HOOK_SECONDS * 1000 - 1);
      expect(outcome).toBe('waiting');
      await jest.advanceTimersByTimeAsync(1);
      expect(outcome).toMatchObject({ code: 'service.unavailable', retryAfterSeconds: 1 });
    }
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a hook that fails after its time harms nothing', async () => {
    jest.useFakeTimers();
    let fail!: (late: Error) => void;
    const [ask] = giving(new Promise((_, reject) => (fail = reject)));
    const outcome = ask!().catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(HOOK_SECONDS * 1000);
    expect(await outcome).toMatchObject({ code: 'service.unavailable' });
    fail(new Error('too late'));
    await jest.advanceTimersByTimeAsync(1);
  });

  it('no hook costs nothing: no timer, no turn', async () => {
    jest.useFakeTimers();
    const none = new HookRunner(new NoHooks(), log);
    const asking = Promise.all([
      none.beforeRegister(ATTEMPT, ORIGIN),
      none.beforeSignIn(ATTEMPT, ORIGIN),
      none.beforeDelete({ user: {} as never, by: null, ip: null }, BY_THE_APP.origin),
    ]);
    expect(jest.getTimerCount()).toBe(0);
    await asking;
  });

  it('hooks are methods: they may keep what they need', async () => {
    class Counting extends AccountHooks {
      seen: string[] = [];
      override beforeSignIn({ email }: { email: string }): void {
        this.seen.push(email);
      }
    }
    const hooks = new Counting();
    await new HookRunner(hooks, log).beforeSignIn(ATTEMPT, ORIGIN);
    expect(hooks.seen).toEqual(['a@example.org']);
  });
});
