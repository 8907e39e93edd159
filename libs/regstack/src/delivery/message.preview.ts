import type { RegStackConfig } from '../config/regstack.config';
import { MAIL_KINDS } from '../ports/mail.templates';
import type { MailContent } from '../ports/mailer';
import { SMS_KINDS } from '../ports/sms.templates';
import { LiquidMailTemplates } from './liquid.mail.templates';
import { LiquidSmsTemplates } from './liquid.sms.templates';
import { CODE_SAMPLE, mailSamples } from './message.samples';

/** A message as somebody would get it; of one kind there may be several, which are numbered. */
export type Preview = { readonly name: string } & (
  MailContent | { readonly text: string; readonly html: null }
);

/**
 * Every mail and every text message with samples in it, from the templates of this configuration.
 * @throws BootError when a template cannot be read
 */
export async function previewsOf(config: RegStackConfig): Promise<readonly Preview[]> {
  const texts = new LiquidSmsTemplates(config);
  const ofSms = SMS_KINDS.map(async (name) => ({
    name,
    text: await texts.render(name, CODE_SAMPLE),
    html: null,
  }));
  const mails = new LiquidMailTemplates(config);
  const samples = mailSamples(config);
  const ofMail = MAIL_KINDS.flatMap((kind) =>
    samples[kind].map(async (values, n) => ({
      name: n === 0 ? kind : `${kind}-${n + 1}`,
      ...(await mails.render(kind, values)),
    })),
  );
  return Promise.all([...ofMail, ...ofSms]);
}
