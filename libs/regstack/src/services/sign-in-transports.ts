import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import { SecurityLog } from './security-log';
import type { Transport } from './token.service';

/** A client that signs in. */
export interface SignInClient {
  /** From the cookie of a device that may be known. */
  readonly deviceToken: string | null;
  /** How this request may be answered: by cookie only where no other site has sent it. */
  readonly transports: readonly Transport[];
  readonly origin: Origin;
}

/** How the token of a sign-in may travel. */
@Injectable()
export class SignInTransports {
  constructor(private readonly log: SecurityLog) {}

  /** @throws AccountError `request.cross_site` where a page of another site would put its own session into this browser */
  check({ transports, origin }: SignInClient, wanted: Transport): void {
    if (transports.includes(wanted)) return;
    this.log.note('access.cross_site', { actor: null, origin }, { result: 'refused' });
    throw new AccountError('request.cross_site');
  }
}
