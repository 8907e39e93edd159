import type { RegStackOptions } from '@regstack/nestjs';
import { Random } from '../security/random';
import { ACCOUNT_STORIES } from './account.stories';
import { ADMIN_STORIES } from './admin.stories';
import { badBodies } from './bad-bodies';
import { Cast } from './cast';
import { ROUTES } from './routes';
import { FACTOR_STORIES } from './factor.stories';
import { FACTOR_LIMIT_STORIES } from './factor-limits.stories';
import { FLOW_STORIES } from './flow.stories';
import { LIST_STORIES } from './list.stories';
import { POLICY_STORIES } from './policy.stories';
import { REGISTRATION_STORIES } from './registration.stories';
import type { Line, Story } from './script';
import { SIGN_IN_STORIES } from './sign-in.stories';
import type { Step } from './step';

/** Steps under one set of settings; between two phases the host is restarted on the same database. */
export interface Phase {
  readonly settings: RegStackOptions;
  readonly steps: readonly Step[];
}

type Stories = Readonly<Record<string, Story>>;

/** Settings, the share of the steps that is made under them, stories, where they are not the usual ones, and the one to begin with. */
type Plan = readonly [settings: RegStackOptions, share: number, stories?: Stories, first?: string];

const PHASES: readonly Plan[] = [
  [{}, 0.36],
  // Only here somebody is signed in who has proved nothing yet.
  [{ requireVerification: false }, 0.24, undefined, 'a first proof of the mailbox'],
  // Those who registered meanwhile have never proved their address.
  [{}, 0.18],
  [{ mfaPolicy: 'required' }, 0.045, POLICY_STORIES],
  [
    {
      verifyUrlTemplate: 'https://front.example.org/verify?token={token}',
      passwordResetUrlTemplate: 'https://front.example.org/reset?token={token}',
      emailChangeUrlTemplate: 'https://front.example.org/confirm-email-change?token={token}',
      emailChangeUndoUrlTemplate: 'https://front.example.org/undo-email-change?token={token}',
    },
    0.095,
  ],
  [
    {
      allowRegistration: false,
      enablePasswordReset: false,
      enableAccountDeletion: false,
      enableAdminRouter: false,
      enableSms2fa: false,
      enableTotp: false,
    },
    0.08,
  ],
];

/** What chance alone would not reach often. */
const STORIES: Readonly<Record<string, Story>> = {
  ...REGISTRATION_STORIES,
  ...SIGN_IN_STORIES,
  ...FLOW_STORIES,
  ...FACTOR_STORIES,
  ...FACTOR_LIMIT_STORIES,
  ...ACCOUNT_STORIES,
  ...ADMIN_STORIES,
  ...LIST_STORIES,
};

/** What every phase goes through once, beside its stories. */
const ONCE = 'bodies that no route takes';

/** Stories under way at the same time. */
const PARALLEL = 4;
const VISITS = 0.5;

/** A story under way: its name, and the groups of lines that are still to come. */
interface Told {
  readonly name: string;
  readonly groups: (readonly Line[])[];
}

/**
 * The sequence that a seed stands for: in each phase every story and every route once, in any order and interleaved,
 * then at random; visits to routes have random content. It is made without knowing any answer, so it is the same for every store.
 *
 * @param count of steps, all phases together
 */
export function sequenceOf(seed: string, count: number): readonly Phase[] {
  const cast = new Cast(new Random(seed, 0));
  const told: Told[] = [];
  let made = 0;
  let due = 0;
  return PHASES.map(([settings, share, stories = STORIES, first]) => {
    due += count * share;
    const steps = stepsOf({ cast, told, stories, first }, Math.round(due) - made);
    made += steps.length;
    return { settings, steps };
  });
}

interface Telling {
  readonly cast: Cast;
  readonly told: Told[];
  readonly stories: Stories;
  readonly first: string | undefined;
}

function stepsOf({ cast, told, stories, first }: Telling, count: number): readonly Step[] {
  const { dice } = cast;
  const tour = dice.shuffled([...Object.keys(stories), ONCE]);
  if (first !== undefined) tour.push(first);
  const unvisited = dice.shuffled(Object.keys(ROUTES));
  const steps: Step[] = [];
  while (steps.length < count) {
    if (dice.chance(VISITS))
      steps.push(...timed(cast, 'a visit', [visit(cast, unvisited.pop() ?? anyRoute(dice))]));
    while (told.length < PARALLEL) {
      const name = tour.pop() ?? dice.pick(Object.keys(stories));
      told.push({ name, groups: [...(stories[name] ?? badBodies)(cast)] });
    }
    const turn = dice.below(told.length);
    const { name, groups } = told[turn]!;
    steps.push(...timed(cast, name, groups.shift() ?? []));
    if (groups.length === 0) told.splice(turn, 1);
  }
  return steps;
}

const timed = (cast: Cast, story: string, group: readonly Line[]): readonly Step[] =>
  group.map((line) => ({ ...line, wait: line.wait ?? cast.pause(), story }));

function visit(cast: Cast, route: string): Line {
  const mailbox = cast.anyone();
  return { route, of: mailbox.key, ...ROUTES[route]!.visit(cast, mailbox) };
}

/** A route, the heavier the likelier. */
function anyRoute(dice: Random): string {
  const entries = Object.entries(ROUTES);
  let left = dice.next() * entries.reduce((sum, [, { weight }]) => sum + weight, 0);
  return (entries.find(([, { weight }]) => (left -= weight) < 0) ?? entries[0]!)[0];
}
