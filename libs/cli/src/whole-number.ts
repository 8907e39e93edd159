import { EXIT, Refusal } from './refusal';

/**
 * The whole number, 1 or more, that an option was given.
 * @throws Refusal that names the option
 */
export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refusal(`${option} must be a whole number from 1`, EXIT.usage);
}
