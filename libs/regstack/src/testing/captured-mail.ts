import { type Mail, Mailer } from '../ports/mailer';

/** A mailer that keeps what it is given: `{ provide: Mailer, useValue: new CapturedMail() }`. */
export class CapturedMail extends Mailer {
  readonly sent: Mail[] = [];
  private waiting: { to: string; resolve: (mail: Mail) => void }[] = [];

  override async deliver(mail: Mail): Promise<void> {
    this.sent.push(mail);
    const mine = this.waiting.filter(({ to }) => to === mail.to);
    this.waiting = this.waiting.filter(({ to }) => to !== mail.to);
    for (const { resolve } of mine) resolve(mail);
  }

  /** The last mail to this address, now or as soon as there is one. */
  async to(address: string): Promise<Mail> {
    const found = this.sent.findLast(({ to }) => to === address);
    return found ?? new Promise((resolve) => this.waiting.push({ to: address, resolve }));
  }

  /** The token of the link in the last mail to this address. */
  async tokenTo(address: string): Promise<string> {
    const { text } = await this.to(address);
    const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(text)?.[1];
    if (token === undefined) throw new Error(`the mail to ${address} has no link with a token`);
    return token;
  }
}
