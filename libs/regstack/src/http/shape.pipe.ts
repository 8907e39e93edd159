import type { PipeTransform, Type } from '@nestjs/common';
import { getMetadataStorage, validate } from 'class-validator';
import { AccountError } from '../kernel/errors';

/** The pipe that checks bodies of one shape. */
export interface ShapePipe<T> extends PipeTransform<unknown, Promise<T>> {
  /** Names of the fields that a body may have: for what describes or tests routes. */
  readonly fields: readonly string[];
}

/**
 * Checks a body against a DTO class: unknown fields, wrong types and broken rules are refused with field and rule.
 *
 * Use as `@Body(shape(RegisterRequest)) body: Readonly<RegisterRequest>`. `Readonly<…>` is on purpose: the emitted type is then
 * `Object`, which a global `ValidationPipe` of the host leaves alone, so that its options cannot change our answers.
 */
export function shape<T extends object>(type: Type<T>): ShapePipe<T> {
  const known = new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  );
  return {
    fields: [...known],
    async transform(body) {
      const instance = Object.assign(new type(), checkedFields(body, known));
      const errors = await validate(instance, {
        forbidUnknownValues: true,
        validationError: { target: false, value: false },
      });
      if (errors.length === 0) return instance;
      const fields = errors.map(({ property, constraints = {} }) => ({
        field: property,
        message: Object.values(constraints).join('; '),
      }));
      throw new AccountError('request.invalid', { fields });
    },
  };
}

/**
 * The body, where it is an object of such fields and no others; what they hold is not looked at.
 * @throws AccountError `request.invalid`
 */
export function checkedFields(body: unknown, known: ReadonlySet<string>): object {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw refused('body', 'must be an object');
  // Looked up here and not by the validator's whitelist, which takes "constructor" and its like for known names.
  if (!Object.keys(body).every((name) => known.has(name)))
    throw refused('body', 'must not have unknown fields');
  return body;
}

function refused(field: string, message: string): AccountError {
  return new AccountError('request.invalid', { fields: [{ field, message }] });
}
