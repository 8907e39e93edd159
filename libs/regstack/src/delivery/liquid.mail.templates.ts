import { Injectable } from '@nestjs/common';
import { Liquid } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { packageFile } from '../kernel/package-file';
import { type MailKind, MailTemplates, type MailValues } from '../ports/mail.templates';
import type { MailContent } from '../ports/mailer';

/**
 * Mails from Liquid files, three for each: `mail/<kind>.subject`, `.text`, `.html`. A host's directory of `extra_template_dirs`
 * is looked at first. Values are escaped in HTML.
 */
@Injectable()
export class LiquidMailTemplates extends MailTemplates {
  private readonly html: Liquid;
  private readonly plain: Liquid;

  constructor(private readonly config: RegStackConfig) {
    super();
    const root = [...config.extraTemplateDirs, packageFile('src/delivery/templates')];
    const shared = { root, ownPropertyOnly: true, cache: true };
    this.html = new Liquid({ ...shared, outputEscape: 'escape' });
    this.plain = new Liquid(shared);
  }

  override async render<K extends MailKind>(kind: K, values: MailValues[K]): Promise<MailContent> {
    const scope = { ...values, app_name: this.config.appName };
    const part = async (engine: Liquid, name: string): Promise<string> =>
      (await engine.renderFile(`mail/${kind}.${name}.liquid`, scope)) as string;
    const [subject, text, html] = await Promise.all([
      part(this.plain, 'subject'),
      part(this.plain, 'text'),
      part(this.html, 'html'),
    ]);
    // One line, whatever a template or a name holds: a line break would start another header (R39).
    return { subject: subject.replace(/\s+/g, ' ').trim(), text, html };
  }
}
