import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { Origin } from '../kernel/origin';
import { Origins } from './origins';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import type { Authentication } from '../services/session-authenticator';

/** A request with the response to it, for what reads cookies and sets some. */
export interface Exchange {
  readonly request: AuthenticatedRequest;
  readonly response: unknown;
  /** Where the request came from. */
  readonly origin: Origin;
}

/** A request with the response to it, as they are. */
export type Answered = Omit<Exchange, 'origin'>;

/** Adds where the request came from. */
@Injectable()
export class ExchangePipe implements PipeTransform<Answered, Exchange> {
  constructor(private readonly origins: Origins) {}

  transform(bare: Answered): Exchange {
    return { ...bare, origin: this.origins.of(bare.request) };
  }
}

const bareExchange = createParamDecorator((_: unknown, context: ExecutionContext): Answered => {
  const http = context.switchToHttp();
  return { request: http.getRequest(), response: http.getResponse() };
});

/** The exchange that a route is part of; its answer is still what the method returns: `login(@InExchange() exchange: Exchange)`. */
export const InExchange = (): ParameterDecorator => bareExchange(ExchangePipe);

/** Who is signed in, on a route that a guard of ours stands before; null: nobody. */
export function callerOf({ request }: Pick<Exchange, 'request'>): Authentication | null {
  return request[AUTHENTICATION]?.caller ?? null;
}
