import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Admins page through the messages in a state, however many there are in the others. */
export function messagesByState(prefix: string): new () => MigrationInterface {
  const index = `"${prefix}outbox_state_id"`;
  return class MessagesByState1764460800000 implements MigrationInterface {
    readonly name = 'MessagesByState1764460800000';

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`CREATE INDEX IF NOT EXISTS ${index} ON "${prefix}outbox" ("state", "id")`);
    }

    async down(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(`DROP INDEX IF EXISTS ${index}`);
    }
  };
}
