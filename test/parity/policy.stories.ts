import { appCode, textCode, wrongAppCode } from './code-uses';
import { latest } from './cast';
import { factors } from './factor.script';
import { after, lines, loose, type Story, tight } from './script';

const WAIT_LIFE = 600_000;
const STEP = 30_000;

/** Where everybody has to have a second factor. */
export const POLICY_STORIES: Readonly<Record<string, Story>> = {
  'an app has to be enrolled': (cast) => {
    const { register, verify, login, me, act } = lines(cast);
    const { startApp, confirmApp, waiting, confirm, removeApp } = factors(cast);
    const ann = cast.fresh();
    const token = latest('mfa_pending_token', ann);
    const start = waiting(startApp(ann));
    const enrolled = [
      start,
      waiting(confirmApp(ann, wrongAppCode(ann))),
      waiting(confirmApp(ann)),
      waiting(confirmApp(ann)),
    ];
    const all = [
      login(ann),
      confirm(ann, appCode(ann)),
      ...enrolled,
      start,
      me(ann),
      after(STEP, removeApp(ann, { code: appCode(ann) })),
      login(ann),
      confirm(ann, appCode(ann)),
      act('mfa/totp/start', ann, { mfa_pending_token: token }),
    ];
    return [...loose(register(ann), verify(ann)), ...tight(...all)];
  },

  'a number has to be enrolled': (cast) => {
    const { register, verify, login, me } = lines(cast);
    const { startPhone, confirmPhone, waiting, confirm, removePhone, challenge, enrolApp } = factors(cast);
    const ann = cast.fresh();
    const enrolled = [waiting(startPhone(ann)), waiting(confirmPhone(ann)), me(ann)];
    const two = [
      challenge(ann),
      removePhone(ann, { code: textCode(ann) }),
      ...enrolApp(ann, { code: textCode(ann) }),
    ];
    const one = [
      after(STEP, removePhone(ann, { code: appCode(ann) })),
      login(ann),
      confirm(ann, appCode(ann, 1)),
    ];
    return [...loose(register(ann), verify(ann)), ...tight(login(ann), ...enrolled, ...two, ...one)];
  },

  'a wait for an enrolment to its end': (cast) => {
    const { register, verify, login, setPassword } = lines(cast);
    const { startApp, confirmApp, waiting } = factors(cast);
    const ann = cast.fresh();
    const [start, done] = [waiting(startApp(ann)), waiting(confirmApp(ann))];
    const late = [
      login(ann),
      start,
      after(WAIT_LIFE, done),
      login(ann),
      after(WAIT_LIFE - 1, start),
      after(1, done),
    ];
    const over = [login(ann), start, setPassword(ann, ann.password), done];
    return [...loose(register(ann), verify(ann)), ...tight(...late, ...over)];
  },
};
