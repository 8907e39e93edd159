import { FOUNDER } from './cast';
import { REFUSED } from './house';
import { office } from './office';
import { after, lines, loose, type Story, tight } from './script';

/** How long a sign-in is proof enough for what admins change, milliseconds. */
const FRESH = 900_000;

/**
 * What admins do to one account. Whoever is made an admin stops being one before anything else happens, so that the founder is the last
 * one whenever somebody looks.
 */
export const ADMIN_STORIES: Readonly<Record<string, Story>> = {
  'an admin changes a user': (cast) => {
    const { register, verify, login, me } = lines(cast);
    const { enter, get, find, change } = office(cast);
    const ann = cast.fresh();
    const fullName = cast.fresh().fullName;
    const profile = { full_name: fullName, attributes: { level: 3, language: 'zh' }, roles: ['b', 'a', 'b'] };
    const changes = [
      change(ann, profile),
      change(ann, profile),
      change(ann, { full_name: null, attributes: { level: null }, roles: [] }),
      change(ann, {}),
      change(ann, { attributes: { motto: 'not an admin’s' } }),
      change(ann, { roles: ['a', 1] }),
      change(ann, { is_verified: true }),
    ];
    return [
      ...loose(register(ann), verify(ann), login(ann)),
      ...tight(enter, find(ann), get(ann), ...changes, get(ann), me(ann)),
    ];
  },

  'an admin disables a user and lets them in again': (cast) => {
    const { register, verify, login, me } = lines(cast);
    const { enter, change, resend, get } = office(cast);
    const ann = cast.fresh();
    const off = [enter, change(ann, { is_active: false }), change(ann, { is_active: false }), resend(ann)];
    const on = [enter, change(ann, { is_active: true }), get(ann)];
    return [
      ...loose(register(ann), verify(ann), login(ann)),
      ...tight(...off),
      ...loose(me(ann), login(ann)),
      ...tight(...on),
      ...loose(me(ann), login(ann), me(ann)),
    ];
  },

  'an admin for a moment': (cast) => {
    const { register, verify, login } = lines(cast);
    const { enter, change, stats } = office(cast);
    const ann = cast.fresh();
    const own = office(cast, ann);
    const [up, down] = [change(ann, { is_superuser: true }), change(ann, { is_superuser: false })];
    const moment = [login(ann), enter, own.stats, up, stats, own.stats, down, own.stats, own.get(ann), stats];
    return [...loose(register(ann), verify(ann)), ...tight(...moment)];
  },

  'somebody who is no admin': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    const own = office(cast, ann);
    const { self, stats, list, audit, attempts, get, change, remove, resend, revoke, waiting, promote } = own;
    const looks = [stats, list(), audit(), attempts(), get(ann), waiting(ann), own.messages({})];
    const acts = [
      change(ann, { is_superuser: true }),
      remove(ann),
      resend(ann),
      revoke(ann),
      promote(ann),
      own.retry(ann),
    ];
    const tries = cast.dice.shuffled([...looks, ...acts]);
    return [...loose(register(ann), verify(ann)), ...tight(login(ann), self, ...tries, self)];
  },

  'the last admin': (cast) => {
    const { register, verify, login } = lines(cast);
    const { enter, self, change, remove } = office(cast);
    const ann = cast.fresh();
    const own = office(cast, ann);
    const leave = [
      change(FOUNDER, { is_superuser: false }),
      change(FOUNDER, { is_active: false, full_name: 'Somebody' }),
      remove(FOUNDER),
      ...lines(cast).leave(FOUNDER, FOUNDER.password),
    ];
    const two = [
      change(ann, { is_superuser: true }),
      own.change(FOUNDER, { is_active: false }),
      own.change(ann, { is_superuser: false }),
      own.change(FOUNDER, { is_active: true }),
    ];
    const back = [enter, change(ann, { is_superuser: false }), self];
    return [
      ...loose(register(ann), verify(ann)),
      ...tight(login(ann), enter, self, ...leave, self, ...two, ...back),
    ];
  },

  'an admin whose sign-in was too long ago': (cast) => {
    const { register, verify, act } = lines(cast);
    const { enter, get, change, remove, revoke } = office(cast);
    const ann = cast.fresh();
    const name = (full_name: string) => change(ann, { full_name });
    const proof = act('reauthenticate', FOUNDER, { current_password: FOUNDER.password });
    const old = [after(1, name('too late')), remove(ann), revoke(ann), get(ann), proof];
    const ends = [enter, after(FRESH - 1, name('in time')), ...old, after(FRESH - 1, name('again'))];
    return [...loose(register(ann), verify(ann)), ...tight(...ends, after(1, name('no more')))];
  },

  'an admin ends the sessions of a user': (cast) => {
    const { register, verify, login, me, post } = lines(cast);
    const { enter, revoke } = office(cast);
    const ann = cast.fresh();
    const forgot = post('forgot-password', ann, { email: ann.address });
    const two = loose(register(ann), verify(ann), login(ann), login(ann), forgot);
    return [...two, ...tight(enter, revoke(ann)), ...loose(me(ann), me(ann, 1), login(ann), me(ann))];
  },

  'an admin deletes a user': (cast) => {
    const { register, verify, login, me } = lines(cast);
    const { enter, get, remove, change, resend, revoke } = office(cast);
    const ann = cast.fresh();
    const gone = [remove(ann), get(ann), change(ann, { is_active: true }), resend(ann), revoke(ann)];
    return [
      ...loose(register(ann), verify(ann), login(ann)),
      ...tight(enter, remove(ann), ...gone),
      ...loose(me(ann), login(ann), register(ann), verify(ann), login(ann)),
    ];
  },

  'a user who may not be deleted': (cast) => {
    const { register, verify, login, leave } = lines(cast);
    const { enter, remove, get } = office(cast);
    const fresh = cast.fresh();
    const ann = { ...fresh, address: REFUSED.delete + fresh.address };
    return [
      ...loose(register(ann), verify(ann)),
      ...tight(login(ann), ...leave(ann, ann.password), enter, remove(ann), get(ann)),
    ];
  },

  'a link from an admin': (cast) => {
    const { register, verify, login, me } = lines(cast);
    const { enter, resend } = office(cast);
    const ann = cast.fresh();
    // Without verification there is a user who has proved nothing yet.
    const unproved = [register(ann), login(ann), me(ann)];
    return [
      ...loose(...unproved),
      ...tight(enter, resend(ann), resend(ann)),
      ...loose(verify(ann), me(ann)),
      ...tight(enter, resend(ann), resend(ann, 'no id')),
    ];
  },

  'an admin answers for an address': (cast) => {
    const { register, verify, login } = lines(cast);
    const { enter, waiting, attempts, promote, find, stats } = office(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const typed = [register(ann), register(ben), register(ann, cast.wrong(ann))];
    const list = [waiting(ann, '3'), attempts({ limit: '2' }), stats];
    // From the newest: Ann's first attempt, then her second.
    const taken = [promote(ann, 0), promote(ann, 0), promote(ann, 2), find(ann), stats];
    return [
      ...tight(enter, ...typed, ...list, ...taken, attempts({ limit: '2' })),
      ...loose(login(ann), login(ann, cast.wrong(ann)), verify(ann), verify(ben), login(ben)),
    ];
  },
};
