import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One challenge per kind and subject, also when several processes issue at once; sent messages are found by their time. */
export function severalProcesses(prefix: string): new () => MigrationInterface {
  const [challenges, outbox] = [`"${prefix}challenges"`, `"${prefix}outbox"`];
  const [onePerSubject, bySentAt] = [`"${prefix}challenges_kind_subject_id"`, `"${prefix}outbox_sent_at"`];
  return class SeveralProcesses1764115200000 implements MigrationInterface {
    readonly name = 'SeveralProcesses1764115200000';

    async up(queryRunner: QueryRunner): Promise<void> {
      // Ids are UUIDv7: the greatest is the newest.
      await queryRunner.query(`DELETE FROM ${challenges} WHERE EXISTS (SELECT 1 FROM ${challenges} newer
        WHERE newer.kind = ${challenges}.kind AND newer.subject_id = ${challenges}.subject_id AND newer.id > ${challenges}.id)`);
      await queryRunner.query(
        `CREATE UNIQUE INDEX IF NOT EXISTS ${onePerSubject} ON ${challenges} ("kind", "subject_id")`,
      );
      await queryRunner.query(`CREATE INDEX IF NOT EXISTS ${bySentAt} ON ${outbox} ("sent_at")`);
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`DROP INDEX IF EXISTS ${onePerSubject}`);
      await queryRunner.query(`DROP INDEX IF EXISTS ${bySentAt}`);
    }
  };
}
