import { appCode, textCode, wrongAppCode, wrongTextCode } from './code-uses';
import { type Cast, latest, type Mailbox } from './cast';
import { factors } from './factor.script';
import { after, type Line, lines, loose, type Story, tight } from './script';

/** Lifetimes and windows, milliseconds. */
const CODE_LIFE = 300_000;
const WAIT_LIFE = 600_000;
const HOUR = 3_600_000;
const STEP = 30_000;

const GUESSES = 5;

const known = (cast: Cast, ann: Mailbox): readonly (readonly Line[])[] =>
  loose(lines(cast).register(ann), lines(cast).verify(ann));

const times = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

/** What ends by time, and what is counted; both sides of every end, to the millisecond. */
export const FACTOR_LIMIT_STORIES: Readonly<Record<string, Story>> = {
  'wrong codes until nobody looks at them': (cast) => {
    const { login, act } = lines(cast);
    const { enrolApp, confirm, newCodes } = factors(cast);
    const ann = cast.fresh();
    const wrong = confirm(ann, wrongAppCode(ann));
    const round = [login(ann), ...times(GUESSES, wrong)];
    const proof = act('reauthenticate', ann, { current_password: ann.password, code: appCode(ann) });
    const spent = [
      ...round,
      confirm(ann, appCode(ann)),
      ...round,
      login(ann),
      confirm(ann, appCode(ann)),
      proof,
    ];
    const codes = newCodes(ann, { code: appCode(ann) });
    // The window opened with the first wrong code.
    const late = [
      after(HOUR - 1, login(ann)),
      confirm(ann, appCode(ann)),
      after(1, confirm(ann, appCode(ann))),
    ];
    return [
      ...known(cast, ann),
      ...tight(login(ann), ...enrolApp(ann), after(HOUR, login(ann)), ...spent, codes, ...late),
    ];
  },

  'wrong codes of a number': (cast) => {
    const { login } = lines(cast);
    const { enrolPhone, confirm, resend, challenge, removePhone } = factors(cast);
    const ann = cast.fresh();
    const wrong = confirm(ann, wrongTextCode(ann));
    const some = [
      login(ann),
      ...times(3, wrong),
      resend(ann),
      wrong,
      wrong,
      confirm(ann, textCode(ann)),
      resend(ann),
    ];
    const proof = times(GUESSES, removePhone(ann, { code: wrongTextCode(ann) }));
    const spent = [
      challenge(ann),
      ...proof,
      removePhone(ann, { code: textCode(ann) }),
      challenge(ann),
      login(ann),
      resend(ann),
    ];
    return [...known(cast, ann), ...tight(login(ann), ...enrolPhone(ann), ...some, ...spent)];
  },

  'wrong codes at an enrolment': (cast) => {
    const { login } = lines(cast);
    const { startApp, confirmApp, startPhone, confirmPhone } = factors(cast);
    const ann = cast.fresh();
    const over = [startApp(ann), ...times(GUESSES, confirmApp(ann, wrongAppCode(ann))), confirmApp(ann)];
    const phone = [
      startApp(ann),
      startPhone(ann),
      ...times(GUESSES - 1, confirmPhone(ann, wrongTextCode(ann))),
    ];
    const former = { pending_token: { ...latest('pending_token', ann), back: 1 } };
    // The last wrong one of the hour; each enrolment would take another one.
    const last = confirmApp(ann, wrongAppCode(ann), former);
    const spent = [confirmPhone(ann), confirmApp(ann, appCode(ann), former), startPhone(ann)];
    const then = [after(HOUR, startPhone(ann)), confirmPhone(ann)];
    return [...known(cast, ann), ...tight(login(ann), ...over, ...phone, last, ...spent, ...then)];
  },

  'more texts than anybody gets': (cast) => {
    const { login } = lines(cast);
    const { enrolPhone, startPhone, confirmPhone, confirm, resend, challenge } = factors(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const other = { phone_number: ben.number, code: textCode(ann) };
    const more = [...times(4, resend(ann)), challenge(ann), login(ann), confirm(ann, textCode(ann), {}, 1)];
    // The number is spent for others, too, and they are not told.
    const asBen = startPhone(ben, { phone_number: ann.number });
    const theirs = [login(ben), asBen, confirmPhone(ben)];
    const later = [
      after(HOUR, login(ann)),
      confirm(ann, textCode(ann)),
      challenge(ann),
      startPhone(ann, other),
      confirmPhone(ann),
    ];
    return [
      ...known(cast, ben),
      ...known(cast, ann),
      ...tight(login(ann), ...enrolPhone(ann), login(ann), ...more, ...theirs, ...later),
    ];
  },

  'codes to their end': (cast) => {
    const { login } = lines(cast);
    const { enrolPhone, confirm, startPhone, confirmPhone, challenge, removePhone } = factors(cast);
    const ann = cast.fresh();
    const enrolment = [startPhone(ann), after(CODE_LIFE, confirmPhone(ann)), ...enrolPhone(ann)];
    const late = [login(ann), after(CODE_LIFE, confirm(ann, textCode(ann)))];
    const early = [login(ann), after(CODE_LIFE - 1, confirm(ann, textCode(ann)))];
    const proof = [challenge(ann), after(CODE_LIFE, removePhone(ann, { code: textCode(ann) }))];
    return [...known(cast, ann), ...tight(login(ann), ...enrolment, ...late, ...early, ...proof)];
  },

  'waits to their end': (cast) => {
    const { login } = lines(cast);
    const { startApp, confirmApp, confirm } = factors(cast);
    const ann = cast.fresh();
    const late = [startApp(ann), after(WAIT_LIFE, confirmApp(ann))];
    const early = [startApp(ann), after(WAIT_LIFE - 1, confirmApp(ann))];
    const steps = [
      login(ann),
      after(WAIT_LIFE, confirm(ann, appCode(ann))),
      login(ann),
      after(WAIT_LIFE - 1, confirm(ann, appCode(ann))),
    ];
    return [...known(cast, ann), ...tight(login(ann), ...late, ...early, after(STEP, login(ann)), ...steps)];
  },
};
