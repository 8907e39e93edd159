import { type CanActivate, Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { AccountError } from '../../kernel/errors';

/** Where nobody may register, that is the answer to whatever is sent. */
@Injectable()
export class RegistrationOpenGuard implements CanActivate {
  constructor(private readonly config: RegStackConfig) {}

  canActivate(): boolean {
    if (!this.config.allowRegistration) throw new AccountError('registration.closed');
    return true;
  }
}
