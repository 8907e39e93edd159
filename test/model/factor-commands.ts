import * as fc from 'fast-check';
import type { Command, Nth, Password } from './commands';
import { RULES } from './terms';

/** Which code somebody gives: of the app, now, a step late, early or too early; of a text; a recovery code, or one that was used; none. */
export type Choice =
  'app' | 'late' | 'early' | 'far' | 'text' | 'older text' | 'recovery' | 'used recovery' | 'wrong';

type Proved<T extends string, More = unknown> = More & {
  readonly do: T;
  readonly session: Nth;
  readonly password: Password;
  readonly code: Choice | null;
};

/** What somebody signed in does with second factors, by the password. */
export type ProvedFactorCommand =
  | Proved<'startApp' | 'removeApp' | 'removePhone' | 'newCodes' | 'reauthenticate'>
  | Proved<'startPhone', { readonly who: number }>;

export type FactorCommand =
  | ProvedFactorCommand
  | { readonly do: 'confirmSetup'; readonly session: Nth; readonly setup: Nth; readonly code: Choice }
  | { readonly do: 'challenge'; readonly session: Nth }
  | { readonly do: 'secondStep'; readonly wait: Nth; readonly code: Choice }
  | { readonly do: 'resendCode'; readonly wait: Nth }
  | { readonly do: 'plant'; readonly who: number };

type Habit = readonly Command[];

const right = { session: 0, password: 'right' } as const;
export const startApp = (code: Choice | null = null): Command => ({ do: 'startApp', ...right, code });
export const startPhone = (who: number, code: Choice | null = null): Command => ({
  do: 'startPhone',
  ...right,
  who,
  code,
});
export const confirmSetup = (code: Choice): Command => ({ do: 'confirmSetup', session: 0, setup: 0, code });
export const secondStep = (code: Choice, at: Nth = 0): Command => ({ do: 'secondStep', wait: at, code });
export const reauthenticate = (code: Choice | null, password: Password = 'right'): Command => ({
  do: 'reauthenticate',
  session: 0,
  password,
  code,
});
const remove = (factor: 'App' | 'Phone', code: Choice): Command => ({
  do: `remove${factor}`,
  ...right,
  code,
});
const newCodes = (code: Choice): Command => ({ do: 'newCodes', ...right, code });
const challenge: Command = { do: 'challenge', session: 0 };
const resendCode: Command = { do: 'resendCode', wait: 0 };
const wait = (seconds: number): Command => ({ do: 'wait', seconds });
const signIn = (who: number): Command => ({ do: 'login', who, password: 'right', device: null });

/** By an app, or by the number of the same person. */
export const enrolApp = (code: Choice | null = null): Habit => [
  startApp(code),
  confirmSetup('app'),
  wait(RULES.step),
];
export const enrolPhone = (who: number, code: Choice | null = null): Habit => [
  startPhone(who, code),
  confirmSetup('text'),
];

const CHOICES: readonly Choice[] = [
  'app',
  'late',
  'early',
  'far',
  'text',
  'older text',
  'recovery',
  'used recovery',
  'wrong',
];
const choice = fc.constantFrom(...CHOICES);
const nth = fc.constantFrom(0, 0, 0, 1, 2);
const password = fc.constantFrom<Password>('right', 'right', 'right', 1);

/** Single steps, by whoever they are about. */
export const singleFactorCommands = (who: fc.Arbitrary<number>): fc.Arbitrary<Command> =>
  fc.oneof(
    fc.record({
      do: fc.constantFrom(
        'startApp' as const,
        'removeApp' as const,
        'removePhone' as const,
        'newCodes' as const,
      ),
      session: nth,
      password,
      code: fc.option(choice),
    }),
    fc.record({
      do: fc.constant('startPhone' as const),
      session: nth,
      password,
      code: fc.option(choice),
      who,
    }),
    fc.record({ do: fc.constant('confirmSetup' as const), session: nth, setup: nth, code: choice }),
    fc.record({ do: fc.constant('challenge' as const), session: nth }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('secondStep' as const), wait: nth, code: choice }) },
    fc.record({ do: fc.constant('resendCode' as const), wait: nth }),
    fc.record({ do: fc.constant('plant' as const), who }),
  );

const wrongs = (count: number): Habit => Array.from({ length: count }, () => secondStep('wrong'));

/** What people do in a row with second factors. */
export const factorHabits = (who: fc.Arbitrary<number>): fc.Arbitrary<Habit> =>
  fc.oneof(
    // Enrolled, asked for, and the same code again.
    who.map((one): Habit => [
      signIn(one),
      signIn(one),
      ...enrolApp(),
      { do: 'me', session: 1 },
      signIn(one),
      // That of the enrolment.
      secondStep('late'),
      secondStep('app'),
      signIn(one),
      secondStep('app'),
      secondStep('late'),
      secondStep('early'),
    ]),
    who.map((one): Habit => [
      signIn(one),
      ...enrolPhone(one),
      signIn(one),
      resendCode,
      secondStep('older text'),
      secondStep('text'),
      secondStep('text'),
      { do: 'me', session: 0 },
    ]),
    // Recovery codes, and a new set of them.
    who.map((one): Habit => [
      signIn(one),
      ...enrolApp(),
      signIn(one),
      secondStep('recovery'),
      signIn(one),
      secondStep('used recovery'),
      newCodes('recovery'),
      secondStep('recovery'),
      signIn(one),
      secondStep('used recovery'),
      secondStep('recovery'),
    ]),
    // Enough guesses for a sign-in, then for an hour.
    fc
      .tuple(who, fc.constantFrom(1, RULES.wrongCodesWindow - RULES.step))
      .map(([one, late]): Habit => [
        signIn(one),
        ...enrolApp(),
        signIn(one),
        ...wrongs(5),
        secondStep('app'),
        signIn(one),
        ...wrongs(5),
        signIn(one),
        secondStep('app'),
        reauthenticate('app'),
        wait(late),
        signIn(one),
        secondStep('app'),
      ]),
    who.map((one): Habit => [
      signIn(one),
      ...enrolPhone(one),
      signIn(one),
      ...wrongs(3),
      resendCode,
      ...wrongs(2),
      secondStep('text'),
    ]),
    // Nobody looks at a code any more, so none is sent.
    who.map((one): Habit => [
      signIn(one),
      ...enrolPhone(one),
      signIn(one),
      ...wrongs(5),
      signIn(one),
      ...wrongs(5),
      signIn(one),
      resendCode,
      challenge,
    ]),
    // In the last moment, or too late.
    fc
      .tuple(who, fc.constantFrom(0, 1), fc.boolean())
      .map(([one, early, isApp]): Habit => [
        signIn(one),
        ...(isApp ? enrolApp() : enrolPhone(one)),
        signIn(one),
        wait((isApp ? RULES.waitTtl : RULES.codeTtl) - early),
        secondStep(isApp ? 'app' : 'text'),
      ]),
    // Both of them, each removed by the other one.
    fc
      .tuple(who, fc.boolean())
      .map(([one, isFirst]): Habit => [
        signIn(one),
        ...enrolApp(),
        ...enrolPhone(one, 'app'),
        challenge,
        remove(isFirst ? 'App' : 'Phone', isFirst ? 'text' : 'early'),
        signIn(one),
        secondStep(isFirst ? 'text' : 'app'),
        remove(isFirst ? 'Phone' : 'App', 'recovery'),
        signIn(one),
      ]),
    // More texts than anybody gets.
    who.map((one): Habit => [
      signIn(one),
      ...enrolPhone(one),
      signIn(one),
      resendCode,
      challenge,
      resendCode,
      signIn(one),
      secondStep('text', 1),
      startPhone(one, 'text'),
      wait(3600),
      signIn(one),
      secondStep('text'),
    ]),
    // Moved, with one factor of before and one of since, and back.
    fc.tuple(who, fc.boolean()).map(([one, isApp]): Habit => {
      const away = (one + 1) % 4;
      const use: Command = { do: 'use', link: 0, as: null, password: null };
      return [
        signIn(one),
        ...(isApp ? enrolApp() : enrolPhone(one)),
        { do: 'changeEmail', session: 0, password: 'right', who: away },
        use,
        signIn(away),
        secondStep(isApp ? 'app' : 'text'),
        ...(isApp ? enrolPhone(one, 'recovery') : [challenge, ...enrolApp('text')]),
        { ...use, link: 0 },
        { ...use, password: 1 },
        signIn(one),
        secondStep(isApp ? 'early' : 'text'),
      ];
    }),
    // Planted on an address that nobody had proved.
    fc
      .tuple(who, fc.boolean())
      .map(([one, isReset]): Habit => [
        { do: 'create', who: one, password: 'right' },
        { do: 'plant', who: one },
        { do: isReset ? 'forgot' : 'resend', who: one },
        { do: 'use', link: 0, as: null, password: isReset ? 1 : null },
        signIn(one),
        { do: 'me', session: 0 },
      ]),
    // Overtaken by a change of the password, or by the host.
    fc
      .tuple(who, fc.boolean())
      .map(([one, isOwn]): Habit => [
        signIn(one),
        ...enrolApp(),
        signIn(one),
        startApp('app'),
        isOwn
          ? { do: 'changePassword', session: 0, password: 'right', next: 1 }
          : { do: 'disable', who: one },
        secondStep('early'),
        confirmSetup('app'),
        { do: 'enable', who: one },
        secondStep('early'),
      ]),
  );
