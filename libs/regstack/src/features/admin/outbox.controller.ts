import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RequireFresh, SwitchedBy } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { NoFields } from '../../http/no-fields.decorator';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import type { By } from '../../kernel/origin';
import { adminMessageJson } from './message.json';
import { AdminOutboxService } from './outbox.service';
import { OutboxQueryRequest, pageIn } from './pages.dto';

/** `GET /admin/outbox`, `POST /admin/outbox/:id/retry`. */
@SwitchedBy('admin')
@RegStackController(RegStackAdminGuard)
export class AdminOutboxController {
  constructor(private readonly outbox: AdminOutboxService) {}

  @Get('admin/outbox')
  async list(@Query(shape(OutboxQueryRequest)) query: Readonly<OutboxQueryRequest>) {
    const [counts, { items, nextCursor }] = await Promise.all([
      this.outbox.counts(),
      this.outbox.list(query.state ?? null, pageIn(query)),
    ]);
    return { items: items.map(adminMessageJson), counts, next_cursor: nextCursor };
  }

  @RequireFresh()
  @NoFields()
  @Post('admin/outbox/:id/retry')
  @HttpCode(200)
  async retry(@Param('id') id: string, @CurrentBy() by: By) {
    return adminMessageJson(await this.outbox.retry(id, by));
  }
}
