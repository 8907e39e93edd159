import type { InjectionToken } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';

/** Injection token of the host's DataSource of this name. Loaded only when a host passes `connection: { typeorm }`. */
export function hostDataSourceToken(name: string): InjectionToken {
  return getDataSourceToken(name);
}
