import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { looksLikeToken } from '../kernel/secret-token';
import { InstanceName } from '../services/instance-name';
import type { Answered } from './exchange';
import { OwnCookie } from './own-cookie';

/** Time between opening a mailed link and pressing its button, seconds. */
const LINK_MAX_AGE = 600;

const STEPS = [
  'verify',
  'reset',
  'confirm-email-change',
  'undo-email-change',
  'sign-in',
  'phone-setup',
  'totp-setup',
] as const;

/** A step that a browser is in the middle of: a mailed link, by the path of its page, or what waits for a code. */
export type Step = (typeof STEPS)[number];

class StepCookie extends OwnCookie {
  set(response: unknown, token: string, maxAge: number): void {
    this.put(response, token, maxAge);
  }
}

/** Carries the token of a step from one page to the next, so that it stands in no URL, page, log or Referer (W43). */
@Injectable()
export class StepCookies {
  private readonly cookies: ReadonlyMap<Step, StepCookie>;

  constructor(config: RegStackConfig, instance: InstanceName, adapterHost: HttpAdapterHost) {
    this.cookies = new Map(
      STEPS.map((step) => [step, new StepCookie(config, instance, adapterHost, `step-${step}`)]),
    );
  }

  /** Keeps the token for the pages of this step, for seconds; text that is no token forgets an earlier one. */
  keep({ response }: Answered, step: Step, token: string, maxAge = LINK_MAX_AGE): void {
    const cookie = this.cookies.get(step)!;
    if (looksLikeToken(token)) cookie.set(response, token, maxAge);
    else cookie.forget(response);
  }

  /** The browser forgets it. */
  forget({ response }: Answered, step: Step): void {
    this.cookies.get(step)!.forget(response);
  }

  /** The token that was kept, or null. */
  read({ request }: Pick<Answered, 'request'>, step: Step): string | null {
    const token = this.cookies.get(step)!.read(request.headers.cookie);
    return token !== null && looksLikeToken(token) ? token : null;
  }
}
