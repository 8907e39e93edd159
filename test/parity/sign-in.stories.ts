import type { Mailbox } from './cast';
import { after, type Line, lines, loose, type Story, tight } from './script';

/** The window in which guesses count, milliseconds, and how many there may be. */
const WINDOW = 900_000;
const LIMIT = 5;
/** Lifetime of a session, milliseconds. */
const SESSION_LIFE = 7_200_000;

/** Sign-ins, guesses and sessions; both sides of the end of a window and of a session, to the millisecond. */
export const SIGN_IN_STORIES: Readonly<Record<string, Story>> = {
  'a session to its end': (cast) => {
    const { register, verify, login, me, orders } = lines(cast);
    const ann = cast.fresh();
    const end = [after(SESSION_LIFE - 1000, me(ann)), after(500, me(ann)), after(499, orders(ann))];
    return [
      ...loose(register(ann), verify(ann)),
      ...tight(login(ann), ...end, after(1, me(ann)), orders(ann)),
    ];
  },

  'several sessions': (cast) => {
    const { register, verify, login, me, logout } = lines(cast);
    const ann = cast.fresh();
    const sessions = [login(ann), login(ann), login(ann), logout(ann, 1), me(ann, 0), me(ann, 1), me(ann, 2)];
    return loose(register(ann), verify(ann), ...sessions, logout(ann, 1), logout(ann), me(ann));
  },

  'guesses until the window ends': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    const steps = Array.from({ length: LIMIT + 1 }, () => cast.dice.below(60_000));
    const guesses = steps.map((wait) => after(wait, login(ann, cast.wrong(ann))));
    const rest = WINDOW - steps.slice(1).reduce((sum, wait) => sum + wait, 0);
    const known = cast.dice.chance(0.7) ? loose(register(ann), verify(ann)) : [];
    return [...known, ...tight(...guesses, login(ann), after(rest - 1, login(ann)), after(1, login(ann)))];
  },

  'a sign-in after guesses': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    const guess = (): Line => after(cast.dice.below(2000), login(ann, cast.wrong(ann)));
    const some = (count: number): Line[] => Array.from({ length: count }, guess);
    return [
      ...loose(register(ann), verify(ann)),
      ...tight(...some(LIMIT - 1), login(ann), ...some(LIMIT + 1), login(ann), after(WINDOW, login(ann))),
    ];
  },

  'the staff disables a user': (cast) => {
    const { register, verify, login, me, disable } = lines(cast);
    const ann = cast.fresh();
    const wrong = login(ann, cast.wrong(ann));
    const end = [disable(ann), me(ann), login(ann), wrong, register(ann), verify(ann), disable(ann)];
    return loose(register(ann), verify(ann), login(ann), me(ann), ...end);
  },

  'the right password of who may not come in, again and again': (cast) => {
    const { register, verify, login, disable } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.anyone()];
    const more = (mailbox: Mailbox): Line[] => Array.from({ length: LIMIT }, () => login(mailbox));
    const tries = tight(disable(ann), ...more(ann), login(ann, cast.wrong(ann)), ...more(ann));
    // In the phase after the one without verification some are unverified.
    return [...loose(register(ann), verify(ann)), ...tries, ...tight(...more(ben), login(ben))];
  },

  'the staff sets a password': (cast) => {
    const { register, verify, login, me, setPassword } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const end = [
      setPassword(ann, next),
      me(ann),
      login(ann),
      login(ann, next),
      me(ann),
      setPassword(ann, ann.password),
    ];
    return loose(register(ann), verify(ann), login(ann), me(ann), ...end);
  },
};
