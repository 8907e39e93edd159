import { Injectable } from '@nestjs/common';
import { addSeconds, Clock, secondsUntil } from '../kernel/clock';
import { inWords } from '../kernel/duration';
import type { EmailAddress } from '../kernel/email-address';
import { newId } from '../kernel/ids';
import { hashToken, looksLikeToken, mintToken } from '../kernel/secret-token';
import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../ports/challenge.repository';
import type { OutboxMessage } from '../ports/outbox.repository';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { BudgetKeys } from './budget-keys';
import { OutboxService } from './outbox.service';

/** What a link is to prove. */
export interface LinkSubject {
  readonly kind: ChallengeKind;
  /** See {@link ChallengeKind}. For a decoy the address that was typed: nobody is told its token, and it proves nothing. */
  readonly subjectId: string | { readonly decoyFor: EmailAddress };
  readonly authEpoch?: number;
  readonly email?: EmailAddress;
  readonly expiresAt: Date;
}

/** A link that is about to be mailed. */
export interface MintedLink {
  readonly token: string;
  readonly challenge: NewChallenge;
  /** What its mail says of its challenge: a decoy's mail waits for one that never comes, and is never sent. */
  readonly challengeId: string;
  /** How long it can be used, in words for its mail. */
  readonly validFor: string;
}

/** Makes the tokens of mailed links, and finds what they stand for. What is stored of a token is its hash. */
@Injectable()
export class MailedLinks {
  constructor(
    private readonly clock: Clock,
    private readonly challenges: ChallengeRepository,
    private readonly users: UserRepository,
    private readonly outbox: OutboxService,
    private readonly keys: BudgetKeys,
  ) {}

  /** A new link, not stored yet. A decoy costs the same. */
  mint({ kind, subjectId, authEpoch, email, expiresAt }: LinkSubject): MintedLink {
    const token = mintToken();
    const createdAt = this.clock.now();
    const id = newId(createdAt);
    const isDecoy = typeof subjectId !== 'string';
    const challenge = {
      id,
      kind,
      // In the place of the last decoy for this address, as a real link takes the place of the last one.
      subjectId: isDecoy ? this.keys.decoyOf(subjectId.decoyFor) : subjectId,
      tokenHash: hashToken(token),
      userId: null,
      authEpoch: authEpoch ?? null,
      email: email ?? null,
      phoneNumber: null,
      payload: null,
      createdAt,
      expiresAt,
    };
    const validFor = inWords(secondsUntil(expiresAt, createdAt));
    return { token, challenge, challengeId: isDecoy ? newId(createdAt) : id, validFor };
  }

  /** Stores the link with the mail that carries it (or, for a taken address, one that does not), and has the mail sent. */
  async issue({ challenge }: MintedLink, mail: OutboxMessage): Promise<void> {
    await this.challenges.issue(challenge, mail);
    this.outbox.wake();
  }

  /** When a link ends that is mailed now. */
  expiry(ttlSeconds: number): Date {
    return addSeconds(this.clock.now(), ttlSeconds);
  }

  /** The live challenge of a link of one of these kinds, or null. Text that is no token needs no look-up. Changes nothing. */
  async find(kinds: readonly ChallengeKind[], token: string): Promise<Challenge | null> {
    if (!looksLikeToken(token)) return null;
    return this.challenges.findLive(kinds, hashToken(token), this.clock.now());
  }

  /** The same for a link about a user, with the user: null as well when their credentials have changed since (R30). */
  async findOwned(
    kind: ChallengeKind,
    token: string,
  ): Promise<{ challenge: Challenge; user: CredentialRecord } | null> {
    const challenge = await this.find([kind], token);
    const user = challenge && (await this.ownerOf(challenge));
    return user && { challenge, user };
  }

  /** The user whom a challenge is about, if it still holds for them. */
  async ownerOf({ subjectId, authEpoch }: Challenge): Promise<CredentialRecord | null> {
    const user = await this.users.findCredentials(subjectId);
    return user?.isActive && user.authEpoch === authEpoch ? user : null;
  }
}
