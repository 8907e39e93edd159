import { type Cast, latest, type Mailbox, signedIn } from './cast';
import type { Attributes } from './attributes';
import type { Line } from './script';
import type { Text, Value } from './step';

type Head = Readonly<Record<string, Text>>;

/** What people do with their own account: profile, sessions, the cookie, the end. */
export const own = (cast: Cast) => ({
  /** Registers with attributes. */
  enrol: (mailbox: Mailbox, attributes: Attributes): Line => ({
    route: 'POST /api/auth/register',
    of: mailbox.key,
    body: { json: { email: cast.typed(mailbox), password: cast.right(mailbox), attributes } },
  }),

  edit: (mailbox: Mailbox, json: Value, back = 0): Line => ({
    route: 'PATCH /api/auth/me',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
    body: { json },
  }),

  sessions: (mailbox: Mailbox, back = 0): Line => ({
    route: 'GET /api/auth/sessions',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
  }),

  /** Ends the session that was last in a list but so many, by the session that was opened last but `back`; as somebody else, too. */
  end: (mailbox: Mailbox, back = 0, listed = 0, as = mailbox): Line => ({
    route: 'DELETE /api/auth/sessions/:id',
    of: mailbox.key,
    headers: signedIn(as, back),
    params: { id: [{ ...latest('session id', mailbox), back: listed }] },
  }),

  endOthers: (mailbox: Mailbox, back = 0): Line => ({
    route: 'POST /api/auth/sessions/revoke-others',
    of: mailbox.key,
    headers: signedIn(mailbox, back),
  }),

  /** Both ways to end an account; null: without a password. */
  leave: (mailbox: Mailbox, current_password: string | null): readonly [Line, Line] => {
    const json: Value = current_password === null ? {} : { current_password };
    const by = (route: string): Line => ({
      route,
      of: mailbox.key,
      headers: signedIn(mailbox),
      body: { json },
    });
    return [by('DELETE /api/auth/account'), by('POST /api/auth/account/delete')];
  },

  loginForCookie: (mailbox: Mailbox, headers: Head = {}, transport = 'cookie'): Line => ({
    route: 'POST /api/auth/login',
    of: mailbox.key,
    headers,
    query: { transport },
    body: { json: { email: cast.typed(mailbox), password: cast.right(mailbox) } },
  }),

  /** Signed in by the cookie that was set last but `back`. */
  byCookie: (route: string, mailbox: Mailbox, headers: Head = {}, back = 0): Line => ({
    route,
    of: mailbox.key,
    headers: { ...headers, cookie: { ...latest('cookie session', mailbox), back } },
  }),
});
