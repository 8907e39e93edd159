import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect';

/**
 * Who holds which address, and what a change of it left open (P9). Challenges carry the epoch of their user and the address that they
 * prove; sessions know their device and when their user last proved to be who they are.
 */
export function addressesAndDevices({ instant }: Dialect, prefix: string): new () => MigrationInterface {
  const table = (name: string): string => `"${prefix}${name}"`;
  const [users, claims] = [table('users'), table('email_claims')];
  const added = [
    ['users', 'undo_email', 'varchar'],
    ['users', 'undo_token_hash', 'varchar'],
    ['users', 'undo_expires_at', instant],
    ['challenges', 'auth_epoch', 'integer'],
    ['challenges', 'email', 'varchar'],
    ['sessions', 'device_id', 'varchar'],
    ['sessions', 'authenticated_at', instant],
  ] as const;
  const indexes = [
    ['users', 'undo_token_hash', 'UNIQUE'],
    ['email_claims', 'user_id', ''],
    ['email_claims', 'expires_at', ''],
  ] as const;
  return class AddressesAndDevices1764201600000 implements MigrationInterface {
    readonly name = 'AddressesAndDevices1764201600000';

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(
        `CREATE TABLE IF NOT EXISTS ${claims} ("email" varchar PRIMARY KEY NOT NULL, "user_id" varchar NOT NULL, "expires_at" ${instant})`,
      );
      for (const [name, column, type] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} ADD COLUMN "${column}" ${type}`);
      for (const [name, column, unique] of indexes)
        await queryRunner.query(
          `CREATE ${unique} INDEX IF NOT EXISTS ${table(`${name}_${column}`)} ON ${table(name)} ("${column}")`,
        );
      await queryRunner.query(
        `INSERT INTO ${claims} (email, user_id) SELECT email, id FROM ${users} WHERE true ON CONFLICT DO NOTHING`,
      );
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      for (const [name, column] of indexes)
        await queryRunner.query(`DROP INDEX IF EXISTS ${table(`${name}_${column}`)}`);
      for (const [name, column] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} DROP COLUMN "${column}"`);
      await queryRunner.query(`DROP TABLE IF EXISTS ${claims}`);
    }
  };
}
