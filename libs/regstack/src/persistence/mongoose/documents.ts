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
  /** Epoch of the user before the change. Absent from undos of the versions without second factors. */
  readonly auth_epoch?: number;
}

/** The authenticator app of a user. */
export interface TotpDocument {
  /** Encrypted, with the id of its key before the first dot. */
  readonly secret: string;
  /** That id, for the look at boot which keys are needed. */
  readonly key_id: string;
  readonly last_step: number;
  /** Epoch in which it was enrolled. */
  readonly epoch: number;
}

/** The recovery codes of a user. */
export interface RecoveryDocument {
  /** Keyed hashes of those that are left. */
  readonly codes: readonly string[];
  /** The key that they were hashed with; null where it is not known. Absent from sets of older versions. */
  readonly key_id?: string | null;
  /** Epoch in which they were made. */
  readonly epoch: number;
}

/** What a deletion that has begun still needs (P6). */
export interface DeletingDocument {
  /** The last mails, which stay when the others to these addresses go. */
  readonly notice_ids: readonly string[];
  /** The addresses that the user held: without one whose undo was over. */
  readonly addresses: readonly string[];
  readonly at: Date;
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
  /** Epoch in which the number was set. Absent where there is none, and from users of the versions without second factors. */
  readonly phone_epoch?: number;
  readonly totp?: TotpDocument;
  readonly recovery?: RecoveryDocument;
  readonly is_mfa_enabled: boolean;
  /** Absent from users of the first versions. */
  readonly roles?: readonly string[];
  readonly attributes: Record<string, unknown>;
  readonly auth_epoch: number;
  readonly created_at: Date;
  readonly last_login: Date | null;
  readonly intents: readonly IntentDocument[];
  /** Every address that the user holds (P9): the current one and, while it can come back, the one before. Unique over all users. */
  readonly claims: readonly string[];
  readonly undo?: UndoDocument;
  /** There while the user is being deleted: for everybody else nobody is here any more, but the addresses are still held. */
  readonly deleting?: DeletingDocument;
  /** Number of the last step about the user that went through {@link AdminsDocument}. */
  readonly admin_seq?: number;
}

/** An attempt to register. */
export interface PendingDocument {
  readonly _id: string;
  readonly user_id: string;
  readonly email: string;
  readonly password_hash: string;
  readonly full_name: string | null;
  /** Absent from attempts of the first versions. */
  readonly attributes?: Record<string, unknown>;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** A session. */
export interface SessionDocument {
  readonly _id: string;
  readonly user_id: string;
  readonly auth_epoch: number;
  /** Absent from sessions of the first version, like `authenticated_at`. */
  readonly device_id?: string;
  /** Absent from sessions of the first two versions, like `user_agent` and `last_seen_at`. */
  readonly ip?: string | null;
  readonly user_agent?: string | null;
  readonly created_at: Date;
  readonly authenticated_at?: Date;
  readonly last_seen_at?: Date;
  readonly expires_at: Date;
}

/** The challenge of a kind and subject: one document for all that follow each other, so a newer one replaces an older one. */
export interface ChallengeDocument {
  /** `kind/subject_id` */
  readonly _id: string;
  readonly challenge_id: string;
  readonly kind: string;
  readonly subject_id: string;
  /** There only where the subject is not the user. */
  readonly user_id?: string;
  readonly token_hash: string;
  readonly auth_epoch: number | null;
  readonly email: string | null;
  /** Absent from challenges of the versions without second factors, like `payload` and `guesses`. */
  readonly phone_number?: string | null;
  readonly payload?: string | null;
  readonly guesses?: number;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}

/** The trust in a user's device: one document for all that follow each other, so a newer one replaces an older one. */
export interface TrustedDeviceDocument {
  /** `user_id/device_id` */
  readonly _id: string;
  readonly trust_id: string;
  readonly user_id: string;
  readonly device_id: string;
  readonly auth_epoch: number;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
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

/** Something that happened. */
export interface AuditDocument {
  readonly _id: string;
  readonly at: Date;
  readonly kind: string;
  readonly actor: string | null;
  readonly target: string | null;
  readonly ip: string | null;
  readonly result: 'success' | 'refused';
  readonly reason: string | null;
  readonly request_id: string | null;
}

/** What the owner is told of a change. */
export interface ChangeNoticeDocument {
  /** Told where the user has another value of this; null: in any case. */
  readonly flag: 'is_active' | 'is_superuser' | null;
  readonly value: boolean;
  readonly intent: IntentDocument;
}

/** What a change of an account sets. */
export interface ChangeDocument {
  readonly fields: {
    readonly full_name?: string | null;
    readonly is_active?: boolean;
    readonly is_superuser?: boolean;
  };
  /** Null: they stay as they are. */
  readonly roles: readonly string[] | null;
  /** By name; null removes one. */
  readonly attributes: Record<string, unknown>;
  readonly ends_sessions: boolean;
  /** Absent from steps of the versions that told nobody. */
  readonly notices?: readonly ChangeNoticeDocument[];
}

/** What the first write of a deletion sets. */
export interface RemovalDocument {
  readonly notices: readonly IntentDocument[];
  readonly at: Date;
}

/** One of both, to be done to a user. */
export interface StepDocument {
  readonly user_id: string;
  /** Of this epoch only; null: of whatever epoch. */
  readonly epoch: number | null;
  readonly change: ChangeDocument | null;
  readonly removal: RemovalDocument | null;
}

/** The one document through which whatever takes an active superuser away goes (P5). */
export interface AdminsDocument {
  readonly _id: string;
  /** Number of the last step that was claimed. */
  readonly seq: number;
  /** That step, until it is done. */
  readonly pending: StepDocument | null;
}
