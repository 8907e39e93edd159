import { DeliveryError } from './delivery.error';

/**
 * Options of a client of AWS. Credentials are found by its SDK. It does not try again by itself: the outbox does, and with both it would be
 * their product.
 */
export function clientOptions(region: string, endpoint: string | null) {
  return { region, maxAttempts: 1, ...(endpoint === null ? {} : { endpoint }) };
}

/** Ends a request in any of its phases; the time-outs of the SDK leave some of them out. */
export function patience(ms: number): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(ms) };
}

/** An error of the SDK by its codes: of the service where that has answered, of the connection where not. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { name, code, $metadata } = error as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode;
  // Where an error has no code, nodemailer gives it one that says only that it is of SES.
  const isNamed = status !== undefined || code === undefined || code === 'ESES';
  return new DeliveryError(isNamed ? name : code, status);
}
