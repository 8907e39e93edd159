import { Injectable } from '@nestjs/common';
import type { Liquid, Template } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { type CodeValues, SMS_KINDS, type SmsKind, SmsTemplates } from '../ports/sms.templates';
import { CODE_SAMPLE } from './message.samples';
import { readTemplate, templateEngine } from './template-engine';

/** Text messages from Liquid files, `sms/<kind>`. A host's directory of `extra_template_dirs` is looked at first. Files are read, and tried, at boot. */
@Injectable()
export class LiquidSmsTemplates extends SmsTemplates {
  private readonly engine: Liquid;
  private readonly templates: ReadonlyMap<SmsKind, Template[]>;

  /** @throws BootError when a template, the host's perhaps, cannot be read */
  constructor(config: RegStackConfig) {
    super();
    this.engine = templateEngine(config);
    const read = (kind: SmsKind) =>
      [kind, readTemplate(this.engine, `sms/${kind}.liquid`, [CODE_SAMPLE])] as const;
    this.templates = new Map(SMS_KINDS.map(read));
  }

  override async render(kind: SmsKind, values: CodeValues): Promise<string> {
    return ((await this.engine.render(this.templates.get(kind)!, values)) as string).trim();
  }
}
