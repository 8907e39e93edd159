import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { AuthenticatedRequest } from './authenticated-request';
import { FormTokens } from './form-tokens';
import { mayChangeSomething } from './same-origin';

type FormRequest = AuthenticatedRequest & { body?: unknown };

/** Lets forms of our own pages pass, and takes their token out: what comes after sees the fields of the form only. */
@Injectable()
export class FormTokenGuard implements CanActivate {
  constructor(private readonly tokens: FormTokens) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FormRequest>();
    this.tokens.check(request);
    if (!mayChangeSomething(request)) return true;
    const { form_token: token, ...fields } = fieldsOf(request.body);
    if (!this.tokens.isGood(request, token)) throw new AccountError('form.expired');
    request.body = fields;
    return true;
  }
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
