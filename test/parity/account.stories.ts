import { BAD_ATTRIBUTES, GOOD_ATTRIBUTES, MOTTOS } from './attributes';
import { type Cast, latest, type Mailbox } from './cast';
import { REFUSED } from './house';
import { fromOurPage } from './page.routes';
import { after, type Line, lines, loose, type Story, tight } from './script';
import type { Text, Value } from './step';

/** How long a sign-in is proof enough to end sessions, milliseconds. */
const FRESH = 900_000;
/** Requests of one session within this time are noted once. */
const NOTED = 60_000;

const AGENTS = [
  '',
  'curl/8',
  'Ma\u00f1ana \u00ff/1.0',
  'x'.repeat(600),
  '{"$ne":null}',
  "Mozilla/5.0 (X11; Linux) O'Brien",
];

const known = (cast: Cast, ann: Mailbox): readonly (readonly Line[])[] =>
  loose(lines(cast).register(ann), lines(cast).verify(ann));

/** What people do with their profile, their sessions and the end of their account. */
export const ACCOUNT_STORIES: Readonly<Record<string, Story>> = {
  'a profile': (cast) => {
    const { verify, login, me, edit, enrol } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const registrations = [
      enrol(ann, { language: 'xx' }),
      enrol(ann, { settings: 1 }),
      enrol(ann, { motto: ann.fullName, language: cast.dice.pick(['de', null]) }),
    ];
    const edits: readonly Value[] = [
      { full_name: ben.fullName },
      { full_name: null },
      {},
      { full_name: 'x'.repeat(201) },
    ];
    const all = [verify(ann), login(ann), me(ann), ...edits.map((one) => edit(ann, one)), me(ann)];
    return loose(...registrations, ...all);
  },

  'attributes side by side': (cast) => {
    const { login, me, edit } = lines(cast);
    const ann = cast.fresh();
    const good = [...cast.dice.shuffled(GOOD_ATTRIBUTES).slice(0, 6), cast.dice.pick(MOTTOS)];
    const bad = cast.dice.shuffled(BAD_ATTRIBUTES).slice(0, 3);
    const edits = cast.dice.shuffled([...good, ...bad]).map((attributes) => edit(ann, { attributes }));
    const mixed = edit(ann, { full_name: 'Not this', attributes: { nickname: 'x' } });
    return [...known(cast, ann), ...tight(login(ann), ...edits, mixed, me(ann))];
  },

  'sessions in a list': (cast) => {
    const { login, me, sessions, end, endOthers } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const from = (agent: string): Line => login(ann, cast.right(ann), { 'user-agent': agent });
    const agents = cast.dice.shuffled(AGENTS).slice(0, 4).map(from);
    const used = [
      after(NOTED - 1, me(ann, 1)),
      after(1, me(ann, 2)),
      sessions(ann),
      after(NOTED, sessions(ann, 1)),
    ];
    // The list is newest first, so the oldest is the latest id.
    const ended = [end(ann, 0, 2), end(ann, 0, 2), me(ann, 1), sessions(ann), end(ben, 0, 0, ann)];
    const others = [endOthers(ann), sessions(ann), me(ann, 3), end(ann, 0, 0), sessions(ann)];
    return [
      ...known(cast, ben),
      ...known(cast, ann),
      ...loose(login(ben), sessions(ben)),
      ...tight(...agents, ...used, ...ended, ...others),
    ];
  },

  'a sign-in that is too old to end sessions': (cast) => {
    const { login, act, sessions, end, endOthers } = lines(cast);
    const ann = cast.fresh();
    const proof = act('reauthenticate', ann, { current_password: ann.password });
    const old = [after(1, endOthers(ann)), end(ann), proof, after(FRESH - 1, end(ann)), after(1, end(ann))];
    const all = [login(ann), login(ann), sessions(ann), after(FRESH - 1, endOthers(ann)), ...old];
    return [...known(cast, ann), ...tight(...all)];
  },

  'sessions that end by themselves': (cast) => {
    const { login, sessions, disable, act } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const change = act('change-password', ann, { current_password: ann.password, new_password: next });
    const early = [
      login(ann),
      after(7_000_000, login(ann)),
      after(199_999, sessions(ann)),
      after(1, sessions(ann)),
    ];
    const over = [change, sessions(ann), login(ann, next), sessions(ann), disable(ann), sessions(ann)];
    return [...known(cast, ann), ...tight(...early, ...over)];
  },

  'a session in a cookie': (cast) => {
    const { byCookie, loginForCookie, login } = lines(cast);
    const ann = cast.fresh();
    const [ours, foreign] = [fromOurPage(cast), { 'sec-fetch-site': 'cross-site' }];
    const get = (route: string, back = 0): Line => byCookie(route, ann, {}, back);
    const patch = (head: Readonly<Record<string, Text>>): Line => ({
      ...byCookie('PATCH /api/auth/me', ann, head),
      body: { json: { full_name: 'By cookie' } },
    });
    const seen = [
      get('GET /api/auth/me'),
      get('GET /orders'),
      get('GET /api/auth/sessions'),
      byCookie('POST /staff/order', ann, ours),
      byCookie('POST /staff/order', ann, foreign),
      patch(ours),
      patch(foreign),
    ];
    const again = [
      loginForCookie(ann, { ...ours, cookie: latest('cookie session', ann) }),
      get('GET /api/auth/me', 1),
    ];
    const out = [byCookie('POST /api/auth/logout', ann, ours), get('GET /api/auth/me')];
    const others = [
      loginForCookie(ann, foreign),
      loginForCookie(ann, ours, 'bearer'),
      loginForCookie(ann, ours, 'x'),
    ];
    return [
      ...known(cast, ann),
      ...tight(loginForCookie(ann), ...seen),
      ...loose(...again, ...out, ...others, login(ann)),
    ];
  },

  'an account ends, and another begins': (cast) => {
    const { register, verify, login, me, leave, post } = lines(cast);
    const ann = cast.fresh();
    const [wrong] = cast.dice.shuffled(leave(ann, cast.wrong(ann)));
    const [one, other] = cast.dice.shuffled(leave(ann, ann.password));
    const forgot = post('forgot-password', ann, { email: ann.address });
    const lost = post('reset-password', ann, {
      token: latest('link reset', ann),
      new_password: ann.password,
    });
    const end = [forgot, wrong!, ...leave(ann, null), one!, other!, me(ann), lost, login(ann)];
    const back = [register(ann), verify(ann), login(ann), me(ann)];
    return [...known(cast, ann), ...tight(login(ann), ...end), ...loose(...back)];
  },

  'an account ends while its address is on the move': (cast) => {
    const { register, verify, login, act, post, leave } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const ask = act('change-email', ann, { new_email: ben.address, current_password: ann.password });
    const confirm = post('confirm-email-change', ann, { token: latest('link confirm-email-change', ann) });
    const back = post('undo-email-change', ann, { token: latest('link undo-email-change', ann) });
    const asBen = { ...ann, address: ben.address };
    const moved = cast.dice.chance(0.5) ? [confirm, login(asBen)] : [];
    const end = [...leave(ann, ann.password).slice(0, 1), confirm, back];
    const both = [register(ann), register(ben), verify(ann), verify(ben), login(ann), login(ben)];
    return [...known(cast, ann), ...loose(login(ann), ask, ...moved, ...end, ...both)];
  },

  'guesses at the end of an account': (cast) => {
    const { login, leave, me } = lines(cast);
    const ann = cast.fresh();
    const guesses = [0, 1, 0, 1, 0].map((n) => leave(ann, cast.wrong(ann))[n]!);
    const right = leave(ann, ann.password);
    const all = [login(ann), ...guesses, ...right, me(ann), after(FRESH, right[1]!), me(ann)];
    return [...known(cast, ann), ...tight(...all)];
  },

  'addresses that the host says no to': (cast) => {
    const { register, login } = lines(cast);
    const ann = cast.fresh();
    const [barred, shut] = [REFUSED.register, REFUSED.signIn].map((prefix): Mailbox => ({
      ...ann,
      address: prefix + ann.address,
    })) as [Mailbox, Mailbox];
    const tries = [register(barred), login(barred), login(shut), register(shut)];
    return loose(
      ...tries,
      lines(cast).verify(shut),
      login(shut),
      register(ann, 'short'),
      register(barred, 'short'),
    );
  },
};
