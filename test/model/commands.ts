import * as fc from 'fast-check';
import {
  type FactorCommand,
  factorHabits,
  reauthenticate as proveAgain,
  singleFactorCommands,
} from './factor-commands';
import { RULES } from './terms';

/** Mailboxes of a sequence; two are one mailbox. */
export const PEOPLE = 4;
export const PASSWORDS = [
  'plum-Tractor-91-violet',
  'quiet-Harbour-37-lantern',
  'amber-Ladder-58-comet',
] as const;

/** One of the passwords, the right one of whoever it is about, or one that is too short. */
export type Password = 0 | 1 | 2 | 'right' | 'short';
/** Counted from the newest. */
export type Nth = number;
/** By which route a link is used: the one that it is for, or another. */
export type LinkRoute = 'verify' | 'reset' | 'confirm' | 'undo';

type Signed<T extends string, More = unknown> = { readonly do: T; readonly session: Nth } & More;
type With = { readonly password: Password };

/** What somebody signed in does. */
export type SignedCommand =
  | Signed<'me' | 'logout' | 'list' | 'endOthers'>
  | Signed<'edit', { readonly name: string; readonly value: number | null }>
  | Signed<'leave', With>
  | Signed<'changePassword', With & { readonly next: Password }>
  | Signed<'changeEmail', With & { readonly who: number }>
  | Extract<FactorCommand, { readonly session: Nth }>;

export type Command =
  | SignedCommand
  | FactorCommand
  | { readonly do: 'register' | 'create'; readonly who: number; readonly password: Password }
  | { readonly do: 'resend' | 'forgot' | 'disable' | 'enable'; readonly who: number }
  | { readonly do: 'login'; readonly who: number; readonly password: Password; readonly device: Nth | null }
  | {
      readonly do: 'use';
      readonly link: Nth;
      readonly as: LinkRoute | null;
      readonly password: Password | null;
    }
  | { readonly do: 'wait'; readonly seconds: number };

type Ask = 'resend' | 'forgot' | 'disable' | 'enable';
type Look = 'me' | 'logout' | 'list' | 'endOthers';

const who = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(PEOPLE - 1));
const some = <T>(likely: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 2 + others.length, arbitrary: fc.constant(likely) }, fc.constantFrom(...others));
const nth = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(12));
const password = some<Password>('right', 0, 1, 2);
const next = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Password>(0, 1, 2) },
  fc.constant('short' as const),
);
/** Whether a password comes with a link decides little with most, so it mostly comes where it is wanted. */
const given = some<Password | null>(null, 0, 1, 2, 'short');
const waits = [
  1,
  60,
  RULES.guessWindow,
  RULES.resetTtl,
  RULES.changeTtl,
  RULES.sessionTtl,
  RULES.verifyTtl,
  RULES.undoTtl,
];
const seconds = fc.constantFrom(...waits.flatMap((one) => (one > 60 ? [one - 1, one] : [one])));

const single: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('register' as const), who, password: next }),
  fc.record({ do: fc.constant('create' as const), who, password: fc.constant('right' as const) }),
  fc.record({ do: some<Ask>('resend', 'forgot', 'forgot', 'disable', 'enable'), who }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('login' as const), who, password, device: fc.option(nth) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      link: nth,
      as: some<LinkRoute | null>(null, 'verify', 'reset', 'confirm', 'undo'),
      password: given,
    }),
  },
  fc.record({ do: some<Look>('me', 'logout', 'list', 'endOthers'), session: nth }),
  fc.record({
    do: fc.constant('edit' as const),
    session: nth,
    name: fc.constantFrom('left', 'right'),
    value: some<number | null>(1, 2, null),
  }),
  fc.record({ do: fc.constant('leave' as const), session: nth, password }),
  fc.record({ do: fc.constant('reauthenticate' as const), session: nth, password, code: fc.constant(null) }),
  fc.record({ do: fc.constant('changePassword' as const), session: nth, password, next }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('changeEmail' as const), session: nth, password, who }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
);

const use: Command = { do: 'use', link: 0, as: null, password: null };
const useWith: Command = { ...use, password: 1 };
const signIn = (one: number) => ({ do: 'login', who: one, password: 'right', device: null }) as const;
const guess = (one: number, device: Nth | null = null): Command => ({
  do: 'login',
  who: one,
  password: 2,
  device,
});
const register = (one: number, chosen: Password = 0): Command => ({
  do: 'register',
  who: one,
  password: chosen,
});
const changeEmail = (to: number): Command => ({ do: 'changeEmail', session: 0, password: 'right', who: to });
const create = (one: number): Command => ({ do: 'create', who: one, password: 'right' });
const reauthenticate = proveAgain(null, 2);
const changePassword: Command = { do: 'changePassword', session: 0, password: 'right', next: 1 };
const list: Command = { do: 'list', session: 0 };
const endOthers: Command = { do: 'endOthers', session: 0 };
const leave: Command = { do: 'leave', session: 0, password: 'right' };
const edit = (name: string, value: number | null): Command => ({ do: 'edit', session: 0, name, value });
const wait = (time: number): Command => ({ do: 'wait', seconds: time });
const join = (one: number): readonly Command[] => [register(one), use, signIn(one)];
const move = (to: number): readonly Command[] => [changeEmail(to), use, signIn(to)];

type Habit = readonly Command[];

/** As many mails as there are, and some more later; then the last link is used. */
const insist = (kind: 'forgot' | 'resend', one: number): Habit => {
  const ask: Command = { do: kind, who: one };
  return [ask, ask, ask, ask, useWith, ask, wait(3600), ask, ask, { ...useWith, link: 1 }];
};

/** Two steps away, or one, and back: in time or too late, after a thief's change of the password, with somebody at the door. */
const wayBack = (home: number, away: number, late: number, between: Habit): Habit => [
  signIn(home),
  ...move(away),
  ...between,
  wait(late),
  use,
  useWith,
];

/** What people do in a row; by chance alone a short sequence would seldom get so far. */
const habit: fc.Arbitrary<Habit> = fc.oneof(
  { weight: 2, arbitrary: who.map(join) },
  { weight: 2, arbitrary: who.map(move) },
  who.map((one): Habit => [
    { do: 'forgot', who: one },
    { do: 'forgot', who: one },
    { ...useWith, link: 1 },
    useWith,
  ]),
  fc.tuple(who, fc.option(nth)).map(([one, at]): Habit => [guess(one, at), guess(one, at), guess(one, at)]),
  who.map((one): Habit => [
    guess(one),
    reauthenticate,
    signIn(one),
    reauthenticate,
    guess(one),
    guess(one, 0),
  ]),
  // Disabled, and let in again; what was open stays shut.
  who.map((one): Habit => [
    signIn(one),
    { do: 'disable', who: one },
    { do: 'enable', who: one },
    list,
    signIn(one),
    list,
  ]),
  who.map((one): Habit => [
    signIn(one),
    edit('left', 1),
    edit('right', 2),
    edit('left', null),
    endOthers,
    list,
  ]),
  // Gone, with an address to go back to or without, and somebody new in their place.
  fc
    .tuple(who, fc.boolean())
    .map(([one, isMoved]): Habit => [
      signIn(one),
      ...(isMoved ? move((one + 1) % PEOPLE) : [register(one, 2)]),
      leave,
      { do: 'resend', who: one },
      use,
      ...join(one),
    ]),
  // Shut out, and back by mail.
  who.map((one): Habit => [
    guess(one),
    guess(one),
    guess(one),
    { do: 'forgot', who: one },
    useWith,
    signIn(one),
  ]),
  // Somebody else had the same idea.
  who.map((one): Habit => [register(one), register(one, 2), { do: 'resend', who: one }, use, useWith]),
  fc
    .tuple(fc.constantFrom<'forgot' | 'resend'>('forgot', 'resend'), who)
    .map(([kind, one]) => insist(kind, one)),
  // In two minds, of which the second is somebody's home.
  who.map((one): Habit => {
    const [first, other] = [(one + 1) % PEOPLE, (one + 2) % PEOPLE];
    return [signIn(one), create(other), changeEmail(first), changeEmail(other), use];
  }),
  // Made by staff; proved by the one mail or the other.
  fc
    .tuple(who, fc.boolean())
    .map(([one, isReset]): Habit => [
      create(one),
      signIn(one),
      { do: isReset ? 'forgot' : 'resend', who: one },
      isReset ? useWith : use,
      signIn(one),
    ]),
  // Shut out by strangers, and in by the device; they stay out.
  who.map((one): Habit => [
    signIn(one),
    guess(one),
    guess(one),
    guess(one),
    { ...signIn(one), device: 0 },
    guess(one),
  ]),
  // In the last moment, or too late.
  fc.tuple(who, fc.constantFrom(0, 1), fc.nat(2)).map(([one, early, kind]): Habit => {
    const links: readonly Habit[] = [
      [register(one), wait(RULES.verifyTtl - early)],
      [{ do: 'forgot', who: one }, wait(RULES.resetTtl - early)],
      [signIn(one), changeEmail((one + 1) % PEOPLE), wait(RULES.changeTtl - early)],
    ];
    return [...links[kind]!, kind === 1 ? useWith : use];
  }),
  {
    weight: 2,
    arbitrary: fc
      .tuple(who, who, who, fc.constantFrom(1, RULES.undoTtl - 1, RULES.undoTtl), fc.nat(3))
      .map(([home, away, third, late, kind]): Habit => {
        const between: readonly Habit[] = [
          [],
          [changePassword],
          move(third),
          [wait(RULES.undoTtl), register(home)],
        ];
        return wayBack(home, away, late, between[kind]!);
      }),
  },
);

/** At most 30 steps, of single ones and habits; mostly somebody is there from the beginning. */
export const sequences: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constant(join(0)) }, fc.constant<readonly Command[]>([])),
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: single.map((one) => [one]) },
        { weight: 4, arbitrary: habit },
        { weight: 1, arbitrary: singleFactorCommands(who).map((one) => [one]) },
        { weight: 3, arbitrary: factorHabits(who) },
      ),
      {
        maxLength: 20,
        size: 'max',
      },
    ),
  )
  .map(([beginning, parts]) => [...beginning, ...parts.flat()].slice(0, 30));
