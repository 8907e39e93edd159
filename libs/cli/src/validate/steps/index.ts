import type { Step } from '../visit';
import { caching, cookie, guard, pages, unknownField } from './access.steps';
import { deletion, https, login, logout, register, verify } from './account.steps';
import { forgotPassword, lockOut, takenAddress, wrongPassword } from './secrecy.steps';

/**
 * The visit, in its order. The account is locked for strangers last, so a session is open before, by which it is deleted whatever the
 * lock says.
 */
export const STEPS: readonly Step[] = [
  https,
  register,
  verify,
  login,
  guard,
  unknownField,
  caching,
  pages,
  cookie,
  wrongPassword,
  forgotPassword,
  takenAddress,
  logout,
  { ...login, name: 'sign-in-again' },
  lockOut,
  deletion,
];
