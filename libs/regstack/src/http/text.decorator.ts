import { ValidateBy, ValidateIf } from 'class-validator';
import { brokenText, FULL_NAME, type TextBounds } from '../kernel/text';

/** A password that is to be set: the policy decides on its length, beyond a bound on the work of looking at it. */
export function NewPassword(): PropertyDecorator {
  return Text({ min: 0, max: 1024, anyCharacter: true });
}

/** A password to be compared: bounded, but not held to the policy, which it may be older than. */
export function Password(): PropertyDecorator {
  return Text({ max: 256, anyCharacter: true });
}

/** A token that we gave out: one that is none, however long, gets the answer of its route and not that of a broken field. */
export function Token(): PropertyDecorator {
  return Text({ min: 0, max: 8192 });
}

/** A code of a second factor, or a recovery code. */
export function Code(): PropertyDecorator {
  return Text({ max: 64 });
}

/** Where a form leads on to. What cannot be followed is not, as in a query, and no reason to refuse the form. */
export function Next(): PropertyDecorator {
  return Text({ max: 2048, anyCharacter: true });
}

/** A field that may be missing, but not null. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A field of the body that is text: well-formed Unicode within bounds. Messages name the rule, never the value (W46). */
export function Text(bounds: TextBounds): PropertyDecorator {
  return ValidateBy({
    name: 'text',
    validator: {
      validate: (value) => brokenText(value, bounds) === null,
      defaultMessage: (args) => brokenText(args?.value, bounds) ?? '',
    },
  });
}

/** The name of a person. */
export function FullName(): PropertyDecorator {
  return Text(FULL_NAME);
}
