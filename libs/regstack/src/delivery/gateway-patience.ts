import { within } from '../kernel/within';
import { DeliveryError } from './delivery.error';

/**
 * Time that a gateway has for the whole of a request, from the connection to the end of the answer, ms. Few messages are on their way at a
 * time, so one that hangs keeps others waiting.
 */
export const GATEWAY_MS = 10_000;

/**
 * Waits no longer than that. The SDKs end what they do themselves, but for some of their phases: the search for credentials, an answer
 * that comes byte by byte.
 * @throws DeliveryError `ETIMEDOUT`
 */
export async function inPatience(ms: number, work: Promise<unknown>): Promise<void> {
  if (!(await within(ms, work, { ref: false }))) throw new DeliveryError('ETIMEDOUT');
}
