import { randomInt } from 'node:crypto';
import { type RegStackOptions, SmsSender } from '@regstack/nestjs';
import { RecordingGateway, type TakenText } from './recording-gateway';
import type { Flip, Trial } from './settings.trial';

const gateway = RecordingGateway.start();
const other = RecordingGateway.start();

const [ONE, TWO] = [`AC${'1'.repeat(32)}`, `AC${'2'.repeat(32)}`];

const twilio = async (): Promise<RegStackOptions> => ({
  sms: {
    backend: 'twilio',
    fromNumber: '+15005550006',
    twilioAccountSid: ONE,
    twilioAuthToken: 'right',
    endpoint: (await gateway).url,
  },
});

/** A text that the app sends, as one of the gateways took it. */
const delivered = async ({ host }: Trial) => {
  const to = `+49151${String(randomInt(10 ** 8)).padStart(8, '0')}`;
  await host.app.get(SmsSender, { strict: false }).deliver({ id: 'x', to, text: 'x' });
  const at = ({ taken }: RecordingGateway) => taken.find(({ form }) => form.get('To') === to);
  return { first: at(await gateway), second: at(await other) };
};

const shown =
  (show: (taken: TakenText) => unknown) =>
  async (trial: Trial): Promise<unknown> => {
    const { first, second } = await delivered(trial);
    if (second) return 'the other gateway';
    return first ? show(first) : 'nothing came';
  };

const flip = (values: Flip['values'], show: (taken: TakenText) => unknown, shows: Flip['shows']): Flip => ({
  values,
  with: twilio,
  ownSms: true,
  see: shown(show),
  shows,
});
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Flips of the settings about the gateway of text messages. */
export const SMS_FLIPS: Readonly<Record<string, Flip>> = {
  'sms.backend': flip(['console', 'twilio'], ({ form }) => form.get('Body'), ['nothing came', 'x']),
  'sms.fromNumber': flip(['+15005550006', 'Plum'], ({ form }) => form.get('From'), ['+15005550006', 'Plum']),
  'sms.twilioAccountSid': flip(
    [ONE, TWO],
    ({ path }) => path,
    [ONE, TWO].map((sid) => `/2010-04-01/Accounts/${sid}/Messages.json`) as [string, string],
  ),
  'sms.twilioAuthToken': flip(['right', 'other'], ({ authorization }) => authorization, [
    basic(ONE, 'right'),
    basic(ONE, 'other'),
  ]),
  'sms.endpoint': flip(
    async () => [`${(await gateway).url}/base`, (await other).url],
    ({ path }) => path.split('/', 2)[1],
    ['base', 'the other gateway'],
  ),
};

/** Ends the gateways. */
export const closeSmsFlips = async (): Promise<void> => {
  await Promise.all([(await gateway).down(), (await other).down()]);
};
