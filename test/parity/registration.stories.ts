import type { Mailbox } from './cast';
import { NO_ADDRESSES, NO_PASSWORDS } from './people';
import { after, lines, loose, type Story, tight } from './script';

/** Lifetime of a link, milliseconds. */
const LINK_LIFE = 86_400_000;

/** Registrations, links and their pages; both sides of the end of a link, to the millisecond. */
export const REGISTRATION_STORIES: Readonly<Record<string, Story>> = {
  'a member joins': (cast) => {
    const { register, verify, login, me, orders, logout } = lines(cast);
    const ann = cast.fresh();
    return loose(register(ann), verify(ann), login(ann), me(ann), orders(ann), logout(ann), me(ann));
  },

  'a member joins by the page': (cast) => {
    const { register, openLink, page, press, done, login } = lines(cast);
    const ann = cast.fresh();
    return loose(register(ann), openLink(ann), page(ann), press(ann), done(ann), press(ann), login(ann));
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
    const { register, openLink, page, verify, login } = lines(cast);
    const ann = cast.fresh();
    const passwords = [cast.right(ann), cast.wrong(ann), cast.wrong(ann)];
    return loose(
      ...passwords.map((password) => register(ann, password)),
      verify(ann, 1),
      openLink(ann),
      page(ann),
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

  'what nobody can register or sign in with': (cast) => {
    const { register, login } = lines(cast);
    const ann = cast.fresh();
    const nowhere = cast.dice.shuffled(NO_ADDRESSES).slice(0, 3);
    const of = (address: string): Mailbox => ({ ...ann, address });
    return loose(
      ...NO_PASSWORDS.map((password) => register(ann, password)),
      ...nowhere.flatMap((address) => [register(of(address)), login(of(address))]),
    );
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
};
