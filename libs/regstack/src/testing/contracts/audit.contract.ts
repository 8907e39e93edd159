import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { AuditQuery, AuditRecord } from '../../ports/audit.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf } from './contract';
import { aRecord, at, T0 } from './samples';

/** Everything that is kept about this, newest first. */
async function listed({ audit }: Store, query: Partial<AuditQuery> = {}): Promise<AuditRecord[]> {
  return Array.from(await audit.list({ kind: null, names: null, ...query }, { before: null, limit: 100 }));
}

/** What every `AuditRepository` keeps. */
export const auditContract: readonly ContractCase[] = [
  {
    name: 'a record is read back as it was stored, with everything or with as little as it may have',
    async run(store) {
      const whole: AuditRecord = {
        id: newId(at(1)),
        at: at(1.007),
        kind: 'account.changed',
        actor: newId(T0),
        target: newId(T0),
        ip: '2001:db8::7',
        result: 'success',
        reason: `it's "a" reason, 100 % \\ $1`,
        requestId: 'request-1',
      };
      const bare = aRecord();
      await store.audit.append([whole, bare]);
      assert.deepEqual(await listed(store), [whole, bare]);
    },
  },
  {
    name: 'records are listed by descending id, whatever the order they came in, page by page',
    async run(store) {
      const records = [4, 0, 2, 3, 1].map((seconds) =>
        aRecord({ id: newId(at(seconds)), at: at(9 - seconds) }),
      );
      await store.audit.append(records.slice(0, 2));
      await store.audit.append(records.slice(2));
      const ids = idsOf(records).toSorted().toReversed();
      assert.deepEqual(idsOf(await listed(store)), ids);
      const page = async (before: string | null, limit: number) =>
        idsOf(await store.audit.list({ kind: null, names: null }, { before, limit }));
      assert.deepEqual(await page(null, 2), ids.slice(0, 2));
      assert.deepEqual(await page(ids[1]!, 2), ids.slice(2, 4));
      assert.deepEqual(await page(ids[3]!, 2), ids.slice(4));
      assert.deepEqual(await page(ids[4]!, 2), []);
    },
  },
  {
    name: 'records are found by their kind, by who did it or had it done to them, and by both',
    async run(store) {
      const [one, two] = [newId(T0), newId(T0)];
      const fields = [
        { kind: 'login.failed', target: one },
        { kind: 'login.succeeded', actor: one, target: one },
        { kind: 'login.failed', actor: two, target: one },
        { kind: 'login.failed', actor: one, target: two },
        { kind: 'login.failed', actor: two },
        { kind: 'login', actor: two },
        { kind: 'login.failed' },
      ];
      const records = fields.map((changes, n) => aRecord({ id: newId(at(n)), ...changes }));
      await store.audit.append(records);
      const numbers = async (query: Partial<AuditQuery>) =>
        (await listed(store, query)).map(({ id }) => records.findIndex((record) => record.id === id));
      assert.deepEqual(await numbers({ kind: 'login.failed' }), [6, 4, 3, 2, 0]);
      assert.deepEqual(await numbers({ kind: 'login' }), [5]);
      assert.deepEqual(await numbers({ names: [one] }), [3, 2, 1, 0]);
      assert.deepEqual(await numbers({ names: [two] }), [5, 4, 3, 2]);
      assert.deepEqual(await numbers({ kind: 'login.failed', names: [two] }), [4, 3, 2]);
      assert.deepEqual(await numbers({ kind: 'unknown' }), []);
      assert.deepEqual(await numbers({ names: [newId(T0)] }), []);
      const query = { kind: 'login.failed', names: [one] };
      const page = await store.audit.list(query, { before: records[3]!.id, limit: 1 });
      assert.deepEqual(idsOf(page), [records[2]!.id]);
    },
  },
  {
    name: 'a batch that comes twice is stored once, also at the same time; what is there stays as it is',
    async run(store) {
      const batch = [0, 1, 2].map((seconds) => aRecord({ id: newId(at(seconds)) }));
      await Promise.all([store.audit.append(batch), store.audit.append(batch)]);
      const later = aRecord({ id: newId(at(3)) });
      const again = batch.map((record) => ({ ...record, kind: 'other', reason: 'other' }));
      await store.audit.append([...again, later]);
      assert.deepEqual(await listed(store), [later, ...batch.toReversed()]);
    },
  },
  {
    name: 'a batch of hundreds is stored whole, and one of none stores nothing',
    async run(store) {
      await store.audit.append([]);
      assert.deepEqual(await listed(store), []);
      const batch = Array.from({ length: 500 }, () => aRecord());
      await store.audit.append(batch);
      const all = await store.audit.list({ kind: null, names: null }, { before: null, limit: 1000 });
      assert.deepEqual(idsOf(all), idsOf(batch).toSorted().toReversed());
    },
  },
];
