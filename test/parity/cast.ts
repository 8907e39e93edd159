import { domainToUnicode } from 'node:url';
import type { Random } from '../security/random';
import { NUMBERS, PASSWORDS, PEOPLE, type Person } from './people';
import type { Text, Use } from './step';

/** An address of a person, with the password that it is usually registered with. */
export interface Mailbox {
  /** Under this name its outcomes are remembered. */
  readonly key: string;
  /** Canonical. */
  readonly address: string;
  readonly fullName: string | null;
  readonly password: string;
  /** Of a telephone, E.164. */
  readonly number: string;
}

/** Who was there first, and is always an admin: no guess is ever made at this password. */
export const FOUNDER: Mailbox = {
  key: 'founder@example.org',
  address: 'founder@example.org',
  fullName: 'The Founder',
  password: PASSWORDS[0]!,
  number: '+4915100000000',
};

/** How many of the latest mailboxes a visit is usually about. */
const RECENT = 12;

/** Who acts, and what they type: every choice is made by the dice, so that the seed decides all. */
export class Cast {
  readonly known: Mailbox[] = [];
  private waiting: Person[] = [];
  private generation = -1;

  constructor(readonly dice: Random) {}

  /** A mailbox that nothing was done with yet. Everybody comes once before anybody comes again, with another address. */
  fresh(): Mailbox {
    if (this.waiting.length === 0) {
      this.waiting = this.dice.shuffled(PEOPLE);
      this.generation += 1;
    }
    const { fullName, local, domain } = this.waiting.pop()!;
    const address = `${local}${this.generation === 0 ? '' : `.${this.generation}`}@${domain}`;
    const { dice } = this;
    const number = dice.pick(NUMBERS).replaceAll('#', () => String(dice.below(10)));
    const mailbox = { key: address, address, fullName, password: dice.pick(PASSWORDS), number };
    this.known.push(mailbox);
    return mailbox;
  }

  /** A mailbox that somebody has tried already, a recent one most of the time. */
  anyone(): Mailbox {
    if (this.known.length === 0) return this.fresh();
    return this.dice.pick(this.dice.chance(0.7) ? this.known.slice(-RECENT) : this.known);
  }

  /** The address as somebody might type it: mostly the same mailbox, sometimes one that looks like it. */
  typed({ address }: Mailbox): string {
    const at = address.lastIndexOf('@');
    const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
    return this.dice.pick([
      address,
      address,
      address.toUpperCase(),
      address.normalize('NFD'),
      ` ${address}\u00a0`,
      `${local}@${domainToUnicode(domain)}`,
      `${local.toUpperCase().normalize('NFD')}@${domainToUnicode(domain).toUpperCase()}`,
      `${local.slice(0, 1).toUpperCase()}${local.slice(1)}@${domain}`,
    ]);
  }

  /** The number as somebody might type it. */
  typedNumber({ number }: Mailbox): string {
    return this.dice.pick([number, number, number.replace(/.{4}$/, ' $&'), number.replace(/.{6}$/, '-$&')]);
  }

  /** The password of the mailbox, composed in one way or the other. */
  right({ password }: Mailbox): string {
    return password.normalize(this.dice.chance(0.5) ? 'NFC' : 'NFD');
  }

  /** A password of somebody else. */
  wrong({ password }: Mailbox): string {
    return this.dice.pick(PASSWORDS.filter((one) => one !== password));
  }

  /** A token of the mailbox that a mail brought for a page; the latest most of the time, or that of another mailbox, or none. */
  link(mailbox: Mailbox, page = 'verify'): Use {
    if (this.dice.chance(0.1)) return latest(`link ${page}`, this.anyone());
    return { ...latest(`link ${page}`, mailbox), back: this.dice.chance(0.8) ? 0 : this.dice.below(4) };
  }

  /** The head of a signed-in request, by one of the sessions of the mailbox; now and then by something that is none. */
  session(mailbox: Mailbox): Readonly<Record<string, Text>> {
    const back = this.dice.chance(0.6) ? 0 : this.dice.below(4);
    const token = { ...latest('access_token', mailbox), back };
    const authorization: readonly Text[] = [
      ['Bearer ', token],
      ['bearer  ', token],
      ['Bearer ', token],
      ['Bearer ', token],
      ['Bearer ', token, 'x'],
      ['Basic ', token],
      ['Bearer ', latest('link verify', mailbox)],
    ];
    return this.dice.chance(0.08) ? {} : { authorization: this.dice.pick(authorization) };
  }

  /** A pause as it happens between two requests, milliseconds: mostly short, now and then hours or days. */
  pause(): number {
    const [what, length] = [this.dice.next(), this.dice.next()];
    if (what < 0.6) return Math.floor(length * 1000);
    if (what < 0.92) return Math.floor(length * 60_000);
    if (what < 0.985) return Math.floor(length * 1_200_000);
    return Math.floor(length * (what < 0.996 ? 14_400_000 : 200_000_000));
  }
}

/** The latest of what the mailbox has brought. */
export const latest = (use: string, { key }: Pick<Mailbox, 'key'>): Use => ({ use, of: key, back: 0 });

/** The head of a request signed in by the mailbox's session that was opened last but `back`. */
export const signedIn = (mailbox: Mailbox, back = 0): Readonly<Record<string, Text>> => ({
  authorization: ['Bearer ', { ...latest('access_token', mailbox), back }],
});
