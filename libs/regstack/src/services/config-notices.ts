import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { warningsOf } from '../config/parse-config';
import { RegStackConfig } from '../config/regstack.config';

/** Tells at boot which settings say something in vain. */
@Injectable()
export class ConfigNotices implements OnModuleInit {
  private readonly logger = new Logger('RegStack');

  constructor(private readonly config: RegStackConfig) {}

  onModuleInit(): void {
    for (const { key, source, message } of warningsOf(this.config))
      this.logger.warn(`${key} (${source}): ${message}`);
  }
}
