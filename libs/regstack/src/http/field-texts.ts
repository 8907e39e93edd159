import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { type AccountError, ERROR_DETAILS, type FieldError } from '../kernel/errors';
import type { PageValues } from '../ui/page.renderer';
import { PageRenderer } from '../ui/page.renderer';

/** What a page says of a refusal. */
export interface RefusalTexts {
  readonly summary: string;
  /** By field. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Says refusals in the words of the pages: a text for the code, and one beside each field. */
@Injectable()
export class FieldTexts {
  private readonly values: Readonly<Record<string, number>>;

  constructor(
    private readonly renderer: PageRenderer,
    { passwordMinLength, passwordMaxLength }: RegStackConfig,
  ) {
    this.values = { min: passwordMinLength, max: passwordMaxLength };
  }

  /** @param typed what the form had; a field that is not in it was left empty */
  of(refusal: AccountError, typed: PageValues): RefusalTexts {
    const { code, message, fields } = refusal;
    return {
      summary: this.sentence(code, message),
      errors: Object.fromEntries(fields.map((one) => [one.field, this.beside(refusal, one, typed)])),
    };
  }

  /** What a host or a hook says of its own goes before our text for the code. */
  sentence(code: AccountError['code'], message: string): string {
    const isOurs = message === ERROR_DETAILS[code];
    return (isOurs ? this.find(`errors.${code}`) : null) ?? message;
  }

  private beside({ code }: AccountError, { field, message }: FieldError, typed: PageValues): string {
    const isShape = code === 'request.invalid';
    if (isShape && message === 'must be text' && typed[field] === undefined)
      return this.renderer.messages.get('fields.required');
    const key = isShape ? `fields.invalid.${field}` : `fields.${code}`;
    // What an attribute of the host has to be, its class says.
    const isOfHost = field.startsWith('attributes.');
    return (
      this.find(key) ?? (isOfHost ? message : this.renderer.messages.get('fields.rule', { rule: message }))
    );
  }

  private find(key: string): string | null {
    return this.renderer.messages.find(key, this.values);
  }
}
