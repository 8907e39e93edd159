import { appCode, textCode } from './code-uses';
import { type Cast, latest, type Mailbox, signedIn } from './cast';
import { type Line, lines } from './script';
import type { Value } from './step';

type More = Readonly<Record<string, Value>>;

/** Paths of what changes factors, by the password. */
const CHANGES = [
  'phone/start',
  'mfa/totp/start',
  'mfa/recovery-codes',
  'DELETE phone',
  'phone/delete',
  'DELETE mfa/totp',
  'mfa/totp/delete',
];

/** What people do with second factors. */
export const factors = (cast: Cast) => {
  const { act, post } = lines(cast);
  const setup = (ann: Mailbox) => latest('pending_token', ann);
  const proved = ({ password: current_password }: Mailbox, more: More): Value => ({
    current_password,
    ...more,
  });
  const startApp = (ann: Mailbox, more: More = {}, back = 0): Line =>
    act('mfa/totp/start', ann, proved(ann, more), back);
  const confirmApp = (ann: Mailbox, code: Value = appCode(ann), more: More = {}): Line =>
    act('mfa/totp/confirm', ann, { pending_token: setup(ann), code, ...more });
  const startPhone = (ann: Mailbox, more: More = {}): Line =>
    act('phone/start', ann, proved(ann, { phone_number: cast.typedNumber(ann), ...more }));
  const confirmPhone = (ann: Mailbox, code: Value = textCode(ann)): Line =>
    act('phone/confirm', ann, { pending_token: setup(ann), code });
  /** Either of two routes that do the same. */
  const removal =
    (route: string, path: string) =>
    (ann: Mailbox, more: More): Line => ({
      route: cast.dice.chance(0.5) ? `DELETE /api/auth/${route}` : `POST /api/auth/${path}`,
      of: ann.key,
      headers: signedIn(ann),
      body: { json: proved(ann, more) },
    });
  const removeApp = removal('mfa/totp', 'mfa/totp/delete');
  const removePhone = removal('phone', 'phone/delete');
  return {
    /** Every route that changes factors, with the same body; a number where one is wanted. */
    changes: (ann: Mailbox, json: More): readonly Line[] =>
      CHANGES.map((path) => {
        const [method, route] = path.includes(' ') ? path.split(' ') : ['POST', path];
        const number: More = path === 'phone/start' ? { phone_number: ann.number } : {};
        return { ...act('', ann, { ...number, ...json }), route: `${method} /api/auth/${route}` };
      }),
    startApp,
    confirmApp,
    startPhone,
    confirmPhone,
    /** Two lines, after which the app is enrolled and its code of now used. */
    enrolApp: (ann: Mailbox, more: More = {}): readonly Line[] => [startApp(ann, more), confirmApp(ann)],
    enrolPhone: (ann: Mailbox, more: More = {}): readonly Line[] => [
      startPhone(ann, more),
      confirmPhone(ann),
    ],
    removeApp,
    removePhone,
    newCodes: (ann: Mailbox, more: More): Line => act('mfa/recovery-codes', ann, proved(ann, more)),
    challenge: (ann: Mailbox): Line => ({
      route: 'POST /api/auth/mfa/challenge',
      of: ann.key,
      headers: signedIn(ann),
    }),
    /** The second step of the sign-in that was begun last but `back`. */
    confirm: (ann: Mailbox, code: Value, more: More = {}, back = 0): Line =>
      post('login/mfa-confirm', ann, {
        mfa_pending_token: { ...latest('mfa_pending_token', ann), back },
        code,
        ...more,
      }),
    resend: (ann: Mailbox, back = 0): Line =>
      post('login/mfa-resend', ann, { mfa_pending_token: { ...latest('mfa_pending_token', ann), back } }),
    /** The same lines for somebody whose sign-in waits for the factor, who is not signed in. */
    waiting: (line: Line): Line => {
      const { headers: _, body, ...rest } = line;
      const { current_password: __, ...json } = (body as { json: More }).json;
      const token = { use: 'mfa_pending_token', of: line.of, back: 0 };
      return { ...rest, body: { json: { ...json, mfa_pending_token: token } } };
    },
  };
};
