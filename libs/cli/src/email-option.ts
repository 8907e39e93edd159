import { AccountError, canonicalEmail } from '@regstack/nestjs';
import { EXIT, Refusal } from './refusal';

/**
 * The address that an option gives, in its canonical form.
 * @throws Refusal naming the option, with an example
 */
export function emailOption(option: string, text: string, example: string): string {
  try {
    return canonicalEmail(text);
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new Refusal(`${option}: must be an e-mail address such as ${example}`, EXIT.usage);
  }
}
