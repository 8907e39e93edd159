import { addressOf, PASSWORD, WRONG_PASSWORD } from '../accounts';
import type { Shot } from '../load/connection';
import { LOGIN_PATH } from '../load/login-accounts';

/** One kind of request, made to addresses that are used once. */
export interface RequestClass {
  readonly name: string;
  /** Accounts with these addresses exist. */
  readonly hasAccounts: boolean;
  readonly shot: (n: number) => Shot;
}

/** Classes of one route whose answers must look alike. */
export interface Route {
  readonly status: number;
  readonly classes: readonly RequestClass[];
  /** Names of the classes that are compared; the second pair is the same thing twice. */
  readonly pairs: readonly (readonly [string, string])[];
}

const login = (name: string, hasAccounts: boolean): RequestClass => ({
  name,
  hasAccounts,
  shot: (n) => ({
    method: 'POST',
    path: LOGIN_PATH,
    body: { email: addressOf(name, n), password: WRONG_PASSWORD },
  }),
});

const register = (name: string, hasAccounts: boolean): RequestClass => ({
  name,
  hasAccounts,
  shot: (n) => ({
    method: 'POST',
    path: '/api/auth/register',
    body: { email: addressOf(name, n), password: PASSWORD, full_name: 'A. Person' },
  }),
});

/** The two routes that could tell whether an address has an account. */
export const ROUTES: readonly Route[] = [
  {
    status: 401,
    classes: [login('login known', true), login('login unknown A', false), login('login unknown B', false)],
    pairs: [
      ['login known', 'login unknown A'],
      ['login unknown B', 'login unknown A'],
    ],
  },
  {
    status: 201,
    classes: [
      register('register taken', true),
      register('register free A', false),
      register('register free B', false),
    ],
    pairs: [
      ['register taken', 'register free A'],
      ['register free B', 'register free A'],
    ],
  },
];
