import type { Mail } from '@regstack/nestjs';
import { inOneOrder } from './key-order';
import { Notebook } from './notebook';
import { PICTURE, Placeholders } from './placeholders';
import type { Stage } from '../support/stage/stage';
import type { Body, Step } from './step';

/** What came of a step, without what is random: equal on every store. */
export interface Answer {
  readonly status: number;
  /** `name: value`. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Mails that were sent for it. */
  readonly mails: readonly string[];
  /** Text messages that were sent for it. */
  readonly texts: readonly string[];
  /** Events that the host heard of it. */
  readonly events: readonly string[];
}

/** Headers that are of the moment, or made of a body whose ids are random. */
const PASSING = ['date', 'etag'];

/** A request that takes longer than that gets no answer any more. */
const PATIENCE_MS = 30_000;

/** One run of a sequence on a stage. */
export class Performance {
  private readonly notebook = new Notebook(() => this.stage.clock.now());
  private readonly placeholders = new Placeholders();

  constructor(readonly stage: Stage) {}

  /** Makes the request of a step, and waits until its mails and events are out. */
  async perform(step: Step): Promise<Answer> {
    const { clock, mail, sms, events, host } = this.stage;
    clock.advance(step.wait / 1000);
    const sentBefore = mail.sent.length;
    const textedBefore = sms.sent.length;
    const response = await fetch(host.url + this.pathOf(step), {
      method: step.route.split(' ')[0]!,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...this.contentOf(step),
    });
    const body = await response.text();
    await this.stage.quiet();
    // In an order of ours: of messages of one moment any may be the first.
    const order = ({ to, subject }: Mail): string => `${to} ${subject}`;
    const mails = mail.sent.slice(sentBefore).toSorted((a, b) => order(a).localeCompare(order(b)));
    this.notebook.keepAnswer(step.of, body, response.headers.getSetCookie());
    for (const { text } of mails) this.notebook.keepMail(step.of, text);
    const texts = sms.sent.slice(textedBefore);
    for (const { text } of texts) this.notebook.keepText(step.of, text);
    const clean = (value: unknown): string => this.placeholders.in(inOneOrder(JSON.stringify(value)));
    const passing = body.includes(PICTURE) ? [...PASSING, 'content-length'] : PASSING;
    return {
      status: response.status,
      headers: [...response.headers]
        .filter(([name]) => !passing.includes(name))
        .map(([name, value]) => this.placeholders.in(`${name}: ${value}`)),
      body: this.placeholders.in(body.startsWith('{') ? inOneOrder(body) : body),
      mails: mails.map(clean),
      texts: texts.map(({ to, text }) => `${to}: ${this.placeholders.inText(text)}`),
      events: events.splice(0).map(clean),
    };
  }

  private pathOf({ route, params = {}, query }: Step): string {
    const path = route
      .split(' ')[1]!
      .replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(this.notebook.text(params[name] ?? '')));
    return query ? `${path}?${this.encoded(query)}` : path;
  }

  private contentOf({ headers = {}, body }: Step): { headers: Record<string, string>; body?: string } {
    const sent = Object.entries(headers).map(([name, text]) => [name, this.notebook.text(text)]);
    if (!body) return { headers: Object.fromEntries(sent) };
    const [type, content] = this.serialised(body);
    return { headers: { ...Object.fromEntries(sent), 'content-type': type }, body: content };
  }

  private serialised(body: Body): readonly [type: string, content: string] {
    if ('raw' in body) return [body.type, body.raw];
    if ('json' in body) return ['application/json', JSON.stringify(this.notebook.value(body.json))];
    return ['application/x-www-form-urlencoded', this.encoded(body.form)];
  }

  private encoded(fields: NonNullable<Step['query']>): string {
    const pairs = Object.entries(fields).map(([key, text]) => [key, this.notebook.text(text)] as const);
    return new URLSearchParams(Object.fromEntries(pairs)).toString();
  }
}
