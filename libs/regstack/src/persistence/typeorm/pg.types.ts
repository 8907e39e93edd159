import type { CustomTypesConfig } from 'pg';

type Parser = (value: string) => unknown;

/** By the type's OID (`pg_type.dat`). Our own, since a host may change those of `pg`, which are process-wide. */
const PARSERS: Readonly<Record<number, Parser>> = {
  16: (value) => value === 't',
  20: Number,
  23: Number,
  1184: instant,
  3802: (value) => JSON.parse(value) as unknown,
};

/** How columns are read: boolean, int8, int4, timestamptz and jsonb; everything else is text. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number) => PARSERS[oid] ?? String,
};

/** How a parameter is sent: an instant in UTC, whatever the time zone of the process. */
export function toParam(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

/** `2026-03-01 12:00:00.5+00`, offsets in hours or with minutes. */
function instant(value: string): Date {
  return new Date(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}
