import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { plainAddress } from '../kernel/ip-address';
import { type Origin, originOf } from '../kernel/origin';
import { clientAddress } from './client-address';
import { requestIdOf } from './request-id';

/** What a request of Express and one of Fastify have in common. The `ip` of either goes by what the host believes. */
export interface HttpRequest {
  readonly socket: { readonly remoteAddress?: string };
  readonly headers: IncomingHttpHeaders;
}

/** Where requests come from, as far as the proxies in front can be believed. */
@Injectable()
export class Origins implements PipeTransform<HttpRequest, Origin> {
  constructor(private readonly config: RegStackConfig) {}

  /** The address of the client, as it is written where it was found. */
  addressOf({ socket, headers }: HttpRequest): string | undefined {
    // Node joins what comes in several lines; the type does not say so.
    const forwarded = headers['x-forwarded-for'] as string | undefined;
    return clientAddress(socket.remoteAddress, forwarded, this.config.trustedProxies);
  }

  /** All that is told and kept of where a request came from. */
  of(request: HttpRequest): Origin {
    const address = plainAddress(this.addressOf(request));
    return originOf(address, request.headers['user-agent'], requestIdOf(request));
  }

  transform(request: HttpRequest): Origin {
    return this.of(request);
  }
}

/** The request itself, for a pipe that makes something of it. */
export const WholeRequest = createParamDecorator((_: unknown, context: ExecutionContext): HttpRequest =>
  context.switchToHttp().getRequest(),
);

/** Where the request came from: `login(@From() origin: Origin)`. */
export const From = (): ParameterDecorator => WholeRequest(Origins);
