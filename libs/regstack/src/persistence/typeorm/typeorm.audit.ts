import { type AuditQuery, type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import type { Keyset } from '../../ports/keyset';
import { date, nullableText, text } from './rows';
import type { Row, Sql, Statement } from './sql';
import type { Tables } from './tables';

/** Rows of one INSERT. Few sizes, so that a connection prepares few statements; a hundred rows stay below any limit of parameters. */
const SIZES = [1, 10, 100] as const;
const MOST = SIZES.at(-1)!;

const COLUMNS = 'id, at, kind, actor, target, ip, result, reason, request_id';
const ROW = `(${COLUMNS.replaceAll(/\w+/g, '?')})`;

export class TypeOrmAuditRepository extends AuditRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async append(records: readonly AuditRecord[]): Promise<void> {
    const statements: Statement[] = [];
    for (let begin = 0; begin < records.length; begin += MOST) {
      statements.push(this.insert(records.slice(begin, begin + MOST)));
    }
    // Nobody waits to be told that it is there; what the next answer acknowledges takes it to the disk along.
    if (statements.length > 0) await this.sql.transaction(statements, 'in-order');
  }

  override async list(
    { kind, names }: AuditQuery,
    { before, limit }: Keyset,
  ): Promise<readonly AuditRecord[]> {
    const marks = names?.map(() => '?').join(', ');
    const meant: readonly (readonly [sql: string, ...params: string[]])[] = [
      ...(kind === null ? [] : [['kind = ?', kind] as const]),
      ...(names === null
        ? []
        : [[`(actor IN (${marks}) OR target IN (${marks}))`, ...names, ...names] as const]),
      ...(before === null ? [] : [['id < ?', before] as const]),
    ];
    const where = ['true', ...meant.map(([condition]) => condition)].join(' AND ');
    const query = `SELECT ${COLUMNS} FROM ${this.tables.audit} WHERE ${where} ORDER BY id DESC LIMIT ?`;
    const rows = await this.sql.rows(query, [...meant.flatMap(([, ...params]) => params), limit]);
    return rows.map(recordFrom);
  }

  /** Filled up to one of the sizes with the last record, which stays as it is when it comes again. */
  private insert(records: readonly AuditRecord[]): Statement {
    const size = SIZES.find((one) => one >= records.length)!;
    const filled = Array.from({ length: size }, (_, n) => records[n] ?? records.at(-1)!);
    return {
      text: `INSERT INTO ${this.tables.audit} (${COLUMNS}) VALUES ${filled.map(() => ROW).join(', ')} ON CONFLICT DO NOTHING`,
      params: filled.flatMap(valuesOf),
    };
  }
}

function valuesOf(record: AuditRecord): readonly unknown[] {
  const { id, at, kind, actor, target, ip, result, reason, requestId } = record;
  return [id, at, kind, actor, target, ip, result, reason, requestId];
}

function recordFrom(row: Row): AuditRecord {
  return {
    id: text(row['id']),
    at: date(row['at']),
    kind: text(row['kind']),
    actor: nullableText(row['actor']),
    target: nullableText(row['target']),
    ip: nullableText(row['ip']),
    result: text(row['result']) as AuditRecord['result'],
    reason: nullableText(row['reason']),
    requestId: nullableText(row['request_id']),
  };
}
