/** A message that waits in the document of a user until it is copied into the outbox (P2). */
export interface IntentDocument {
  readonly _id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly challenge_id: string | null;
  readonly sealed_body: string;
  readonly created_at: Date;
}

/** A change of address that can be undone. */
export interface UndoDocument {
  readonly email: string;
  readonly token_hash: string;
  readonly expires_at: Date;
}

/** A user. */
export interface UserDocument {
  readonly _id: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly full_name: string | null;
  readonly is_active: boolean;
  readonly is_verified: boolean;
  readonly is_superuser: boolean;
  readonly phone_number: string | null;
  readonly is_mfa_enabled: boolean;
  readonly attributes: Record<string, unknown>;
  readonly auth_epoch: number;
  readonly created_at: Date;
  readonly last_login: Date | null;
  readonly intents: readonly IntentDocument[];
  /** Every address that the user holds (P9): the current one and, while it can come back, the one before. Unique over all users. */
  readonly claims: readonly string[];
  readonly undo?: UndoDocument;
}

/** An attempt to register. */
export interface PendingDocument {
  readonly _id: string;
  readonly user_id: string;
  readonly email: string;
  readonly password_hash: string;
  readonly full_name: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** A session. */
export interface SessionDocument {
  readonly _id: string;
  readonly user_id: string;
  readonly auth_epoch: number;
  /** Absent from sessions of the first version, like the next. */
  readonly device_id?: string;
  readonly created_at: Date;
  readonly authenticated_at?: Date;
  readonly expires_at: Date;
}

/** The challenge of a kind and subject: one document for all that follow each other, so a newer one replaces an older one. */
export interface ChallengeDocument {
  /** `kind/subject_id` */
  readonly _id: string;
  readonly challenge_id: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly token_hash: string;
  readonly auth_epoch: number | null;
  readonly email: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}

/** The window of a budget. */
export interface BudgetDocument {
  readonly _id: string;
  readonly used: number;
  readonly refusal: number;
  readonly opened_at: Date;
  readonly ends_at: Date;
  /** When the server removes it. */
  readonly expires_at: Date;
}

/** A message with what the queue knows of it. `lease_id` and `expires_at` are there only where they hold. */
export interface OutboxDocument extends IntentDocument {
  readonly state: 'queued' | 'sent' | 'dead';
  readonly attempts: number;
  readonly lease_id?: string;
  readonly last_error: string | null;
  readonly due_at: Date;
  readonly sent_at: Date | null;
  /** When the server removes it. */
  readonly expires_at?: Date;
}
