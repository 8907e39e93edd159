import { appCode, recoveryCode, textCode, wrongAppCode, wrongTextCode } from './code-uses';
import { type Cast, latest, type Mailbox } from './cast';
import { factors } from './factor.script';
import { onKnownDevice } from './flow.routes';
import { fromOurPage } from './page.routes';
import { NO_NUMBERS } from './people';
import { after, type Line, lines, loose, type Story, tight } from './script';

/** Two codes of an app are this far apart, milliseconds. */
const STEP = 30_000;

const known = (cast: Cast, ann: Mailbox): readonly (readonly Line[])[] =>
  loose(lines(cast).register(ann), lines(cast).verify(ann));

/** Factors enrolled, asked for and removed. */
export const FACTOR_STORIES: Readonly<Record<string, Story>> = {
  'an app is enrolled and asked for': (cast) => {
    const { login, me } = lines(cast);
    const { startApp, confirmApp, confirm, resend, challenge, removeApp, removePhone } = factors(cast);
    const ann = cast.fresh();
    const enrolled = [
      login(ann),
      login(ann),
      startApp(ann),
      confirmApp(ann, wrongAppCode(ann)),
      confirmApp(ann),
    ];
    const seen = [confirmApp(ann), me(ann), me(ann, 1), login(ann), confirm(ann, appCode(ann))];
    const next = after(STEP, confirm(ann, appCode(ann)));
    const used = [next, confirm(ann, appCode(ann, 1)), me(ann), login(ann), resend(ann), challenge(ann)];
    const others = [
      confirm(ann, appCode(ann, 1), { method: 'sms' }),
      removePhone(ann, { code: appCode(ann, 1) }),
    ];
    const gone = [
      removeApp(ann, {}),
      removeApp(ann, { code: wrongAppCode(ann) }),
      removeApp(ann, { code: appCode(ann, 1) }),
      removeApp(ann, {}),
      login(ann),
      me(ann),
    ];
    return [...known(cast, ann), ...tight(...enrolled, ...seen, ...used, ...others, ...gone)];
  },

  'a number is enrolled and texted': (cast) => {
    const { login, me } = lines(cast);
    const { startPhone, confirmPhone, confirm, resend, challenge, removePhone } = factors(cast);
    const ann = cast.fresh();
    const enrolled = [
      login(ann),
      login(ann),
      startPhone(ann),
      confirmPhone(ann, wrongTextCode(ann)),
      confirmPhone(ann),
    ];
    const step = [login(ann), confirm(ann, wrongTextCode(ann)), resend(ann), confirm(ann, textCode(ann, 1))];
    const done = [confirm(ann, textCode(ann), { method: 'sms' }), confirm(ann, textCode(ann)), me(ann)];
    const proof = [
      challenge(ann),
      removePhone(ann, { code: textCode(ann, 1) }),
      removePhone(ann, { code: textCode(ann) }),
    ];
    return [...known(cast, ann), ...tight(...enrolled, me(ann, 1), ...step, ...done, ...proof, login(ann))];
  },

  'an app and a number': (cast) => {
    const { login, act } = lines(cast);
    const { enrolApp, enrolPhone, confirm, resend, removeApp, removePhone, startPhone } = factors(cast);
    const ann = cast.fresh();
    const both = [
      login(ann),
      ...enrolApp(ann),
      startPhone(ann),
      ...enrolPhone(ann, { code: appCode(ann, 1) }),
    ];
    const step = [
      login(ann),
      resend(ann),
      confirm(ann, textCode(ann), { method: 'totp' }),
      confirm(ann, textCode(ann)),
    ];
    const proof = (code: ReturnType<typeof appCode>): Line =>
      act('reauthenticate', ann, { current_password: ann.password, code });
    const fresh = [
      after(2 * STEP, proof(appCode(ann))),
      proof(appCode(ann)),
      act('reauthenticate', ann, { current_password: ann.password }),
    ];
    const last = [removeApp(ann, { code: appCode(ann, 1) }), login(ann), confirm(ann, textCode(ann))];
    const ends = [...last, removePhone(ann, { code: recoveryCode(ann) }), login(ann)];
    return [...known(cast, ann), ...tight(...both, ...step, ...fresh, ...ends)];
  },

  'an app whose clock is off': (cast) => {
    const { login } = lines(cast);
    const { enrolApp, confirm } = factors(cast);
    const ann = cast.fresh();
    const codes = [
      after(5 * STEP, confirm(ann, appCode(ann, -2))),
      confirm(ann, appCode(ann, 2)),
      confirm(ann, appCode(ann, 1)),
    ];
    const late = [
      login(ann),
      confirm(ann, appCode(ann)),
      after(STEP, confirm(ann, appCode(ann))),
      confirm(ann, appCode(ann, 1)),
    ];
    return [...known(cast, ann), ...tight(login(ann), ...enrolApp(ann), login(ann), ...codes, ...late)];
  },

  'recovery codes': (cast) => {
    const { login, me } = lines(cast);
    const { enrolApp, confirm, newCodes } = factors(cast);
    const ann = cast.fresh();
    const used = [
      login(ann),
      confirm(ann, recoveryCode(ann, 3)),
      login(ann),
      confirm(ann, recoveryCode(ann, 3)),
    ];
    const others = [
      confirm(ann, appCode(ann, 1), { method: 'recovery_code' }),
      newCodes(ann, {}),
      newCodes(ann, { code: recoveryCode(ann, 4) }),
      me(ann),
      login(ann),
      confirm(ann, recoveryCode(ann, 15)),
      confirm(ann, recoveryCode(ann, 5)),
    ];
    return [
      ...known(cast, ann),
      ...tight(login(ann), newCodes(ann, {}), ...enrolApp(ann), ...used, ...others),
    ];
  },

  'an address comes back with what was there before': (cast) => {
    const { login, act, post } = lines(cast);
    const { enrolApp, enrolPhone, confirm } = factors(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const asBen = { ...ann, address: ben.address };
    const ask = act('change-email', ann, { new_email: ben.address, current_password: ann.password });
    const moved = [
      ask,
      post('confirm-email-change', ann, { token: latest('link confirm-email-change', ann) }),
      login(asBen),
    ];
    const [before, since] = cast.dice.shuffled([enrolApp, enrolPhone]);
    const isApp = before === enrolApp;
    const thief = [
      confirm(ann, isApp ? appCode(ann, 1) : textCode(ann)),
      ...since!(ann, { code: isApp ? recoveryCode(ann) : textCode(ann) }),
    ];
    const reset = { token: latest('link reset', ann), new_password: ann.password };
    const back = [
      post('undo-email-change', ann, { token: latest('link undo-email-change', ann) }),
      post('reset-password', ann, reset),
      login(ann),
      after(2 * STEP, confirm(ann, appCode(ann))),
      confirm(ann, textCode(ann)),
      confirm(ann, recoveryCode(ann, 2)),
    ];
    return [...known(cast, ann), ...tight(login(ann), ...before!(ann), ...moved, ...thief, ...back)];
  },

  'a first proof of the mailbox': (cast) => {
    const { register, login, post, verify, me } = lines(cast);
    const { enrolApp } = factors(cast);
    const ann = cast.fresh();
    const again = post('resend-verification', ann, { email: ann.address });
    return tight(
      register(ann),
      login(ann),
      ...enrolApp(ann),
      login(ann),
      again,
      verify(ann),
      login(ann),
      me(ann),
    );
  },

  'a sign-in that is overtaken': (cast) => {
    const { login, act, disable, setPassword } = lines(cast);
    const { enrolApp, enrolPhone, confirm } = factors(cast);
    const ann = cast.fresh();
    const begun = [login(ann), ...cast.dice.pick([enrolApp, enrolPhone])(ann), login(ann)];
    const change = act('change-password', ann, {
      current_password: ann.password,
      new_password: cast.wrong(ann),
    });
    const end = cast.dice.pick([change, disable(ann), setPassword(ann, ann.password)]);
    return [
      ...known(cast, ann),
      ...tight(...begun, end, confirm(ann, appCode(ann, 1)), confirm(ann, textCode(ann)), login(ann)),
    ];
  },

  'two sign-ins that wait': (cast) => {
    const { login, me } = lines(cast);
    const { enrolPhone, confirm, resend } = factors(cast);
    const ann = cast.fresh();
    const both = [
      confirm(ann, textCode(ann), {}, 1),
      confirm(ann, textCode(ann, 1), {}, 1),
      resend(ann, 0),
      confirm(ann, textCode(ann)),
    ];
    return [
      ...known(cast, ann),
      ...tight(login(ann), ...enrolPhone(ann), login(ann), login(ann), ...both, me(ann), me(ann, 1)),
    ];
  },

  'a device that is trusted': (cast) => {
    const { login, me, sessions, end, endOthers } = lines(cast);
    const { enrolApp, confirm } = factors(cast);
    const ann = cast.fresh();
    const day = 86_400_000;
    const onDevice = login(ann, undefined, onKnownDevice(ann));
    const trust = confirm(ann, recoveryCode(ann, cast.dice.below(3)), { trust_device: true });
    const trusted = [login(ann), trust, onDevice, login(ann), sessions(ann)];
    const over = cast.dice.chance(0.5)
      ? [after(day - 1, onDevice), after(1, onDevice)]
      : [cast.dice.pick([end(ann), endOthers(ann)]), onDevice, sessions(ann)];
    const again = [confirm(ann, recoveryCode(ann, 4), { trust_device: false }), me(ann)];
    return [...known(cast, ann), ...tight(login(ann), ...enrolApp(ann), ...trusted, ...over, ...again)];
  },

  'a second step for a cookie': (cast) => {
    const { login, loginForCookie, byCookie } = lines(cast);
    const { enrolApp, confirm } = factors(cast);
    const ann = cast.fresh();
    const sent = confirm(ann, recoveryCode(ann));
    const [foreign, ours] = [
      { ...sent, headers: { 'sec-fetch-site': 'cross-site' } },
      { ...sent, headers: fromOurPage(cast) },
    ];
    const steps = [loginForCookie(ann, fromOurPage(cast)), foreign, ours, byCookie('GET /api/auth/me', ann)];
    return [...known(cast, ann), ...tight(login(ann), ...enrolApp(ann), ...steps)];
  },

  'factors that got lost': (cast) => {
    const { login, act, loseFactors, me } = lines(cast);
    const { enrolApp, confirm, challenge, newCodes } = factors(cast);
    const ann = cast.fresh();
    const proof = act('reauthenticate', ann, { current_password: ann.password, code: appCode(ann, 1) });
    const lost = [
      loseFactors(ann),
      login(ann),
      login(ann, cast.wrong(ann)),
      confirm(ann, appCode(ann, 1)),
      me(ann),
    ];
    return [
      ...known(cast, ann),
      ...tight(login(ann), ...enrolApp(ann), login(ann), ...lost),
      ...tight(proof, challenge(ann), newCodes(ann, { code: appCode(ann) })),
    ];
  },

  'bodies and passwords that are none': (cast) => {
    const { login, act } = lines(cast);
    const { changes, enrolApp, enrolPhone } = factors(cast);
    const ann = cast.fresh();
    const odd = ['phone/confirm', 'mfa/totp/confirm'].map((path) =>
      act(path, ann, { pending_token: 'x', code: 1 }),
    );
    const guess = { current_password: cast.wrong(ann), code: appCode(ann, 1) };
    const refused = [...changes(ann, { current_password: 1 }), ...odd];
    const proofless = changes(ann, { current_password: ann.password });
    const all = [
      ...enrolApp(ann),
      ...enrolPhone(ann, { code: appCode(ann, 1) }),
      ...proofless,
      ...changes(ann, guess),
      ...changes(ann, guess),
    ];
    return [...known(cast, ann), ...tight(login(ann), ...refused, ...all)];
  },

  'numbers that nobody can be texted at': (cast) => {
    const { login } = lines(cast);
    const { startPhone } = factors(cast);
    const ann = cast.fresh();
    const tries = cast.dice.shuffled(NO_NUMBERS).slice(0, 4);
    const all = tries.map((phone_number) => startPhone(ann, { phone_number }));
    return [...known(cast, ann), ...loose(login(ann), ...all)];
  },
};
