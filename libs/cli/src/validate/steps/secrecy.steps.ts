import { randomUUID } from 'node:crypto';
import { fail, pass, skip, warn } from '../../findings/finding';
import type { Answer } from '../installation';
import { A_SESSION, AN_ACCOUNT, isProblem, type Step, substance, told, type Visit } from '../visit';

const UPDATE = 'update @regstack/nestjs, and take filters and interceptors of the app off its routes';

/** Nobody learns from a sign-in whether an address has an account. */
export const wrongPassword: Step = {
  name: 'wrong-password',
  needs: AN_ACCOUNT,
  async run(visit) {
    const known = await guess(visit, visit.email);
    if (!isProblem(known, 401, 'login.invalid_credentials')) {
      return fail(`a wrong password was answered ${told(known)}`, UPDATE);
    }
    const unknown = await guess(visit, stranger(visit));
    if (substance(known) === substance(unknown))
      return pass('401, the same as for an address without account');
    return fail(`an address without account is answered otherwise: ${told(unknown)}`, UPDATE);
  },
};

/** Nor from asking for a link. */
export const forgotPassword: Step = {
  name: 'forgot-password',
  needs: AN_ACCOUNT,
  async run(visit) {
    const ask = (email: string) => visit.installation.call('POST', '/forgot-password', { body: { email } });
    const known = await ask(visit.email);
    const unknown = await ask(stranger(visit));
    if (substance(known) !== substance(unknown)) {
      return fail(`known and unknown addresses differ: ${told(known)}, ${told(unknown)}`, UPDATE);
    }
    if (known.status === 404) return skip('enable_password_reset is off');
    if (known.status === 202) return pass('answers the same for every address');
    return fail(`it answered ${told(known)}`, 'see the log of the app');
  },
};

/** Nor from registering. */
export const takenAddress: Step = {
  name: 'taken-address',
  needs: AN_ACCOUNT,
  async run(visit) {
    const { email, password } = visit;
    const answer = await visit.installation.call('POST', '/register', { body: { email, password } });
    if (answer.status === 201 && answer.body['status'] === 'pending_verification') {
      return pass('a taken address is answered like a new one');
    }
    const cure = 'set require_verification = true, where addresses are to stay private';
    if (isProblem(answer, 409)) return warn('strangers learn that an address has an account', cure);
    return fail(`a taken address was answered ${told(answer)}`, UPDATE);
  },
};

/** So many wrong passwords in a row are more than any sound threshold. */
const MOST_GUESSES = 20;

/** Who guesses is stopped, and told for how long. */
export const lockOut: Step = {
  name: 'lock-out',
  needs: A_SESSION,
  async run(visit) {
    for (let guesses = 1; guesses <= MOST_GUESSES; guesses++) {
      const answer = await guess(visit, visit.email);
      if (answer.status !== 429) continue;
      const seconds = Number(answer.headers.get('retry-after'));
      if (Number.isInteger(seconds) && seconds > 0) return pass(`after ${guesses} guesses, for ${seconds} s`);
      return fail('429 comes without the seconds to wait (Retry-After)', 'let proxies pass that header');
    }
    return fail(
      `${MOST_GUESSES} wrong passwords in a row were answered`,
      'set rate_limit_disabled = false, and login_lockout_threshold to 10 at most',
    );
  },
};

function guess({ installation }: Visit, email: string): Promise<Answer> {
  return installation.call('POST', '/login', { body: { email, password: `wrong-${randomUUID()}` } });
}

/** An address of the same domain that has no account. */
function stranger({ email }: Visit): string {
  return `nobody-${randomUUID()}${email.slice(email.lastIndexOf('@'))}`;
}
