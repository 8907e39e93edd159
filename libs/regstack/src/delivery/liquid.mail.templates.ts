import { Injectable } from '@nestjs/common';
import { Liquid, type Template } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { packageFile } from '../kernel/package-file';
import { MAIL_KINDS, type MailKind, MailTemplates, type MailValues } from '../ports/mail.templates';
import type { MailContent } from '../ports/mailer';

const PARTS = ['subject', 'text', 'html'] as const;

/**
 * Mails from Liquid files, three for each: `mail/<kind>.subject`, `.text`, `.html`. A host's directory of `extra_template_dirs`
 * is looked at first. Values are escaped in HTML. Files are read at boot.
 */
@Injectable()
export class LiquidMailTemplates extends MailTemplates {
  private readonly html: Liquid;
  private readonly plain: Liquid;
  private readonly templates = new Map<string, Template[]>();

  /** @throws Error when a template, the host's perhaps, cannot be parsed */
  constructor(private readonly config: RegStackConfig) {
    super();
    const root = [...config.extraTemplateDirs, packageFile('src/delivery/templates')];
    const shared = { root, ownPropertyOnly: true, cache: true };
    this.html = new Liquid({ ...shared, outputEscape: 'escape' });
    this.plain = new Liquid(shared);
    for (const kind of MAIL_KINDS) {
      for (const part of PARTS) {
        const name = `mail/${kind}.${part}.liquid`;
        this.templates.set(`${kind}.${part}`, this.engineOf(part).parseFileSync(name));
      }
    }
  }

  override async render<K extends MailKind>(kind: K, values: MailValues[K]): Promise<MailContent> {
    const scope = { ...values, app_name: this.config.appName };
    const [subject, text, html] = await Promise.all(
      PARTS.map(
        async (part) =>
          (await this.engineOf(part).render(this.templates.get(`${kind}.${part}`)!, scope)) as string,
      ),
    );
    // One line, whatever a template or a name holds: a line break would start another header (R39).
    return { subject: subject!.replace(/\s+/g, ' ').trim(), text: text!, html: html! };
  }

  private engineOf(part: (typeof PARTS)[number]): Liquid {
    return part === 'html' ? this.html : this.plain;
  }
}
