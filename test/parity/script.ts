import type { Cast, Mailbox } from './cast';
import { latest, signedIn } from './cast';
import { fromOurPage } from './page.routes';
import { own } from './own.script';
import type { Step, Value } from './step';

/** A step of a story before its place in time is known: without a wait, the usual pause. */
export type Line = Omit<Step, 'wait' | 'story'> & { readonly wait?: number };

/** A story: groups of lines. Other stories may come between two groups, and nothing within one. */
export type Story = (cast: Cast) => readonly (readonly Line[])[];

/** Lines between which other stories may come. */
export const loose = (...lines: readonly Line[]): readonly (readonly Line[])[] => lines.map((line) => [line]);

/** Lines between which nothing comes, and no time passes but what they say. */
export const tight = (...lines: readonly Line[]): readonly (readonly Line[])[] => [
  lines.map((line, n) => (n === 0 ? line : { wait: 0, ...line })),
];

/** The same line after so many milliseconds. */
export const after = (wait: number, line: Line): Line => ({ ...line, wait });

/** What people do, as lines of stories. */
export const lines = (cast: Cast) => ({
  ...own(cast),

  register: (mailbox: Mailbox, password = cast.right(mailbox)): Line => ({
    route: 'POST /api/auth/register',
    of: mailbox.key,
    body: { json: { email: cast.typed(mailbox), password, full_name: mailbox.fullName } },
  }),

  verify: (mailbox: Mailbox, back = 0): Line => ({
    route: 'POST /api/auth/verify',
    of: mailbox.key,
    body: { json: { token: { ...latest('link verify', mailbox), back } } },
  }),

  login: (mailbox: Mailbox, password = cast.right(mailbox), headers = {}): Line => ({
    route: 'POST /api/auth/login',
    of: mailbox.key,
    headers,
    body: { json: { email: cast.typed(mailbox), password } },
  }),

  /** A JSON route for anybody, about a mailbox. */
  post: (path: string, { key }: Mailbox, json: Value): Line => ({
    route: `POST /api/auth/${path}`,
    of: key,
    body: { json },
  }),

  /** The same, signed in by its session that was opened last but `back`. */
  act: (path: string, mailbox: Mailbox, json: Value, back = 0): Line => ({
    route: `POST /api/auth/${path}`,
    of: mailbox.key,
    headers: signedIn(mailbox, back),
    body: { json },
  }),

  me: (mailbox: Mailbox, back = 0): Line => ({
    route: 'GET /api/auth/me',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
  }),

  orders: (mailbox: Mailbox, back = 0): Line => ({
    route: 'GET /orders',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
  }),

  logout: (mailbox: Mailbox, back = 0): Line => ({
    route: 'POST /api/auth/logout',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
  }),

  openLink: (mailbox: Mailbox, back = 0, page = 'verify'): Line => ({
    route: `GET /account/${page}`,
    of: mailbox.key,
    query: { token: { ...latest(`link ${page}`, mailbox), back } },
  }),

  page: (mailbox: Mailbox, page = 'verify'): Line => ({
    route: `GET /account/${page}`,
    of: mailbox.key,
    headers: { cookie: latest(`cookie ${page}`, mailbox) },
  }),

  press: (mailbox: Mailbox, head = fromOurPage(cast), back = 0, page = 'verify', form = {}): Line => ({
    route: `POST /account/${page}`,
    of: mailbox.key,
    headers: { ...head, cookie: latest(`cookie ${page}`, mailbox) },
    body: { form: { token_hash: { ...latest('token_hash', mailbox), back }, ...form } },
  }),

  /** What comes after the button was pressed. */
  done: ({ key }: Mailbox, page = 'verify'): Line => ({
    route: `GET /account/${page}`,
    of: key,
    query: { done: '' },
  }),

  disable: ({ key, address }: Mailbox): Line => ({
    route: 'POST /staff/disable',
    of: key,
    body: { json: { email: address } },
  }),

  loseFactors: ({ key, address }: Mailbox): Line => ({
    route: 'POST /staff/lose-factors',
    of: key,
    body: { json: { email: address } },
  }),

  setPassword: ({ key, address }: Mailbox, password: string): Line => ({
    route: 'POST /staff/password',
    of: key,
    body: { json: { email: address, password } },
  }),
});
