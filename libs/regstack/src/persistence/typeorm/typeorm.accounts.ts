import { ATTRIBUTE_NAME } from '../../kernel/attribute-name';
import type { UserAttributes } from '../../kernel/regstack-user';
import { removesAdmin } from '../../ports/account-changes';
import {
  type AccountChanges,
  AccountRepository,
  type ChangedAccount,
  type LastAdmin,
  type Removal,
  type UserCounts,
  type UserQuery,
} from '../../ports/account.repository';
import type { Keyset } from '../../ports/keyset';
import type { UserRecord } from '../../ports/user.repository';
import { isFree } from './held-addresses';
import { insertMessage } from './inserts';
import { inLine, leavesAnAdmin } from './last-admin';
import { renameInAudit, wipeUser } from './removals';
import { USER_COLUMNS, userFrom } from './rows';
import type { Row, Sql, Statement } from './sql';
import type { Tables } from './tables';
import { usersOf } from './user-queries';

const RETURNED = USER_COLUMNS.join(', ');

export class TypeOrmAccountRepository extends AccountRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async changeAccount(
    id: string,
    changes: AccountChanges,
  ): Promise<ChangedAccount | LastAdmin | null> {
    const look = `SELECT ${RETURNED} FROM ${this.tables.users} WHERE id = ? ${this.sql.dialect.locked}`;
    const done = await this.sql.transaction([
      ...(removesAdmin(changes) ? inLine(this.sql, this.tables) : []),
      { text: look, params: [id], mustTouch: true },
      this.change(id, changes),
    ]);
    if (!done) return null;
    const [[before], [after]] = done.slice(-2) as [readonly Row[], readonly Row[]];
    return after ? { before: userFrom(before!), user: userFrom(after) } : 'last_admin';
  }

  override async remove(id: string, removal: Removal): Promise<UserRecord | LastAdmin | null> {
    const { expectedEpoch, pseudonym, notices, at } = removal;
    const isMeant = expectedEpoch === null ? 'id = ?' : 'id = ? AND auth_epoch = ?';
    const meant = expectedEpoch === null ? [id] : [id, expectedEpoch];
    const { users } = this.tables;
    const look = `SELECT ${RETURNED} FROM ${users} WHERE ${isMeant} AND ${leavesAnAdmin(this.tables)} ${this.sql.dialect.locked}`;
    const line = inLine(this.sql, this.tables);
    const done = await this.sql.transaction([
      ...line,
      { text: look, params: meant, mustTouch: true },
      ...wipeUser(this.sql, this.tables, id, at),
      ...renameInAudit(this.tables, id, pseudonym),
      ...notices.map((notice) => insertMessage(this.tables, notice)),
    ]);
    if (done) return userFrom(done[line.length]![0]!);
    // Nobody comes back under an id, and epochs only rise: who is here now was here before.
    const isHere = await this.sql.first(`SELECT id FROM ${users} WHERE ${isMeant}`, meant);
    return isHere && 'last_admin';
  }

  override async list(
    query: UserQuery,
    { before, limit, skip }: Keyset & { readonly skip: number },
  ): Promise<readonly UserRecord[]> {
    const { text, params } = usersOf(this.sql.dialect, query, before);
    const page = `SELECT ${RETURNED} FROM ${this.tables.users} WHERE ${text} ORDER BY id DESC LIMIT ? OFFSET ?`;
    return (await this.sql.rows(page, [...params, limit, skip])).map(userFrom);
  }

  override async countOf(query: UserQuery): Promise<number> {
    const { text, params } = usersOf(this.sql.dialect, query);
    const count = `SELECT COUNT(*) AS total FROM ${this.tables.users} WHERE ${text}`;
    return Number((await this.sql.first(count, params))!['total']);
  }

  override async counts(now: Date): Promise<UserCounts> {
    const { users, pending } = this.tables;
    const query = `SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE is_active) AS active, COUNT(*) FILTER (WHERE is_verified) AS verified,
        COUNT(*) FILTER (WHERE is_superuser) AS superusers, (SELECT COUNT(DISTINCT p.email) FROM ${pending} p
          WHERE p.expires_at > ? AND ${isFree(this.tables, 'p.email')}) AS waiting
      FROM ${users}`;
    const row = (await this.sql.first(query, [now, now]))!;
    return {
      total: Number(row['total']),
      active: Number(row['active']),
      verified: Number(row['verified']),
      superusers: Number(row['superusers']),
      pendingRegistrations: Number(row['waiting']),
    };
  }

  /** Touches nothing where nobody would be left who is active and a superuser. Every expression sees the row as it was. */
  private change(id: string, changes: AccountChanges): Statement {
    const { fullName, roles, isActive, isSuperuser, attributes } = changes;
    const columns: Readonly<Record<string, unknown>> = {
      full_name: fullName,
      roles: roles && JSON.stringify(roles),
      is_active: isActive,
      is_superuser: isSuperuser,
    };
    const given = Object.entries(columns).filter(([, value]) => value !== undefined);
    const set = [
      ...given.map(([column]) => `${column} = ?`),
      ...(attributes ? [`attributes = ${this.sql.dialect.merged('attributes')}`] : []),
      `auth_epoch = auth_epoch + CASE WHEN ${endsSessions(changes)} THEN 1 ELSE 0 END`,
    ];
    const guard = removesAdmin(changes) ? `AND ${leavesAnAdmin(this.tables)}` : '';
    return {
      text: `UPDATE ${this.tables.users} SET ${set.join(', ')} WHERE id = ? ${guard} RETURNING ${RETURNED}`,
      params: [...given.map(([, value]) => value), ...(attributes ? [documentOf(attributes)] : []), id],
    };
  }
}

function endsSessions({ endSessions, isActive }: AccountChanges): 'true' | 'is_active' | 'false' {
  if (endSessions) return 'true';
  return isActive === false ? 'is_active' : 'false';
}

/** Names are part of paths in SQLite; no name that a host can give an attribute needs care there. */
function documentOf(attributes: UserAttributes): string {
  const wrong = Object.keys(attributes).find((name) => !ATTRIBUTE_NAME.test(name));
  if (wrong !== undefined) throw new TypeError(`${JSON.stringify(wrong)} is no name of an attribute`);
  return JSON.stringify(attributes);
}
