import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Prompts } from '../prompts';

/** Where the mails to the test account arrive. */
export interface Mailbox {
  /** The link of the mail that proves the address; null where none has come in time. */
  linkTo(email: string): Promise<string | null>;
}

const LINK = /https?:\/\/\S+[?&]token=[\w.~-]+/;
const PATIENCE_MS = 30_000;
const POLL_MS = 100;

/** The log of an app whose mails are printed to its terminal (`email.backend = console`). */
export class LogMailbox implements Mailbox {
  constructor(private readonly file: string) {}

  async linkTo(email: string): Promise<string | null> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const [, ...mails] = (await readFile(this.file, 'utf8')).split(`Mail to ${email}`);
      const link = LINK.exec(mails.join('\n'))?.[0];
      if (link !== undefined || Date.now() > deadline) return link ?? null;
      await delay(POLL_MS);
    }
  }
}

/** Somebody in front of the terminal, who reads the mails. */
export class AskedMailbox implements Mailbox {
  constructor(private readonly prompts: Prompts) {}

  async linkTo(email: string): Promise<string | null> {
    const check = (answer: string): string | null =>
      LINK.test(answer) ? null : 'paste the whole link: https://…?token=…';
    const answer = await this.prompts.text(`The link in the mail that ${email} got`, { check });
    return LINK.exec(answer)?.[0] ?? null;
  }
}
