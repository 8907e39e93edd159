import { Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RequireFresh } from '../../http/access';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { NoFields } from '../../http/no-fields.decorator';
import { From } from '../../http/origins';
import { RegStackController } from '../../http/regstack-controller.decorator';
import type { Origin } from '../../kernel/origin';
import { type OwnSession, OwnSessionsService, type OwnTrustedDevice } from './own-sessions.service';

/** `GET /sessions`, `DELETE /sessions/:id`, `POST /sessions/revoke-others`. */
@RegStackController()
export class SessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  @Get('sessions')
  async list(@CurrentSession() caller: Authentication) {
    const [sessions, devices] = await Promise.all([
      this.sessions.list(caller),
      this.sessions.trusted(caller),
    ]);
    const items = sessions.map(sessionJson);
    return devices ? { items, trusted_devices: devices.map(deviceJson) } : { items };
  }

  @RequireFresh()
  @NoFields()
  @Delete('sessions/:id')
  async end(@CurrentSession() caller: Authentication, @Param('id') id: string, @From() origin: Origin) {
    await this.sessions.end(caller, id, origin);
    return { message: 'The session is ended.' };
  }

  @RequireFresh()
  @NoFields()
  @Post('sessions/revoke-others')
  @HttpCode(200)
  async endOthers(@CurrentSession() caller: Authentication, @From() origin: Origin) {
    await this.sessions.endOthers(caller, origin);
    return { message: 'Every other session is ended.' };
  }
}

function sessionJson({ id, createdAt, lastSeenAt, ip, userAgent, current }: OwnSession) {
  return {
    id,
    created_at: createdAt.toISOString(),
    last_seen_at: lastSeenAt.toISOString(),
    ip,
    user_agent: userAgent,
    current,
  };
}

function deviceJson({ id, createdAt, expiresAt, ip, userAgent, current }: OwnTrustedDevice) {
  return {
    id,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    ip,
    user_agent: userAgent,
    current,
  };
}
