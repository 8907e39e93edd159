import { Body, type PipeTransform } from '@nestjs/common';
import { checkedFields } from './shape.pipe';

const NONE: ReadonlySet<string> = new Set();

// Undefined: a parser of the host has met no body.
const nothing: PipeTransform<unknown, object> = { transform: (body = {}) => checkedFields(body, NONE) };

/** For a route that takes no fields: its body is none, or `{}`. Whatever else is sent is refused, as where there are fields. */
export function NoFields(): MethodDecorator {
  return (controller, name, descriptor) => {
    // Behind its own parameters: looked at like one of them, and then not taken.
    const { length } = descriptor.value as unknown as { readonly length: number };
    Body(nothing)(controller, name, length);
  };
}
