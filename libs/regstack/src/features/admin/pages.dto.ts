import { IsIn, IsOptional } from 'class-validator';
import { Whole } from '../../http/list.decorators';
import { asQuery } from '../../http/query';
import { Text } from '../../http/text.decorator';
import { MESSAGE_STATES, type MessageState } from '../../kernel/message-state';

/** Query of a list that is read page by page. */
export class PageQuery {
  /** `next_cursor` of the page before. */
  @IsOptional() @Text({ max: 200 }) cursor?: string;
  @IsOptional() @Whole({ min: 1, max: 200 }) limit?: string;
}

/** The page that a query asks for. */
export function pageIn({ cursor, limit = '50' }: PageQuery) {
  return { cursor, limit: Number(limit) };
}

/** Query of `GET /admin/audit`. */
export class AuditQueryRequest extends PageQuery {
  @IsOptional() @Text({ max: 64 }) kind?: string;
  /** Who did it, or to whom it was done. */
  @IsOptional() @Text({ max: 64 }) user_id?: string;
}

/** Which records a query asks for. */
export function recordsIn({ kind, user_id: userId }: AuditQueryRequest) {
  return { kind: kind ?? null, userId: userId ?? null };
}

/** Query of `GET /admin/outbox`. */
export class OutboxQueryRequest extends PageQuery {
  @IsOptional() @IsIn(MESSAGE_STATES, { message: 'must be queued, sent or dead' }) state?: MessageState;
}

/** Queries of this page, of the first one and of the next one of the list that a form in a query has asked for; null where there is none. */
export function pagerOf(typed: Readonly<Record<string, string>>, next: string | null) {
  // `skip` counts from the beginning, and a cursor is somewhere else.
  const kept = Object.entries(typed).filter(([name]) => name !== 'cursor' && name !== 'skip');
  const filter = Object.fromEntries(kept);
  return {
    here: asQuery(typed),
    first: 'cursor' in typed ? asQuery(filter) : null,
    next: next === null ? null : asQuery({ ...filter, cursor: next }),
  };
}
