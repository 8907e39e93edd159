import { addressOf, PASSWORD, WRONG_PASSWORD } from '../accounts';
import type { SeedState } from '../hosts/protocol';
import type { Shot } from '../load/connection';

/** One kind of request, made to addresses that are used once. */
export interface RequestClass {
  readonly name: string;
  /** What there is at these addresses; null: nothing. */
  readonly state: SeedState | null;
  /** @param token of somebody signed in */
  readonly shot: (n: number, token: string) => Shot;
}

/** Classes of one route whose answers must look alike. */
export interface Route {
  readonly status: number;
  readonly classes: readonly RequestClass[];
  /** Names of the classes that are compared; the last pair is the same thing twice. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** What is at the addresses of each class, beside two classes with nothing. */
type States = Readonly<Record<string, SeedState>>;

/** A route with a class for each state, two for nothing, and everything compared to nothing. */
function route(path: string, status: number, states: States, bodyOf: (email: string) => object): Route {
  const [nothing, again] = ['nobody A', 'nobody B'].map((name) => `${path} ${name}`) as [string, string];
  const known = Object.entries(states).map(([name, state]) => [`${path} ${name}`, state] as const);
  const classOf = (name: string, state: SeedState | null): RequestClass => ({
    name,
    state,
    shot: (n, token) => ({
      method: 'POST',
      path: `/api/auth/${path}`,
      body: bodyOf(addressOf(name, n)),
      token,
    }),
  });
  return {
    status,
    classes: [
      ...known.map(([name, state]) => classOf(name, state)),
      classOf(nothing, null),
      classOf(again, null),
    ],
    pairs: [...known.map(([name]) => [name, nothing] as const), [again, nothing]],
  };
}

/** Every route that could tell whether an address has an account. */
export const ROUTES: readonly Route[] = [
  route('login', 401, { account: 'verified', disabled: 'disabled', unverified: 'unverified' }, (email) => ({
    email,
    password: WRONG_PASSWORD,
  })),
  route('register', 201, { account: 'verified' }, (email) => ({
    email,
    password: PASSWORD,
    full_name: 'A. Person',
  })),
  route('forgot-password', 202, { account: 'verified', disabled: 'disabled' }, (email) => ({ email })),
  route(
    'resend-verification',
    202,
    { account: 'verified', unverified: 'unverified', attempt: 'attempt' },
    (email) => ({ email }),
  ),
  route('change-email', 202, { account: 'verified' }, (new_email) => ({
    new_email,
    current_password: PASSWORD,
  })),
];
