import { Body, type PipeTransform } from '@nestjs/common';
import { AccountError } from '../kernel/errors';

const nothing: PipeTransform<unknown, object> = {
  transform(body) {
    // Undefined: a parser of the host has met no body.
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    if (body === undefined || (isObject && Object.keys(body).length === 0)) return {};
    const message = isObject ? 'must not have unknown fields' : 'must be an object';
    throw new AccountError('request.invalid', { fields: [{ field: 'body', message }] });
  },
};

/** For a route that takes no fields: its body is none, or `{}`. Whatever else is sent is refused, as where there are fields. */
export function NoFields(): MethodDecorator {
  return (controller, name, descriptor) => {
    // Behind its own parameters: looked at like one of them, and then not taken.
    const { length } = descriptor.value as unknown as { readonly length: number };
    Body(nothing)(controller, name, length);
  };
}
