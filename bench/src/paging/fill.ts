import type { INestApplicationContext } from '@nestjs/common';

/** What is asked of a DataSource of TypeORM, and of a Connection of Mongoose. */
interface Sql {
  readonly options: { readonly type: string };
  query(text: string): Promise<unknown>;
}
interface Documents {
  collection(name: string): { insertMany(documents: readonly object[]): Promise<unknown> };
}

const BATCH = 5000;

/** The id of the n-th user: the later, the greater. */
export const idOf = (n: number): string =>
  `01a00000-${hex(n, 4, 8)}-7${hex(n, 0, 3)}-8000-${n.toString(16).padStart(12, '0')}`;

const hex = (n: number, from: number, to: number): string => n.toString(16).padStart(12, '0').slice(from, to);

/** Stores that many users, a batch at a time: one by one would take hours. */
export async function fillUsers(app: INestApplicationContext, prefix: string, count: number): Promise<void> {
  const sql = app.get<Sql | null>('regstackDataSource');
  const documents = app.get<Documents | null>('regstackConnection');
  for (let begin = 1; begin <= count; begin += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - begin + 1) }, (_, n) => begin + n);
    if (sql) await insertRows(sql, prefix, numbers);
    else await documents!.collection(`${prefix}users`).insertMany(numbers.map(documentOf));
  }
  if (sql) await sql.query(sql.options.type === 'postgres' ? `ANALYZE "${prefix}users"` : 'ANALYZE');
}

async function insertRows(sql: Sql, prefix: string, numbers: readonly number[]): Promise<void> {
  const isPostgres = sql.options.type === 'postgres';
  const now = isPostgres ? 'now()' : String(Date.now());
  const rows = numbers.map((n) => {
    const { email, full_name } = personOf(n);
    return `('${idOf(n)}', '${email}', '${full_name}', true, true, false, false, '{}', 0, ${now})`;
  });
  const columns =
    'id, email, full_name, is_active, is_verified, is_superuser, is_mfa_enabled, attributes, auth_epoch, created_at';
  await sql.query(`INSERT INTO "${prefix}users" (${columns}) VALUES ${rows.join(', ')}`);
}

const personOf = (n: number) => ({ email: `user${n}@example.org`, full_name: `Person ${n}` });

function documentOf(n: number): object {
  const { email, full_name } = personOf(n);
  return {
    _id: idOf(n),
    email,
    claims: [email],
    full_name,
    password_hash: null,
    is_active: true,
    is_verified: true,
    is_superuser: false,
    phone_number: null,
    is_mfa_enabled: false,
    attributes: {},
    roles: [],
    auth_epoch: 0,
    created_at: new Date(),
    last_login: null,
    intents: [],
  };
}
