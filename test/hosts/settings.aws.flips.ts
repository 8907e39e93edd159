import { randomInt } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailer, type RegStackOptions, SmsSender } from '@regstack/nestjs';
import { FakeAws } from '../support/fake-aws';
import type { Flip, Trial } from './settings.trial';

/** Two of them, with credentials of their own. */
const [one, two] = [FakeAws.start(), FakeAws.start()];

/** Where the SDK of AWS looks for credentials: profiles with those of the first, which is the default, and of the second. */
const credentials = (async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'regstack-aws-')), 'credentials');
  const profile = (name: string, { accessKeyId, secretAccessKey }: FakeAws): string =>
    `[${name}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
  const profiles = [profile('default', await one), profile('one', await one), profile('two', await two)];
  writeFileSync(file, profiles.join(''));
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
})();

const ses = async (): Promise<RegStackOptions> => {
  await credentials;
  return { email: { backend: 'ses', sesRegion: 'eu-central-1', endpoint: (await one).url } };
};

const sns = async (): Promise<RegStackOptions> => {
  await credentials;
  return { sms: { backend: 'sns', snsRegion: 'eu-central-1', endpoint: (await one).url } };
};

/** What has become of a message: the scope that its request was signed for, or who has turned it away. */
const seen = async (to: string, sending: Promise<void>): Promise<unknown> => {
  await sending.catch(() => {});
  const [first, second] = [await one, await two];
  const [isRefused] = [first.unsigned.splice(0), second.unsigned.splice(0)].map(({ length }) => length > 0);
  if (isRefused) return 'refused by the first';
  const isOf = (mine: { readonly to: string | readonly string[] }): boolean => [mine.to].flat().includes(to);
  return [...first.mails, ...first.texts].some(isOf) ? first.scopes.at(-1) : 'not at the first';
};

const mailed = ({ host }: Trial): Promise<unknown> => {
  const to = `aws.${randomInt(10 ** 9)}@example.org`;
  const mail = { id: 'x', to, subject: 'x', text: 'x', html: 'x' };
  return seen(to, host.app.get(Mailer, { strict: false }).deliver(mail));
};

const texted = ({ host }: Trial): Promise<unknown> => {
  const to = `+49151${String(randomInt(10 ** 8)).padStart(8, '0')}`;
  return seen(to, host.app.get(SmsSender, { strict: false }).deliver({ id: 'x', to, text: 'x' }));
};

/** Flips of the settings about the services of AWS. */
export const AWS_FLIPS: Readonly<Record<string, Flip>> = {
  'email.sesRegion': {
    values: ['eu-central-1', 'eu-west-1'],
    with: ses,
    ownMailer: true,
    see: mailed,
    shows: ['eu-central-1/ses', 'eu-west-1/ses'],
  },
  'email.sesProfile': {
    values: ['one', 'two'],
    with: ses,
    ownMailer: true,
    see: mailed,
    shows: ['eu-central-1/ses', 'refused by the first'],
  },
  'email.endpoint': {
    values: async () => [(await one).url, (await two).url],
    with: ses,
    ownMailer: true,
    see: mailed,
    shows: ['eu-central-1/ses', 'not at the first'],
  },
  'sms.snsRegion': {
    values: ['eu-central-1', 'eu-west-1'],
    with: sns,
    ownSms: true,
    see: texted,
    shows: ['eu-central-1/sns', 'eu-west-1/sns'],
  },
};

/** Ends them. */
export const closeAwsFlips = async (): Promise<void> => {
  await Promise.all([(await one).down(), (await two).down()]);
};
