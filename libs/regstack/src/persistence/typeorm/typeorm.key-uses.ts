import {
  keyIdOf,
  type KeyUse,
  KeyUseRepository,
  type SealedPurpose,
  type SealedText,
  type StoredPurpose,
} from '../../ports/key-use.repository';
import type { Keyset } from '../../ports/keyset';
import { nullableText, text } from './rows';
import type { Sql, Statement } from './sql';
import type { Tables } from './tables';

/** Messages that were not sent, state by state: so an index has them in their order, however many were. */
const WAITING = ['queued', 'dead'] as const;

export class TypeOrmKeyUseRepository extends KeyUseRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async count(purpose: StoredPurpose): Promise<readonly KeyUse[]> {
    const query = `SELECT kid, count(*) AS uses FROM (${this.keyIds(purpose)}) AS stored GROUP BY kid`;
    const rows = await this.sql.rows(query);
    return rows.map((row) => ({ keyId: nullableText(row['kid']), rows: Number(row['uses']) }));
  }

  override async findSealed(
    purpose: SealedPurpose,
    keyId: string,
    page: Keyset,
  ): Promise<readonly SealedText[]> {
    const { text: query, params } =
      purpose === 'totp' ? this.secretsUnder(keyId, page) : this.messagesUnder(keyId, page);
    return (await this.sql.rows(query, params)).map((row) => ({
      id: text(row['id']),
      text: text(row['sealed']),
    }));
  }

  override async reseal(purpose: SealedPurpose, id: string, from: string, to: string): Promise<boolean> {
    const { users, outbox } = this.tables;
    const row =
      purpose === 'totp'
        ? await this.sql.first(
            `UPDATE ${users} SET totp_secret = ?, totp_kid = ? WHERE id = ? AND totp_secret = ? RETURNING id`,
            [to, keyIdOf(to), id, from],
          )
        : await this.sql.first(
            `UPDATE ${outbox} SET sealed_body = ? WHERE id = ? AND sealed_body = ? RETURNING id`,
            [to, id, from],
          );
    return row !== null;
  }

  private keyIds(purpose: StoredPurpose): string {
    const { users, outbox } = this.tables;
    if (purpose === 'totp') return `SELECT totp_kid AS kid FROM ${users} WHERE totp_kid IS NOT NULL`;
    if (purpose === 'recovery-code')
      return `SELECT recovery_kid AS kid FROM ${users} WHERE recovery_codes <> ''`;
    const kid = `substr(sealed_body, 1, ${this.sql.dialect.position}(sealed_body, '.') - 1)`;
    return WAITING.map((state) => `SELECT ${kid} AS kid FROM ${outbox} WHERE state = '${state}'`).join(
      ' UNION ALL ',
    );
  }

  private secretsUnder(keyId: string, page: Keyset): Statement {
    const behind = behindOf(page);
    return {
      text: `SELECT id, totp_secret AS sealed FROM ${this.tables.users} WHERE totp_kid = ?${behind.text} ORDER BY id DESC LIMIT ?`,
      params: [keyId, ...behind.params, page.limit],
    };
  }

  private messagesUnder(keyId: string, page: Keyset): Statement {
    const behind = behindOf(page);
    const some = WAITING.map(
      (
        state,
      ) => `SELECT id, sealed FROM (SELECT id, sealed_body AS sealed FROM ${this.tables.outbox} WHERE state = '${state}'
        AND ${this.sql.dialect.position}(sealed_body, ?) = 1${behind.text} ORDER BY id DESC LIMIT ?) AS ${state}`,
    );
    const params = WAITING.flatMap(() => [`${keyId}.`, ...behind.params, page.limit]);
    return {
      text: `${some.join(' UNION ALL ')} ORDER BY id DESC LIMIT ?`,
      params: [...params, page.limit],
    };
  }
}

function behindOf({ before }: Keyset): Statement {
  return before === null ? { text: '', params: [] } : { text: ' AND id < ?', params: [before] };
}
