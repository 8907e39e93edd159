import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type CredentialChanges,
  EmailTakenError,
  type LoginRecord,
  type NewUser,
  type UserRecord,
  UserRepository,
} from '../../ports/user.repository';
import { insertMessage, insertUser } from './inserts';
import { nullableText, USER_COLUMNS, userFrom } from './rows';
import { type Sql, UniqueViolation } from './sql';
import type { Tables } from './tables';

const RETURNED = USER_COLUMNS.join(', ');

/** Column of each credential that P1 may change. */
const CREDENTIAL_COLUMNS = { passwordHash: 'password_hash', isActive: 'is_active' } as const;

export class TypeOrmUserRepository extends UserRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const { text, params } = insertUser(this.tables, user);
    try {
      return userFrom((await this.sql.first(text, params))!);
    } catch (error) {
      throw error instanceof UniqueViolation ? new EmailTakenError() : error;
    }
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const row = await this.sql.first(`SELECT ${RETURNED} FROM ${this.tables.users} WHERE id = ?`, [id]);
    return row && userFrom(row);
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    const query = `SELECT ${RETURNED}, password_hash FROM ${this.tables.users} WHERE email = ?`;
    const row = await this.sql.first(query, [email]);
    return row && { ...userFrom(row), passwordHash: nullableText(row['password_hash']) };
  }

  override async isTaken(email: EmailAddress): Promise<boolean> {
    return (await this.sql.first(`SELECT id FROM ${this.tables.users} WHERE email = ?`, [email])) !== null;
  }

  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notice: OutboxMessage | null,
  ): Promise<UserRecord | null> {
    const entries = Object.entries(changes) as [keyof CredentialChanges, string | boolean][];
    const set = entries.map(([name]) => `${CREDENTIAL_COLUMNS[name]} = ?, `).join('');
    const change = {
      text: `UPDATE ${this.tables.users} SET ${set}auth_epoch = auth_epoch + 1 WHERE id = ? AND auth_epoch = ? AND is_active RETURNING ${RETURNED}`,
      params: [...entries.map(([, value]) => value), id, expectedEpoch],
      mustTouch: true,
    };
    const done = await this.sql.transaction(notice ? [change, insertMessage(this.tables, notice)] : [change]);
    return done && userFrom(done[0]![0]!);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const query = `UPDATE ${this.tables.users} SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING id`;
    return (await this.sql.first(query, [newHash, id, oldHash])) !== null;
  }
}
