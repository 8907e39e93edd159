import { latest, type Mailbox } from './cast';
import { onKnownDevice } from './flow.routes';
import { NO_PASSWORDS, PASSWORDS } from './people';
import { after, type Line, lines, loose, type Story, tight } from './script';

/** Lifetimes, milliseconds. */
const RESET_LIFE = 1_800_000;
const CHANGE_LIFE = 3_600_000;
const UNDO_LIFE = 259_200_000;
const HOUR = 3_600_000;

const reset = (mailbox: Mailbox, back = 0) => ({ ...latest('link reset', mailbox), back });
const change = (mailbox: Mailbox, back = 0) => ({ ...latest('link confirm-email-change', mailbox), back });
const undo = (mailbox: Mailbox, back = 0) => ({ ...latest('link undo-email-change', mailbox), back });

/** Forgotten and changed passwords, another address and the way back, further mails; both sides of every end, to the millisecond. */
export const FLOW_STORIES: Readonly<Record<string, Story>> = {
  'a password is forgotten': (cast) => {
    const { register, verify, login, me, post } = lines(cast);
    const ann = cast.fresh();
    const forgot = post('forgot-password', ann, { email: ann.address });
    const next = cast.wrong(ann);
    const set = post('reset-password', ann, { token: reset(ann), new_password: next });
    const joined = [register(ann), verify(ann), login(ann), me(ann)];
    const unused = post('reset-password', ann, { token: reset(ann, 1), new_password: next });
    const weak = post('reset-password', ann, {
      token: reset(ann),
      new_password: cast.dice.pick(NO_PASSWORDS),
    });
    return loose(...joined, forgot, forgot, unused, weak, set, set, me(ann), login(ann), login(ann, next));
  },

  'a reset link to its end': (cast) => {
    const { register, verify, login, post } = lines(cast);
    const ann = cast.fresh();
    const forgot = post('forgot-password', ann, { email: ann.address });
    const set = post('reset-password', ann, { token: reset(ann), new_password: cast.wrong(ann) });
    const ends = [forgot, after(RESET_LIFE, set), forgot, after(RESET_LIFE - 1, set), login(ann)];
    return [...loose(register(ann), verify(ann)), ...tight(...ends)];
  },

  'a reset frees a locked address': (cast) => {
    const { register, verify, login, post } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const guesses = Array.from({ length: 6 }, () => login(ann, next));
    const forgot = post('forgot-password', ann, { email: ann.address });
    const set = post('reset-password', ann, { token: reset(ann), new_password: next });
    return [...loose(register(ann), verify(ann)), ...tight(...guesses, forgot, set, login(ann, next))];
  },

  'a page sets a password': (cast) => {
    const { register, verify, login, post, openLink, page, press, done } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const forgot = post('forgot-password', ann, { email: ann.address });
    const sent = (password: string): Line => press(ann, undefined, 0, 'reset', { new_password: password });
    return [
      ...loose(register(ann), verify(ann), forgot),
      ...tight(
        openLink(ann, 0, 'reset'),
        page(ann, 'reset'),
        press(ann, {}, 0, 'reset', { new_password: next }),
        sent('too short'),
        sent(next),
        sent(next),
      ),
      ...loose(done(ann, 'reset'), login(ann, next)),
    ];
  },

  'a password is changed': (cast) => {
    const { register, verify, login, me, act } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const to = (current_password: string, new_password: string): Line =>
      act('change-password', ann, { current_password, new_password });
    const joined = [register(ann), verify(ann), login(ann), login(ann)];
    const tries = [to(next, next), to(ann.password, ann.password), to(ann.password, 'too short')];
    return loose(
      ...joined,
      ...tries,
      to(ann.password, next),
      me(ann),
      me(ann, 1),
      login(ann),
      login(ann, next),
    );
  },

  'guesses at the current password': (cast) => {
    const { register, verify, login, act, me } = lines(cast);
    const ann = cast.fresh();
    const next = cast.wrong(ann);
    const guess = act('reauthenticate', ann, { current_password: next });
    const right = act('reauthenticate', ann, { current_password: ann.password });
    const some = Array.from({ length: 4 }, () => guess);
    const elsewhere = [
      act('change-password', ann, { current_password: ann.password, new_password: next }),
      act('change-email', ann, { current_password: ann.password, new_email: cast.fresh().address }),
      act('reauthenticate', ann, {}),
    ];
    const locked = [...some, guess, right, ...elsewhere];
    const all = [login(ann), right, ...some, right, ...locked, login(ann), me(ann)];
    return [...loose(register(ann), verify(ann)), ...tight(...all, after(900_000, right), login(ann))];
  },

  'a known device': (cast) => {
    const { register, verify, login } = lines(cast);
    const ann = cast.fresh();
    const strangers = Array.from({ length: 6 }, () => login(ann, cast.wrong(ann)));
    const known = (password?: string): Line => login(ann, password, onKnownDevice(ann));
    const own = Array.from({ length: 6 }, () => known(cast.wrong(ann)));
    const all = [login(ann), ...strangers, login(ann), known(), ...own, known(), after(900_000, known())];
    return [...loose(register(ann), verify(ann)), ...tight(...all, login(ann))];
  },

  'another address, and the way back': (cast) => {
    const { register, verify, login, me, act, post } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const ask = act('change-email', ann, { new_email: ben.address, current_password: ann.password });
    const next = cast.dice.pick(PASSWORDS);
    const thief = act('change-password', ann, { current_password: ann.password, new_password: next });
    const asBen = { ...ann, address: ben.address };
    const confirm = post('confirm-email-change', ann, { token: change(ann) });
    const back = post('undo-email-change', ann, { token: undo(ann) });
    const set = post('reset-password', ann, { token: reset(ann), new_password: ann.password });
    return loose(
      ...[register(ann), verify(ann), login(ann), ask, ask, confirm, confirm, me(ann)],
      ...[login(ann), login(asBen), thief, register(ann), register(ben), verify(ben)],
      ...[back, back, login(asBen, next), login(ann), set, login(ann), me(ann), register(ben), verify(ben)],
    );
  },

  'an address that is taken, is one’s own, is none': (cast) => {
    const { register, verify, login, act } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.anyone()];
    const ask = (new_email: string): Line =>
      act('change-email', ann, { new_email, current_password: ann.password });
    const tries = [ask(ben.address), ask(ann.address), ask('nowhere')];
    return [...loose(register(ben), verify(ben), register(ann), verify(ann)), ...tight(login(ann), ...tries)];
  },

  'the ends of a change of address and of its undo': (cast) => {
    const { register, verify, login, act, post } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const ask = act('change-email', ann, { new_email: ben.address, current_password: ann.password });
    const confirm = post('confirm-email-change', ann, { token: change(ann) });
    const back = post('undo-email-change', ann, { token: undo(ann) });
    const late = tight(login(ann), ask, after(CHANGE_LIFE, confirm), ask, after(CHANGE_LIFE - 1, confirm));
    const end = cast.dice.chance(0.5) ? UNDO_LIFE - 1 : UNDO_LIFE;
    const then = tight(after(0, register(ann)), after(end, back), register(ann), verify(ann), login(ann));
    return [...loose(register(ann), verify(ann)), ...late, ...then];
  },

  'the pages of another address': (cast) => {
    const { register, verify, login, act, openLink, page, press, done } = lines(cast);
    const [ann, ben] = [cast.fresh(), cast.fresh()];
    const ask = act('change-email', ann, { new_email: ben.address, current_password: ann.password });
    const visit = (name: string): readonly Line[] => {
      const pressed = press(ann, undefined, 0, name);
      const foreign = press(ann, { 'sec-fetch-site': 'cross-site' }, 0, name);
      return [openLink(ann, 0, name), page(ann, name), foreign, pressed, pressed, done(ann, name)];
    };
    const moved = tight(login(ann), ask, ...visit('confirm-email-change'));
    return [...loose(register(ann), verify(ann)), ...moved, ...tight(...visit('undo-email-change'))];
  },

  'another verification mail': (cast) => {
    const { register, verify, login, post } = lines(cast);
    const ann = cast.fresh();
    const again = post('resend-verification', ann, { email: cast.typed(ann) });
    return loose(register(ann), again, verify(ann, 1), verify(ann), login(ann), again);
  },

  'another verification mail for several attempts': (cast) => {
    const { register, verify, login, post, openLink, page, press } = lines(cast);
    const ann = cast.fresh();
    const [mine, theirs] = [cast.right(ann), cast.wrong(ann)];
    const again = post('resend-verification', ann, { email: ann.address });
    const token = latest('link verify', ann);
    const finish = (new_password: string): Line => post('verify', ann, { token, new_password });
    const sent = (new_password: string): Line => press(ann, undefined, 0, 'verify', { new_password });
    const byPage = tight(openLink(ann), page(ann), sent('too short'), sent(mine));
    const byApi = loose(verify(ann), finish('too short'), finish(mine), finish(mine));
    const logins = loose(login(ann, theirs), login(ann, mine));
    return [
      ...loose(register(ann, theirs), finish(mine), register(ann, cast.wrong(ann)), again),
      ...(cast.dice.chance(0.5) ? byPage : byApi),
      ...logins,
    ];
  },

  'more mails than a mailbox gets': (cast) => {
    const { post, register } = lines(cast);
    const ann = cast.anyone();
    const mail = cast.dice.pick(['forgot-password', 'resend-verification']);
    const one = post(mail, ann, { email: ann.address });
    const burst = tight(...Array.from({ length: 6 }, () => one), after(HOUR - 1, one), after(1, one));
    return [...loose(register(ann)), ...burst];
  },
};
