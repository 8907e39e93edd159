import { Injectable } from '@nestjs/common';
import { type Mail, Mailer, MailRejectedError } from '@regstack/nestjs';

@Injectable()
export class PostmarkMailer extends Mailer {
  private readonly api = process.env['POSTMARK_API'] ?? 'https://api.postmarkapp.com';
  private readonly token = process.env['POSTMARK_SERVER_TOKEN']!;

  override async deliver({ id, to, subject, text, html }: Mail): Promise<void> {
    const mail = { From: 'us@example.org', To: to, Subject: subject, TextBody: text, HtmlBody: html };
    const response = await fetch(`${this.api}/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Postmark-Server-Token': this.token },
      body: JSON.stringify({ ...mail, Metadata: { id } }), // the same at every attempt
      signal: AbortSignal.timeout(10_000),
    });
    const { ErrorCode } = (await response.json()) as { ErrorCode: number };
    if (ErrorCode === 406) throw new MailRejectedError('inactive recipient'); // for good
    if (ErrorCode !== 0) throw Object.assign(new Error('refused'), { code: ErrorCode }); // is tried again
  }
}
