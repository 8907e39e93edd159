import type { InjectionToken } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';

/**
 * Injection token of the host's Mongoose connection of this name; `default` is the one that was registered without a name, as with
 * TypeORM. Loaded only when a host passes `connection: { mongoose }`.
 */
export function hostConnectionToken(name: string): InjectionToken {
  return name === 'default' ? getConnectionToken() : getConnectionToken(name);
}
