import { IsOptional } from 'class-validator';
import { Whole } from '../../http/list.decorators';
import { Text } from '../../http/text.decorator';

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
