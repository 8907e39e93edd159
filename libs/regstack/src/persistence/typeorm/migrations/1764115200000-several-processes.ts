import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One challenge per kind and subject, also when several processes issue at once. Messages are found by state and time, by lease and
 * by the time at which they were sent, however many sent ones there are.
 */
export function severalProcesses(prefix: string): new () => MigrationInterface {
  const table = (name: string): string => `"${prefix}${name}"`;
  const challenges = table('challenges');
  const indexes = [
    ['challenges_kind_subject_id', 'UNIQUE', 'challenges', '"kind", "subject_id"'],
    ['outbox_state_due_at', '', 'outbox', '"state", "due_at"'],
    ['outbox_lease_id', '', 'outbox', '"lease_id"'],
    ['outbox_sent_at', '', 'outbox', '"sent_at"'],
  ] as const;
  return class SeveralProcesses1764115200000 implements MigrationInterface {
    readonly name = 'SeveralProcesses1764115200000';

    async up(queryRunner: QueryRunner): Promise<void> {
      // Ids are UUIDv7: the greatest is the newest.
      await queryRunner.query(`DELETE FROM ${challenges} WHERE EXISTS (SELECT 1 FROM ${challenges} newer
        WHERE newer.kind = ${challenges}.kind AND newer.subject_id = ${challenges}.subject_id AND newer.id > ${challenges}.id)`);
      await queryRunner.query(`DROP INDEX IF EXISTS ${table('outbox_due_at')}`);
      for (const [name, unique, on, columns] of indexes)
        await queryRunner.query(
          `CREATE ${unique} INDEX IF NOT EXISTS ${table(name)} ON ${table(on)} (${columns})`,
        );
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      for (const [name] of indexes) await queryRunner.query(`DROP INDEX IF EXISTS ${table(name)}`);
      await queryRunner.query(
        `CREATE INDEX IF NOT EXISTS ${table('outbox_due_at')} ON ${table('outbox')} ("due_at")`,
      );
    }
  };
}
