import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect';

/**
 * Users have second factors, each with the epoch in which it was set, and so has what a change of address left open (P9); challenges
 * know whose they are, the number that they prove and the guesses at them; devices are trusted. Keys that secrets need are found
 * without a walk over all users.
 */
export function secondFactors({ instant }: Dialect, prefix: string): new () => MigrationInterface {
  const table = (name: string): string => `"${prefix}${name}"`;
  const devices = table('trusted_devices');
  const added = [
    ['users', 'totp_secret', 'varchar'],
    ['users', 'totp_kid', 'varchar'],
    ['users', 'totp_last_step', 'integer'],
    ['users', 'totp_epoch', 'integer'],
    ['users', 'phone_epoch', 'integer'],
    ['users', 'recovery_codes', 'varchar'],
    ['users', 'recovery_epoch', 'integer'],
    ['users', 'undo_epoch', 'integer'],
    ['challenges', 'user_id', 'varchar'],
    ['challenges', 'phone_number', 'varchar'],
    ['challenges', 'payload', 'varchar'],
    ['challenges', 'guesses', 'integer'],
  ] as const;
  const indexes = [
    ['users_totp_kid', '', 'users', '("totp_kid") WHERE totp_kid IS NOT NULL'],
    ['challenges_user_id', '', 'challenges', '("user_id")'],
    ['trusted_devices_user_id_device_id', 'UNIQUE', 'trusted_devices', '("user_id", "device_id")'],
    ['trusted_devices_expires_at', '', 'trusted_devices', '("expires_at")'],
  ] as const;
  return class SecondFactors1764374400000 implements MigrationInterface {
    readonly name = 'SecondFactors1764374400000';

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(
        `CREATE TABLE IF NOT EXISTS ${devices} ("id" varchar PRIMARY KEY NOT NULL, "user_id" varchar NOT NULL, "auth_epoch" integer NOT NULL,
         "device_id" varchar NOT NULL, "ip" varchar, "user_agent" varchar, "created_at" ${instant} NOT NULL, "expires_at" ${instant} NOT NULL)`,
      );
      for (const [name, column, type] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} ADD COLUMN "${column}" ${type}`);
      for (const [name, unique, on, what] of indexes)
        await queryRunner.query(
          `CREATE ${unique} INDEX IF NOT EXISTS ${table(name)} ON ${table(on)} ${what}`,
        );
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      for (const [name] of indexes) await queryRunner.query(`DROP INDEX IF EXISTS ${table(name)}`);
      for (const [name, column] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} DROP COLUMN "${column}"`);
      await queryRunner.query(`DROP TABLE IF EXISTS ${devices}`);
    }
  };
}
