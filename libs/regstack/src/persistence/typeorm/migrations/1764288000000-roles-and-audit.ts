import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect';

/**
 * Users have roles, and attempts the attributes that their user will have; sessions know where they were opened from and when they were
 * last seen; what happened is kept. Superusers are found without a walk over all users.
 */
export function rolesAndAudit({ instant, json }: Dialect, prefix: string): new () => MigrationInterface {
  const table = (name: string): string => `"${prefix}${name}"`;
  const [users, audit] = [table('users'), table('audit')];
  const added = [
    ['users', 'roles', json],
    ['pending_registrations', 'attributes', json],
    ['sessions', 'ip', 'varchar'],
    ['sessions', 'user_agent', 'varchar'],
    ['sessions', 'last_seen_at', instant],
  ] as const;
  const indexes = [
    ['actor', '"actor"'],
    ['target', '"target"'],
    ['at', '"at"'],
    ['kind_id', '"kind", "id"'],
  ] as const;
  return class RolesAndAudit1764288000000 implements MigrationInterface {
    readonly name = 'RolesAndAudit1764288000000';

    async up(queryRunner: QueryRunner): Promise<void> {
      for (const [name, column, type] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} ADD COLUMN "${column}" ${type}`);
      await queryRunner.query(
        `CREATE INDEX IF NOT EXISTS ${table('users_is_superuser')} ON ${users} ("is_superuser") WHERE is_superuser`,
      );
      await queryRunner.query(
        `CREATE TABLE IF NOT EXISTS ${audit} ("id" varchar PRIMARY KEY NOT NULL, "at" ${instant} NOT NULL, "kind" varchar NOT NULL,
         "actor" varchar, "target" varchar, "ip" varchar, "result" varchar NOT NULL, "reason" varchar, "request_id" varchar)`,
      );
      for (const [name, columns] of indexes)
        await queryRunner.query(
          `CREATE INDEX IF NOT EXISTS ${table(`audit_${name}`)} ON ${audit} (${columns})`,
        );
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`DROP TABLE IF EXISTS ${audit}`);
      await queryRunner.query(`DROP INDEX IF EXISTS ${table('users_is_superuser')}`);
      for (const [name, column] of added)
        await queryRunner.query(`ALTER TABLE ${table(name)} DROP COLUMN "${column}"`);
    }
  };
}
