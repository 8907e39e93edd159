import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RequireFresh, SwitchedBy } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { NoFields } from '../../http/no-fields.decorator';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { adminUserJson } from '../../http/user.json';
import type { By } from '../../kernel/origin';
import { AuditService } from './audit.service';
import { AuditQueryRequest, pageIn, PageQuery, recordsIn } from './pages.dto';
import { AdminRegistrationsService } from './registrations.service';

/** `GET /admin/audit`, `GET /admin/pending-registrations`, `POST /admin/pending-registrations/:id/promote`. */
@SwitchedBy('admin')
@RegStackController(RegStackAdminGuard)
export class AdminRecordsController {
  constructor(
    private readonly audit: AuditService,
    private readonly registrations: AdminRegistrationsService,
  ) {}

  @Get('admin/audit')
  async auditLog(@Query(shape(AuditQueryRequest)) query: Readonly<AuditQueryRequest>) {
    const { items: records, nextCursor } = await this.audit.list(recordsIn(query), pageIn(query));
    const items = records.map(({ at, requestId, ...record }) => ({
      ...record,
      time: at.toISOString(),
      request_id: requestId,
    }));
    return { items, next_cursor: nextCursor };
  }

  @Get('admin/pending-registrations')
  async pending(@Query(shape(PageQuery)) query: Readonly<PageQuery>) {
    const { items: attempts, nextCursor } = await this.registrations.list(pageIn(query));
    const items = attempts.map(({ id, email, fullName, createdAt, expiresAt }) => ({
      id,
      email,
      full_name: fullName,
      created_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    }));
    return { items, next_cursor: nextCursor };
  }

  @RequireFresh()
  @NoFields()
  @Post('admin/pending-registrations/:id/promote')
  @HttpCode(200)
  async promote(@Param('id') id: string, @CurrentBy() by: By) {
    return adminUserJson(await this.registrations.promote(id, by));
  }
}
