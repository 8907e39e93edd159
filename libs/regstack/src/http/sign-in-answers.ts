import { Injectable } from '@nestjs/common';
import type { MfaEnrolmentRequired, MfaRequired } from '../services/mfa-gate';
import { ReplacedSessions } from '../services/replaced-sessions';
import type { FinishedSignIn } from '../services/sign-in-end';
import type { Exchange } from './exchange';
import { SignInCookies } from './sign-in-cookies';

/** How sign-ins are answered, whichever step was the last. */
@Injectable()
export class SignInAnswers {
  constructor(
    private readonly cookies: SignInCookies,
    private readonly replaced: ReplacedSessions,
  ) {}

  /** Puts into cookies what the browser is to keep, ends the session that was there, and gives the body. */
  async signedIn({ signedIn, transport }: FinishedSignIn, { request, response, origin }: Exchange) {
    await this.replaced.end(this.cookies.replaced(request, transport), origin);
    this.cookies.set(response, signedIn, transport);
    const { accessToken, expiresIn } = signedIn;
    if (transport === 'cookie') return { token_type: 'cookie', expires_in: expiresIn };
    return { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn };
  }
}

/** The body for a sign-in that waits. */
export function waitJson(wait: MfaRequired | MfaEnrolmentRequired) {
  return {
    status: wait.status,
    mfa_pending_token: wait.pendingToken,
    expires_in: wait.expiresIn,
    ...(wait.status === 'mfa_required' && { delivery: wait.delivery }),
    methods: wait.methods,
  };
}
