import { type AuditQuery, type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import type { Keyset } from '../../ports/keyset';
import type { Mongo } from './mongo';
import { isOnlyDuplicates } from './mongo.errors';
import { behind, NEWEST_FIRST } from './pages';
import { plain } from './plain';
import { auditDocument, auditFrom } from './records';

/** Each of them a text: an object in its place would act as an operator. */
const texts = (names: readonly string[]): string[] => names.map((name) => plain({ name }).name);

export class MongooseAuditRepository extends AuditRepository {
  constructor(private readonly mongo: Mongo) {
    super();
  }

  /** Not in order: one that is there already holds up none behind it. */
  override async append(records: readonly AuditRecord[]): Promise<void> {
    if (records.length === 0) return;
    const documents = records.map(auditDocument);
    try {
      await this.mongo.run(({ audit }) => audit.insertMany(documents, { ordered: false }));
    } catch (error) {
      if (!isOnlyDuplicates(error)) throw error;
    }
  }

  override async list({ kind, names }: AuditQuery, page: Keyset): Promise<readonly AuditRecord[]> {
    const query = {
      ...(kind !== null && plain({ kind })),
      ...(names !== null && { $or: [{ actor: { $in: texts(names) } }, { target: { $in: texts(names) } }] }),
      ...behind(page),
    };
    const options = { sort: NEWEST_FIRST, limit: page.limit };
    const found = await this.mongo.run(({ audit }) => audit.find(query, options).toArray());
    return found.map(auditFrom);
  }

  /** Removes at most `limit` records of before that instant; answers how many. */
  async purge(limit: number, before: Date): Promise<number> {
    const found = await this.mongo.run(({ audit }) =>
      audit.find({ at: { $lt: before } }, { projection: { _id: 1 }, limit }).toArray(),
    );
    if (found.length === 0) return 0;
    const $in = found.map(({ _id }) => _id);
    const { deletedCount } = await this.mongo.run(({ audit }) => audit.deleteMany({ _id: { $in } }));
    return deletedCount;
  }
}
