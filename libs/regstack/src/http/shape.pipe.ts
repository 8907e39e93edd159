import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { AccountError } from '../kernel/errors';

/**
 * Checks a body against a DTO class: unknown fields, wrong types and broken rules are refused with field and rule.
 *
 * Use as `@Body(shape(RegisterRequest)) body: Readonly<RegisterRequest>`. `Readonly<…>` is on purpose: the emitted type is then
 * `Object`, which a global `ValidationPipe` of the host leaves alone, so that its options cannot change our answers.
 */
export function shape<T extends object>(type: Type<T>): PipeTransform<unknown, Promise<T>> {
  return {
    async transform(body) {
      if (body === null || typeof body !== 'object' || Array.isArray(body)) throw notAnObject();
      const instance = plainToInstance(type, body);
      const errors = await validate(instance, {
        whitelist: true,
        forbidNonWhitelisted: true,
        forbidUnknownValues: true,
        validationError: { target: false, value: false },
      });
      if (errors.length === 0) return instance;
      const fields = errors.map(({ property, constraints = {} }) => ({
        field: 'whitelistValidation' in constraints ? 'body' : property,
        message: constraints['whitelistValidation']
          ? 'must not have unknown fields'
          : Object.values(constraints).join('; '),
      }));
      throw new AccountError('request.invalid', { fields });
    },
  };
}

function notAnObject(): AccountError {
  return new AccountError('request.invalid', { fields: [{ field: 'body', message: 'must be an object' }] });
}
