import { fail, type Finding, pass, skip, warn } from '../../findings/finding';
import { isLoopback } from '../../loopback';
import { A_SESSION, AN_ACCOUNT, signIn, type Step, told, type Visit } from '../visit';

/** The way there cannot be read by others. */
export const https: Step = {
  name: 'https',
  async run({ installation }) {
    if (installation.isSecure) return pass('the way there is encrypted');
    if (isLoopback(installation.host)) return skip('it is this machine');
    return fail('passwords go there in clear', 'serve the app over https, and set base_url so');
  },
};

/** A stranger makes an account. */
export const register: Step = {
  name: 'register',
  async run(visit) {
    const { email, password } = visit;
    const answer = await visit.installation.call('POST', '/register', { body: { email, password } });
    if (answer.status !== 201) {
      return fail(
        `POST /register answered ${told(answer)}`,
        'check the URL, --api-prefix, and that allow_registration is on',
      );
    }
    const isPending = answer.body['status'] === 'pending_verification';
    visit.account = isPending ? 'waits for its link' : 'usable';
    return pass(isPending ? 'taken; a link is mailed' : 'taken; no proof of the address is asked for');
  },
};

/** The owner of the address proves that it is theirs. */
export const verify: Step = {
  name: 'verify',
  needs: { isThere: ({ account }) => account !== 'none', name: 'an account' },
  async run(visit) {
    if (visit.account === 'usable') return skip('require_verification is off');
    const link = await visit.mailbox.linkTo(visit.email);
    if (link === null) {
      return fail('no mail with a link came', 'check email.* with: regstack doctor --send-test-email');
    }
    const { origin, searchParams } = new URL(link);
    const token = searchParams.get('token');
    const once = await visit.installation.call('POST', '/verify', { body: { token } });
    if (once.status !== 200) return fail(`POST /verify answered ${told(once)}`, 'see the log of the app');
    visit.account = 'usable';
    const again = await visit.installation.call('POST', '/verify', { body: { token } });
    if (again.status !== 400) return fail(`the link works twice: ${told(again)}`, 'update @regstack/nestjs');
    if (origin === visit.installation.origin) return pass('the mailed link works, once');
    return warn(
      `the mailed link leads to ${origin}`,
      `set base_url to ${visit.installation.origin}, unless the app has a front end there`,
    );
  },
};

/** Address and password open a session. */
export const login: Step = {
  name: 'sign-in',
  needs: AN_ACCOUNT,
  async run(visit) {
    visit.token = await signIn(visit);
    if (visit.token !== null) return pass('address and password open a session');
    return fail(
      'POST /login gave no token',
      'see the log of the app; mfa_policy = required asks for more than this visit has',
    );
  },
};

/** A session that was ended opens nothing any more. */
export const logout: Step = {
  name: 'sign-out',
  needs: A_SESSION,
  async run(visit) {
    const token = visit.token!;
    visit.token = null;
    const answer = await visit.installation.call('POST', '/logout', { token });
    if (answer.status !== 200) return fail(`POST /logout answered ${told(answer)}`, 'see the log of the app');
    const after = await visit.installation.call('GET', '/me', { token });
    if (after.status === 401) return pass('the token is refused from then on');
    return fail(`the token still opens GET /me: ${told(after)}`, 'update @regstack/nestjs');
  },
};

/** What the visit has made is taken away again. */
export const deletion: Step = {
  name: 'deletion',
  needs: AN_ACCOUNT,
  async run(visit) {
    const { token, password } = visit;
    if (token === null) return stays(visit, 'no session is open to delete it');
    const answer = await visit.installation.call('POST', '/account/delete', {
      token,
      body: { current_password: password },
    });
    if (answer.status === 200) {
      Object.assign(visit, { account: 'deleted', token: null });
      return pass('the test account is gone');
    }
    const isOff = answer.status === 404;
    return stays(visit, isOff ? 'enable_account_deletion is off' : `it answered ${told(answer)}`);
  },
};

function stays({ email }: Visit, reason: string): Finding {
  return warn(`the test account ${email} stays: ${reason}`, `run: npx regstack users delete ${email}`);
}
