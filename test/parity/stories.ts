import type { Cast } from './cast';
import { after, type Line, lines, loose, tight } from './script';

/** A story: groups of lines, between which other stories may come. */
export type Story = (cast: Cast) => readonly (readonly Line[])[];

const WINDOW = 900_000;
const LINK_LIFE = 86_400_000;
const SESSION_LIFE = 7_200_000;
const LIMIT = 5;

/** What chance alone would not reach often: flows in their order, and both sides of every end in time, to the millisecond. */
export const STORIES: Readonly<Record<string, Story>> = {
  'a member joins': (cast) => {
    const { register, verify, login, me, orders, logout } = lines(cast);
    const ann = cast.fresh();
    return loose(register(ann), verify(ann), login(ann), me(ann), orders(ann), logout(ann), me(ann));
  },

  'a member joins by the page': (cast) => {
    const { register, openLink, page, press, login } = lines(cast);
    const ann = cast.fresh();
    const done: Line = { route: 'GET /account/verify', of: ann.key, query: { done: '' } };
    return loose(register(ann), openLink(ann), page(ann), press(ann), done, press(ann), login(ann));
  },

  'a page of one link, the cookie of another': (cast) => {
    const { register, openLink, page, press } = lines(cast);
    const ann = cast.fresh();
    const both = tight(
      openLink(ann, 1),
      page(ann),
      openLink(ann),
      press(ann),
      page(ann),
      press(ann, undefined, 1),
    );
    return [...loose(register(ann), register(ann)), ...both, ...loose(press(ann))];
  },

  'a form from elsewhere': (cast) => {
    const { register, openLink, page, press } = lines(cast);
    const ann = cast.fresh();
    const foreign: readonly Readonly<Record<string, string>>[] = [
      {},
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    return loose(
      register(ann),
      openLink(ann),
      page(ann),
      ...foreign.map((head) => press(ann, head)),
      press(ann),
    );
  },

  'several links, several passwords': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    const passwords = [cast.right(ann), cast.wrong(ann), cast.wrong(ann)];
    return loose(
      ...passwords.map((password) => register(ann, password)),
      verify(ann, 1),
      verify(ann, 0),
      verify(ann, 1),
      verify(ann, 2),
      ...passwords.map((password) => login(ann, password)),
    );
  },

  'an address that is taken': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.anyone();
    return loose(register(ann), verify(ann), register(ann, cast.wrong(ann)), verify(ann), login(ann));
  },

  'a link that was used in the last millisecond': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    return tight(register(ann), after(LINK_LIFE - 1, verify(ann)), login(ann));
  },

  'a link that has expired': (cast) => {
    const { register, openLink, page, press, verify } = lines(cast);
    const ann = cast.fresh();
    const open = [after(LINK_LIFE - 1, openLink(ann)), page(ann)];
    return tight(register(ann), ...open, after(1, page(ann)), press(ann), verify(ann));
  },

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
