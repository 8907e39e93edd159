import { SmsSender } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass, skip } from '../../findings/finding';
import { hopFailure } from '../hop-failure';

/** The gateway of text messages is there and lets us in. */
export const sms = checkOfApp('sms', async (app, { config }) => {
  if (!config!.enableSms2fa) return skip('enable_sms_2fa is off');
  const sender = app.get(SmsSender);
  if (sender.constructor.name === 'ConsoleSmsSender')
    return pass('codes are printed to the terminal: for development');
  try {
    await sender.check();
  } catch (error) {
    return fail(`no text message can be sent: ${hopFailure(error)}`, CURES[config!.sms.backend]);
  }
  return pass(`sms.backend = ${config!.sms.backend}: the gateway is there and lets us in`);
});

const CURES = {
  console: 'check the sender of text messages that the app provides',
  twilio:
    'check sms.twilio_account_sid and sms.twilio_auth_token, and that the gateway can be reached from here',
  sns: 'check sms.sns_region and the credentials of AWS: they need sns:GetSMSAttributes and sns:Publish',
} as const;
