import { ATTRIBUTE_NAME } from '../../kernel/attribute-name';
import type { UserAttributes } from '../../kernel/regstack-user';
import { removesAdmin } from '../../ports/account-changes';
import {
  type AccountChanges,
  AccountRepository,
  type ChangedAccount,
  type ChangeNotices,
  type LastAdmin,
  type Removal,
  type UserCounts,
  type UserQuery,
} from '../../ports/account.repository';
import type { Keyset } from '../../ports/keyset';
import type { UserRecord } from '../../ports/user.repository';
import { isFree } from './held-addresses';
import { insertMessage, insertMessageWhere } from './inserts';
import { inLine, isNoAdmin, leavesAnAdmin } from './last-admin';
import { wipeUser } from './removals';
import { USER_COLUMNS, userFrom } from './rows';
import type { Sql, Statement } from './sql';
import type { Tables } from './tables';
import { type Conditions, usersOf } from './user-queries';

const RETURNED = USER_COLUMNS.join(', ');

/** A user, where they are of the epoch that somebody means. */
interface Meant extends Conditions {
  readonly id: string;
}

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
    notices: ChangeNotices = {},
  ): Promise<ChangedAccount | LastAdmin | null> {
    const look = `SELECT ${RETURNED} FROM ${this.tables.users} WHERE id = ? ${this.sql.dialect.locked}`;
    const line = removesAdmin(changes) ? inLine(this.sql, this.tables) : [];
    const done = await this.sql.transaction([
      ...line,
      { text: look, params: [id], mustTouch: true },
      // First: they look at the row as it was, under the same guard.
      ...this.tell(id, changes, notices),
      this.change(id, changes),
    ]);
    if (!done) return null;
    const [[before], [after]] = [done[line.length]!, done.at(-1)!];
    return after ? { before: userFrom(before!), user: userFrom(after) } : 'last_admin';
  }

  /**
   * Who is no active admin is removed without standing in line for those who are; only one who may be one takes their turn. That turn is
   * taken before any row is locked, and never behind one.
   */
  override async remove(id: string, removal: Removal): Promise<UserRecord | LastAdmin | null> {
    const { sql, tables } = this;
    const meant = meantBy(id, removal.expectedEpoch);
    const removed =
      (await this.removeWhere(meant, isNoAdmin(tables), [], removal)) ??
      (await this.removeWhere(meant, leavesAnAdmin(tables), inLine(sql, tables), removal));
    if (removed) return removed;
    // Nobody comes back under an id, and epochs only rise: who is here now was here before.
    const isHere = await sql.first(`SELECT id FROM ${tables.users} WHERE ${meant.text}`, meant.params);
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

  /** Removes the user where a condition holds for them once their row is locked; null where it does not. */
  private async removeWhere(
    { id, text, params }: Meant,
    condition: string,
    line: readonly Statement[],
    { notices, at }: Removal,
  ): Promise<UserRecord | null> {
    const { sql, tables } = this;
    const look = `SELECT ${RETURNED} FROM ${tables.users} WHERE ${text} AND ${condition} ${sql.dialect.locked}`;
    const done = await sql.transaction([
      ...line,
      { text: look, params, mustTouch: true },
      ...wipeUser(sql, tables, id, at),
      ...notices.map((notice) => insertMessage(tables, notice)),
    ]);
    return done && userFrom(done[line.length]![0]!);
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
    return {
      text: `UPDATE ${this.tables.users} SET ${set.join(', ')} WHERE id = ? ${this.guard(changes)} RETURNING ${RETURNED}`,
      params: [...given.map(([, value]) => value), ...(attributes ? [documentOf(attributes)] : []), id],
    };
  }

  private tell(id: string, changes: AccountChanges, notices: ChangeNotices): readonly Statement[] {
    const { users } = this.tables;
    const cases = [
      [notices.isActive, changes.isActive, 'is_active <> ?'],
      [notices.isSuperuser, changes.isSuperuser, 'is_superuser <> ?'],
      [notices.endSessions, changes.endSessions, '?'],
    ] as const;
    return cases.flatMap(([notice, value, condition]) => {
      if (!notice || value === undefined) return [];
      const where = `SELECT 1 FROM ${users} WHERE id = ? AND ${condition} ${this.guard(changes)}`;
      return [insertMessageWhere(this.tables, notice, { text: where, params: [id, value] })];
    });
  }

  private guard(changes: AccountChanges): string {
    return removesAdmin(changes) ? `AND ${leavesAnAdmin(this.tables)}` : '';
  }
}

function meantBy(id: string, epoch: number | null): Meant {
  if (epoch === null) return { id, text: 'id = ?', params: [id] };
  return { id, text: 'id = ? AND auth_epoch = ?', params: [id, epoch] };
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
