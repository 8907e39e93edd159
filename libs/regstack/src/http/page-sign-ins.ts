import { Injectable } from '@nestjs/common';
import type { FinishedSignIn } from '../services/sign-in-end';
import type { SignInResult } from '../services/sign-in.service';
import type { Exchange } from './exchange';
import { FormTokens } from './form-tokens';
import { Pages } from './pages';
import { SignInAnswers } from './sign-in-answers';
import { SignInCookies } from './sign-in-cookies';
import { StepCookies } from './step-cookies';

/** Which page a sign-in goes on to. */
@Injectable()
export class PageSignIns {
  constructor(
    private readonly answers: SignInAnswers,
    private readonly cookies: SignInCookies,
    private readonly steps: StepCookies,
    private readonly forms: FormTokens,
    private readonly pages: Pages,
  ) {}

  /** Where the browser goes with what became of a sign-in. */
  async goOn(result: SignInResult, exchange: Exchange): Promise<void> {
    if (result.status === 'signed_in') {
      await this.finish({ signedIn: result, transport: 'cookie' }, exchange);
      return this.pages.leave(exchange);
    }
    const page = result.status === 'mfa_required' ? 'mfa-confirm' : 'mfa-enrol';
    this.steps.keep(exchange, 'sign-in', result.pendingToken, result.expiresIn);
    this.pages.redirect(exchange, page + this.pages.nextQuery(exchange));
  }

  /** Puts into cookies what the browser is to keep, and forgets what led to it. The answer is still to come. */
  async finish(finished: FinishedSignIn, exchange: Exchange): Promise<void> {
    await this.answers.signedIn(finished, exchange);
    this.forms.rotate(exchange.response);
    if (this.pendingIn(exchange) !== null) this.steps.forget(exchange, 'sign-in');
  }

  /**
   * The session of this browser is over: it forgets it, and goes to where somebody signs in.
   * @param done what that page is to say has been done
   */
  end(exchange: Exchange, done: string): void {
    this.cookies.forgetSession(exchange.response);
    this.pages.redirect(exchange, `login?done=${done}`);
  }

  /** Token of the sign-in that this browser is in the middle of, or null. */
  pendingIn(exchange: Exchange): string | null {
    return this.steps.read(exchange, 'sign-in');
  }
}
