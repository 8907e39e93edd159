import { Injectable } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { callerOf, type Exchange } from '../../http/exchange';
import { PageSignIns } from '../../http/page-sign-ins';
import { SignInCookies } from '../../http/sign-in-cookies';
import { StepCookies } from '../../http/step-cookies';
import { AccountError } from '../../kernel/errors';
import type { PageValues } from '../../ui/page.renderer';
import { type Enroller, EnrolmentService } from './enrolment.service';
import type { SetupKind } from './setups.service';

/** Who enrols a factor by a page: whoever is signed in, or whose sign-in waits for it in this browser. */
@Injectable()
export class PageEnrollers {
  constructor(
    private readonly signIns: PageSignIns,
    private readonly cookies: SignInCookies,
    private readonly steps: StepCookies,
    private readonly enrolment: EnrolmentService,
    private readonly account: AccountPage,
  ) {}

  /** @throws AccountError `session.required` for a stranger */
  in(exchange: Exchange): Enroller {
    const caller = callerOf(exchange);
    const waiting = caller ? null : this.signIns.pendingIn(exchange);
    if (!caller && waiting === null) throw new AccountError('session.required');
    return { caller, pendingToken: waiting ?? undefined, client: this.cookies.clientOf(exchange) };
  }

  /**
   * Token of the enrolment that this browser is in the middle of.
   * @throws AccountError `mfa.challenge_expired`
   */
  setupIn(exchange: Exchange, step: SetupKind): string {
    const token = this.steps.read(exchange, step);
    if (token === null) throw new AccountError('mfa.challenge_expired');
    return token;
  }

  /**
   * What the page shows where an enrolment begins: what somebody signed in has to prove; nothing of a sign-in that waits.
   * @throws AccountError as {@link in}, `mfa.challenge_expired`
   */
  async values(exchange: Exchange): Promise<PageValues> {
    const enroller = this.in(exchange);
    if (enroller.caller) return this.account.about(enroller.caller);
    await this.enrolment.look(enroller);
    return {};
  }
}
