import { type Cast, FOUNDER, latest } from './cast';
import { LISTS, NEXT, office } from './office';
import { PEOPLE } from './people';
import { type Line, lines, loose, type Story, tight } from './script';

type Query = NonNullable<Line['query']>;

/** What is looked for: as it is, in another case, what means something in patterns, and nothing. */
const searchFor = (cast: Cast): string => {
  const { fullName, local } = cast.dice.pick(PEOPLE);
  const text = cast.dice.chance(0.5) ? local : (fullName ?? 'null');
  const part = Array.from(text)
    .slice(0, 1 + cast.dice.below(4))
    .join('');
  return cast.dice.pick([
    text.slice(0, 300),
    part,
    part.toUpperCase(),
    part.toLowerCase(),
    '@',
    'EXAMPLE.org',
    'ss',
  ]);
};

const FLAGS = ['is_active', 'is_verified', 'is_superuser'];

/** Queries that no list takes. */
const BAD_QUERIES: readonly Query[] = [
  { limit: '0' },
  { limit: '201' },
  { limit: '1.5' },
  { limit: '-1' },
  { limit: '1e1' },
  { limit: '' },
  { cursor: '' },
  { cursor: 'x' },
  { cursor: 'x'.repeat(201) },
  { cursor: { ...NEXT, use: 'id' } },
  { offset: '1' },
  { constructor: '1' },
];

/** Lists page by page; what every page has and in which order. */
export const LIST_STORIES: Readonly<Record<string, Story>> = {
  'pages of users': (cast) => {
    const { enter, list } = office(cast);
    const limit = String(2 + cast.dice.below(5));
    const pages = [list({ limit }), list({ limit, cursor: NEXT }), list({ limit, cursor: NEXT, skip: '1' })];
    const counted = [list({ limit: '2', skip: '3' }), list({ skip: '10000' }), list({ limit: '200' })];
    return tight(enter, ...pages, ...counted);
  },

  'users by what they are': (cast) => {
    const { enter, list } = office(cast);
    const one = FLAGS.map((flag) => list({ [flag]: cast.dice.pick(['true', 'false']), limit: '9' }));
    const all = Object.fromEntries(FLAGS.map((flag) => [flag, cast.dice.pick(['true', 'false'])]));
    const q = cast.dice.pick(['a', 'e', '.']);
    const paged = [list({ is_verified: 'true', q, limit: '2' }), list({ q, limit: '2', cursor: NEXT })];
    return tight(enter, ...one, list(all), ...paged, list({ is_active: 'yes' }), list({ skip: '10001' }));
  },

  'users by address or name': (cast) => {
    const { register } = lines(cast);
    const { enter, list } = office(cast);
    const odd = ['%', '_', '\\', "'", '{"$gt":""}', '.*', 'İ', 'ß', '\u0301', '\u0000', ' '];
    const searches = [
      ...Array.from({ length: 6 }, () => searchFor(cast)),
      cast.dice.pick(odd),
      cast.dice.pick(odd),
    ];
    return [
      ...loose(register(cast.fresh())),
      ...tight(enter, ...searches.map((q) => list({ q, limit: '5' }))),
    ];
  },

  'lists that are asked for what there is not': (cast) => {
    const { enter, list, audit, attempts, messages, retry } = office(cast);
    const some = () => cast.dice.shuffled(BAD_QUERIES).slice(0, 3);
    const bad = [list, audit, attempts].flatMap((one) => some().map((query) => one(query)));
    // A page is a place in the order of ids, whatever the list.
    return tight(
      enter,
      attempts({ limit: '1' }),
      list({ limit: '2', cursor: NEXT }),
      ...bad,
      messages({ state: 'gone' }),
      retry(FOUNDER),
    );
  },

  'what the audit log tells of a user': (cast) => {
    const { register, verify, login, me, leave, edit, logout } = lines(cast);
    const { enter, audit, change } = office(cast);
    const ann = cast.fresh();
    const of = { user_id: latest('id', ann) };
    const lived = loose(register(ann), verify(ann), login(ann), login(ann, cast.wrong(ann)));
    const more = loose(me(ann), edit(ann, { full_name: 'Another' }), logout(ann), login(ann));
    const pages = [audit({ ...of, limit: '3' }), audit({ ...of, limit: '3', cursor: NEXT })];
    const seen = tight(
      enter,
      change(ann, { roles: ['seen'] }),
      ...pages,
      audit({ ...of, kind: 'user.logged_in' }),
    );
    const ended = tight(
      ...leave(ann, ann.password),
      enter,
      audit(of),
      audit({ kind: 'user.deleted', limit: '4' }),
    );
    return [...lived, ...more, ...seen, ...ended];
  },

  'what the audit log tells': (cast) => {
    const { enter, audit } = office(cast);
    const kinds = [
      'access.refused',
      'registration.requested',
      'user.login_failed',
      'user.disabled',
      'hook.refused',
    ];
    const some = cast.dice.shuffled(kinds).slice(0, 2);
    const pages = [
      audit({ limit: '20' }),
      audit({ limit: '20', cursor: NEXT }),
      audit({ limit: '2', cursor: NEXT }),
    ];
    const by = some.map((kind) => audit({ kind, limit: '5' }));
    const nobody = audit({ user_id: latest('record id', LISTS) });
    return tight(enter, ...pages, ...by, audit({ kind: 'no.such' }), nobody, audit({ user_id: 'nobody' }));
  },
};
