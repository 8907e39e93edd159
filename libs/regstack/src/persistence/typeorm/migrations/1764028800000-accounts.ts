import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect';

/** The first schema: users, attempts to register, sessions, challenges, budgets, outbox. */
export function accounts({ instant, flag, json }: Dialect, prefix: string): new () => MigrationInterface {
  const table = (name: string, columns: string): string =>
    `CREATE TABLE IF NOT EXISTS "${prefix}${name}" ("id" varchar PRIMARY KEY NOT NULL, ${columns})`;
  const index = (name: string, column: string, unique = ''): string =>
    `CREATE ${unique} INDEX IF NOT EXISTS "${prefix}${name}_${column}" ON "${prefix}${name}" ("${column}")`;
  const statements = [
    table(
      'users',
      `"email" varchar NOT NULL, "password_hash" varchar, "full_name" varchar, "is_active" ${flag} NOT NULL,
       "is_verified" ${flag} NOT NULL, "is_superuser" ${flag} NOT NULL, "phone_number" varchar,
       "is_mfa_enabled" ${flag} NOT NULL, "attributes" ${json} NOT NULL, "auth_epoch" integer NOT NULL,
       "created_at" ${instant} NOT NULL, "last_login" ${instant}`,
    ),
    index('users', 'email', 'UNIQUE'),
    table(
      'pending_registrations',
      `"user_id" varchar NOT NULL, "email" varchar NOT NULL, "password_hash" varchar NOT NULL, "full_name" varchar,
       "created_at" ${instant} NOT NULL, "expires_at" ${instant} NOT NULL`,
    ),
    index('pending_registrations', 'email'),
    index('pending_registrations', 'expires_at'),
    table(
      'sessions',
      `"user_id" varchar NOT NULL, "auth_epoch" integer NOT NULL, "created_at" ${instant} NOT NULL,
       "expires_at" ${instant} NOT NULL`,
    ),
    index('sessions', 'user_id'),
    index('sessions', 'expires_at'),
    table(
      'challenges',
      `"kind" varchar NOT NULL, "subject_id" varchar NOT NULL, "token_hash" varchar NOT NULL,
       "created_at" ${instant} NOT NULL, "expires_at" ${instant} NOT NULL, "used_at" ${instant}`,
    ),
    index('challenges', 'token_hash', 'UNIQUE'),
    index('challenges', 'subject_id'),
    index('challenges', 'expires_at'),
    table(
      'budgets',
      `"used" integer NOT NULL, "refusal" integer NOT NULL, "opened_at" ${instant} NOT NULL, "ends_at" ${instant} NOT NULL`,
    ),
    index('budgets', 'ends_at'),
    table(
      'outbox',
      `"kind" varchar NOT NULL, "recipient" varchar NOT NULL, "challenge_id" varchar, "sealed_body" varchar NOT NULL,
       "state" varchar NOT NULL, "attempts" integer NOT NULL, "lease_id" varchar, "last_error" varchar,
       "created_at" ${instant} NOT NULL, "due_at" ${instant} NOT NULL, "sent_at" ${instant}`,
    ),
    index('outbox', 'due_at'),
  ];
  return class Accounts1764028800000 implements MigrationInterface {
    readonly name = 'Accounts1764028800000';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of statements) await queryRunner.query(statement);
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      for (const name of ['outbox', 'budgets', 'challenges', 'sessions', 'pending_registrations', 'users']) {
        await queryRunner.query(`DROP TABLE IF EXISTS "${prefix}${name}"`);
      }
    }
  };
}
