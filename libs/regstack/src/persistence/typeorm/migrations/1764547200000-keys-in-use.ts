import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sets of recovery codes know the key that they were hashed with: NULL for those of before. What needs a key is counted, and paged
 * through, without a walk over all users.
 */
export function keysInUse(prefix: string): new () => MigrationInterface {
  const table = (name: string): string => `"${prefix}${name}"`;
  const users = table('users');
  const secrets = 'WHERE totp_kid IS NOT NULL';
  return class KeysInUse1764547200000 implements MigrationInterface {
    readonly name = 'KeysInUse1764547200000';

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`ALTER TABLE ${users} ADD COLUMN "recovery_kid" varchar`);
      await queryRunner.query(
        `CREATE INDEX IF NOT EXISTS ${table('users_recovery_kid')} ON ${users} ("recovery_kid") WHERE recovery_codes <> ''`,
      );
      await queryRunner.query(
        `CREATE INDEX IF NOT EXISTS ${table('users_totp_kid_id')} ON ${users} ("totp_kid", "id") ${secrets}`,
      );
      await queryRunner.query(`DROP INDEX IF EXISTS ${table('users_totp_kid')}`);
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(
        `CREATE INDEX IF NOT EXISTS ${table('users_totp_kid')} ON ${users} ("totp_kid") ${secrets}`,
      );
      for (const name of ['users_totp_kid_id', 'users_recovery_kid'])
        await queryRunner.query(`DROP INDEX IF EXISTS ${table(name)}`);
      await queryRunner.query(`ALTER TABLE ${users} DROP COLUMN "recovery_kid"`);
    }
  };
}
