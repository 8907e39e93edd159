import { Get } from '@nestjs/common';
import { Public } from '../../http/access';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { RegStackHealth } from './health.service';

/** `GET /health/live`, `GET /health/ready`, for whatever starts and stops processes. They tell a stranger nothing but up or down. */
@RegStackController()
@Public()
export class HealthController {
  constructor(private readonly health: RegStackHealth) {}

  /** The process answers. */
  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  /** The process can serve accounts: 503 while the database does not answer. */
  @Get('health/ready')
  async ready() {
    await this.health.ping();
    return { status: 'ok' };
  }
}
