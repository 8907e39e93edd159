import { type Sms, SmsSender } from '../ports/sms.sender';

/**
 * Prints text messages, codes included, to the terminal: for development. In production the configuration refuses it where numbers can be
 * enrolled; where they could be once, it is there and sends nothing.
 */
export class ConsoleSmsSender extends SmsSender {
  override async deliver({ to, text }: Sms): Promise<void> {
    if (process.env['NODE_ENV'] === 'production') {
      const error = new Error('sms.backend must not be console in production');
      throw Object.assign(error, { code: 'SMS_BACKEND_IS_CONSOLE' });
    }
    const line = '─'.repeat(72);
    process.stdout.write(`\n${line}\nSMS to ${to}\n\n${text}\n${line}\n\n`);
  }
}
