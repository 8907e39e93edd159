import { Injectable, type PipeTransform } from '@nestjs/common';
import type { By } from '../kernel/origin';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { Origins, WholeRequest } from './origins';

/** Finds who sent a request. */
@Injectable()
export class ByPipe implements PipeTransform<AuthenticatedRequest, By> {
  constructor(private readonly origins: Origins) {}

  transform(request: AuthenticatedRequest): By {
    return { actor: request[AUTHENTICATION]?.caller?.user.id ?? null, origin: this.origins.of(request) };
  }
}

/** Who is signed in, and from where: what goes into the security log. */
export const CurrentBy = (): ParameterDecorator => WholeRequest(ByPipe);
