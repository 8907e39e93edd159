import { codeIn } from '../kernel/error-codes';

/**
 * What the next hop said, by its codes only. Errors of the packages below hold the whole request, with the credentials and the text in it,
 * and replies quote addresses: none of them is kept as a cause.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** Name of the exception, number of the gateway, or code of the connection. */
  readonly code: string | number | undefined;
  /** Of SMTP or HTTP. */
  readonly responseCode: number | undefined;

  constructor(code: unknown, responseCode?: unknown) {
    super('the next hop cannot be reached, or refused');
    this.code = codeIn(code);
    this.responseCode = typeof responseCode === 'number' ? responseCode : undefined;
  }
}

/** The refusal of a message for good, with the codes of its cause. */
export function forGood<E extends Error>(
  Rejected: new (message: string, options: ErrorOptions) => E,
  cause: DeliveryError,
): E {
  const { code, responseCode } = cause;
  return Object.assign(new Rejected('the next hop refused the message', { cause }), { code, responseCode });
}
