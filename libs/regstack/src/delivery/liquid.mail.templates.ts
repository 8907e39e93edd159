import { Injectable } from '@nestjs/common';
import type { Liquid, Template } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { oneLine } from '../kernel/text';
import { MAIL_KINDS, type MailKind, MailTemplates, type MailValues } from '../ports/mail.templates';
import type { MailContent } from '../ports/mailer';
import { mailSamples } from './message.samples';
import { readTemplate, templateEngine } from './template-engine';

const PARTS = ['subject', 'text', 'html'] as const;

/**
 * Mails from Liquid files, three for each: `mail/<kind>.subject`, `.text`, `.html`. A host's directory of `extra_template_dirs`
 * is looked at first. Values are escaped in HTML. Files are read, and tried, at boot.
 */
@Injectable()
export class LiquidMailTemplates extends MailTemplates {
  private readonly html: Liquid;
  private readonly plain: Liquid;
  private readonly templates = new Map<string, Template[]>();

  /** @throws BootError when a template, the host's perhaps, cannot be read */
  constructor(config: RegStackConfig) {
    super();
    this.html = templateEngine(config, { outputEscape: 'escape' });
    this.plain = templateEngine(config);
    const samples = mailSamples(config);
    for (const kind of MAIL_KINDS) {
      const scopes = samples[kind].map((values) => ({ ...values, subject: kind }));
      for (const part of PARTS) {
        const template = readTemplate(this.engineOf(part), `mail/${kind}.${part}.liquid`, scopes);
        this.templates.set(`${kind}.${part}`, template);
      }
    }
  }

  override async render<K extends MailKind>(kind: K, values: MailValues[K]): Promise<MailContent> {
    // One line, whatever a template holds: a line break would start another header (R39).
    const subject = oneLine(await this.part(kind, 'subject', values));
    const scope = { ...values, subject };
    const [text, html] = await Promise.all([this.part(kind, 'text', scope), this.part(kind, 'html', scope)]);
    return { subject, text, html };
  }

  private async part(kind: MailKind, part: (typeof PARTS)[number], scope: object): Promise<string> {
    return (await this.engineOf(part).render(this.templates.get(`${kind}.${part}`)!, scope)) as string;
  }

  private engineOf(part: (typeof PARTS)[number]): Liquid {
    return part === 'html' ? this.html : this.plain;
  }
}
