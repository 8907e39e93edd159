import type { RegStackConfig } from '../config/regstack.config';
import type { SmsSender } from '../ports/sms.sender';
import { ConsoleSmsSender } from './console.sms.sender';

/** The sender that `sms.backend` names; only its package is loaded. */
export async function openSmsSender({ sms }: RegStackConfig): Promise<SmsSender> {
  if (sms.backend === 'twilio') return (await import('./twilio.sms.sender')).TwilioSmsSender.load(sms);
  if (sms.backend === 'sns') return (await import('./sns.sms.sender')).SnsSmsSender.load(sms);
  return new ConsoleSmsSender();
}
