import {
  keyIdOf,
  type KeyUse,
  KeyUseRepository,
  type SealedPurpose,
  type SealedText,
  type StoredPurpose,
} from '../../ports/key-use.repository';
import type { Keyset } from '../../ports/keyset';
import { type MemoryTables, pageOf } from './memory.tables';

export class MemoryKeyUseRepository extends KeyUseRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async count(purpose: StoredPurpose): Promise<readonly KeyUse[]> {
    const rows = new Map<string | null, number>();
    for (const keyId of this.keyIds(purpose)) rows.set(keyId, (rows.get(keyId) ?? 0) + 1);
    return Array.from(rows, ([keyId, count]) => ({ keyId, rows: count }));
  }

  override async findSealed(
    purpose: SealedPurpose,
    keyId: string,
    page: Keyset,
  ): Promise<readonly SealedText[]> {
    return pageOf(
      this.sealed(purpose).filter(({ text }) => keyIdOf(text) === keyId),
      page,
    );
  }

  override async reseal(purpose: SealedPurpose, id: string, from: string, to: string): Promise<boolean> {
    const { users, outbox } = this.tables;
    if (!this.sealed(purpose).some((one) => one.id === id && one.text === from)) return false;
    if (purpose === 'outbox') outbox.set(id, { ...outbox.get(id)!, sealedBody: to });
    else {
      const user = users.get(id)!;
      users.set(id, { ...user, totp: { ...user.totp!, sealedSecret: to } });
    }
    return true;
  }

  private keyIds(purpose: StoredPurpose): readonly (string | null)[] {
    if (purpose !== 'recovery-code') return this.sealed(purpose).map(({ text }) => keyIdOf(text));
    const withCodes = [...this.tables.users.values()].filter(({ recoveryCodes }) => recoveryCodes.length > 0);
    return withCodes.map(({ recoveryKeyId }) => recoveryKeyId);
  }

  private sealed(purpose: SealedPurpose): readonly SealedText[] {
    const { users, outbox } = this.tables;
    if (purpose === 'totp')
      return [...users.values()].flatMap(({ id, totp }) => (totp ? [{ id, text: totp.sealedSecret }] : []));
    const waiting = [...outbox.values()].filter(({ state }) => state !== 'sent');
    return waiting.map(({ id, sealedBody: text }) => ({ id, text }));
  }
}
