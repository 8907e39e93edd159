import type { INestApplicationContext, Type } from '@nestjs/common';
import { Refusal } from '../refusal';

/**
 * A service of the feature `admin`, whose routes need not be on.
 * @throws Refusal where the app leaves the feature out
 */
export function adminService<T>(app: INestApplicationContext, service: Type<T>): T {
  try {
    return app.get(service);
  } catch {
    throw new Refusal(
      'this app leaves out the feature admin, which this command needs: take it out of leaveOut (its routes stay off with enable_admin_router = false)',
    );
  }
}
