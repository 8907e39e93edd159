import { loadRegStackConfig, type RegStackConfig } from '@regstack/nestjs';
import type { AppOptions } from './app-options';

/**
 * The configuration as the app reads it from files and environment.
 * @throws ConfigError naming every problem
 */
export function loadAppConfig({ config }: AppOptions): RegStackConfig {
  const env = config === undefined ? process.env : { ...process.env, REGSTACK_CONFIG: config };
  return loadRegStackConfig({}, { env });
}
