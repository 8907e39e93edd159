import { type Cast, latest } from './cast';
import { type Content, GATE, type RouteEntry } from './route';
import type { Text } from './step';

/** The head of a form that a page of ours has sent, by a browser old or new. */
export const fromOurPage = (cast: Cast): Readonly<Record<string, Text>> =>
  cast.dice.chance(0.5) ? { 'sec-fetch-site': 'same-origin' } : { origin: 'http://localhost:3000' };

/** The two routes of the page that a mailed link leads to. `form` gives the fields beside the hash of the token. */
export function pageOf(
  page: string,
  form: (cast: Cast) => Readonly<Record<string, string>> = () => ({}),
): Readonly<Record<string, RouteEntry>> {
  return {
    [`GET /account/${page}`]: {
      answers: [200, 303, 400, 404],
      weight: 2,
      reads: null,
      visit: (cast, mailbox) => {
        const cookie = latest(`cookie ${page}`, mailbox);
        return cast.dice.pick<Content>([
          { query: { token: cast.link(mailbox, page) } },
          { headers: { cookie } },
          { query: { done: '' } },
          { query: { token: cast.dice.letters(43) }, headers: { cookie } },
          {},
        ]);
      },
    },
    [`POST /account/${page}`]: {
      answers: [303, ...GATE, 403, 404, 422],
      weight: 1.5,
      reads: 'form',
      visit: (cast, mailbox) => ({
        headers: {
          ...(cast.dice.chance(0.9) ? fromOurPage(cast) : {}),
          ...(cast.dice.chance(0.9) ? { cookie: latest(`cookie ${page}`, mailbox) } : {}),
        },
        body: {
          form: {
            token_hash: latest('token_hash', cast.dice.chance(0.8) ? mailbox : cast.anyone()),
            ...form(cast),
          },
        },
      }),
    },
  };
}
