import { AccountError, BootError } from '@regstack/nestjs';
import { printable } from './printable';
import { EXIT, Refusal } from './refusal';

/** How a command ends that did not go well. */
export interface Failure {
  readonly exitCode: number;
  /** For stderr; null: it was told already. */
  readonly message: string | null;
}

/** What is told of an error: never a stack trace. What nobody foresaw is told by its message alone, with the way to see more. */
export function failureOf(error: unknown): Failure {
  if (isOfCommandLine(error)) {
    return { exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage, message: null };
  }
  if (error instanceof Refusal) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof BootError) return { exitCode: EXIT.refused, message: error.message };
  if (error instanceof AccountError) return { exitCode: EXIT.refused, message: refusedBy(error) };
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.refused, message: message.split('\n').map(printable).join('\n') };
}

/** What the app says to a refusal of its own, with the rule of each field that breaks one. */
export function refusedBy({ code, message, fields }: AccountError): string {
  if (code === 'service.unavailable') return 'the database does not answer; regstack doctor tells more';
  return [message, ...fields.map(({ field, message: rule }) => `${field} ${rule}`)].join('\n  ');
}

/** Commander has told what is wrong, or printed what was asked for; which copy of it nest-commander has is its own affair. */
function isOfCommandLine(error: unknown): error is { readonly exitCode: number } {
  return String((error as { readonly code?: unknown } | null)?.code).startsWith('commander.');
}
