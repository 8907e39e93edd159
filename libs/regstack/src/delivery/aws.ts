import { DeliveryError } from './delivery.error';
import { inPatience } from './gateway-patience';

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

/** What AWS calls a request that was signed rightly by somebody who may not make it. */
const DENIED: ReadonlySet<unknown> = new Set(['AccessDeniedException', 'AuthorizationErrorException']);

/**
 * Waits for the answer to a question that tells whether the service is there and knows whose the credentials are.
 * @throws DeliveryError where not
 */
export async function checkedBy(waitMs: number, asking: Promise<unknown>): Promise<void> {
  try {
    await inPatience(waitMs, asking);
  } catch (error) {
    const cause = deliveryErrorOf(error);
    if (!DENIED.has(cause.code)) throw cause;
  }
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
