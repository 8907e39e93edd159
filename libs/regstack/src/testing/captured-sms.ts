import { type Sms, SmsSender } from '../ports/sms.sender';

/** A sender that keeps what it is given: `{ provide: SmsSender, useValue: new CapturedSms() }`. */
export class CapturedSms extends SmsSender {
  readonly sent: Sms[] = [];
  private waiting: (() => void)[] = [];

  override async deliver(sms: Sms): Promise<void> {
    this.sent.push(sms);
    for (const look of this.waiting.splice(0)) look();
  }

  /** The last text to this number, now or as soon as there is one that is not among the first `seen` of those to it. */
  async to(number: string, seen = 0): Promise<Sms> {
    for (;;) {
      const all = this.sent.filter(({ to }) => to === number);
      if (all.length > seen) return all.at(-1)!;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The code in the last text to this number; see {@link to}. */
  async codeTo(number: string, seen = 0): Promise<string> {
    const { text } = await this.to(number, seen);
    const code = /\b\d{6,10}\b/.exec(text)?.[0];
    if (code === undefined) throw new Error(`the text to ${number} has no code`);
    return code;
  }
}
