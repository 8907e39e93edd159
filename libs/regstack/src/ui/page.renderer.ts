import { readdirSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Liquid, type Template } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { BootError } from '../kernel/boot.error';
import { packageFile } from '../kernel/package-file';
import { moment, duration } from './formats';
import { LANGUAGE, Messages, type TextValues } from './messages';

const UI = packageFile('src/ui');
const VIEWS = `${UI}/views`;

/** The pages there are: names below the views directory. */
const PAGES = [
  'error',
  'locked',
  'account/me',
  'admin/users',
  'admin/user',
  'admin/registrations',
  'admin/audit',
  'admin/outbox',
  'login/login',
  'registration/register',
  'registration/check-mail',
  'login/second-step',
  'mfa/enrol',
  'mfa/totp-start',
  'mfa/totp-confirm',
  'mfa/phone-start',
  'mfa/phone-confirm',
  'mfa/remove',
  'mfa/new-codes',
  'mfa/recovery-codes',
  'sessions/sessions',
  'registration/verify',
  'registration/verified',
  'password/forgot',
  'password/reauthenticate',
  'password/reset',
  'password/reset-done',
  'email-change/confirm',
  'email-change/confirmed',
  'email-change/undo',
  'email-change/undone',
] as const;

/** Name of a page. */
export type PageName = (typeof PAGES)[number];

/** What a page shows, by name. */
export type PageValues = Readonly<Record<string, unknown>>;

/**
 * Renders pages from Liquid views: a host's directory first, then ours. Everything shown is escaped. All views, and the parts that they are
 * made of, are read at boot. `views/…` names one of ours whatever the host has, for a view of the host that replaces one block of it.
 */
@Injectable()
export class PageRenderer {
  /** The texts of the pages. */
  readonly messages: Messages;
  private readonly liquid: Liquid;
  private readonly views: ReadonlyMap<string, Template[]>;

  /** @throws BootError when a view, the host's perhaps, cannot be parsed */
  constructor(private readonly config: RegStackConfig) {
    this.messages = new Messages([...config.extraTemplateDirs, UI]);
    this.liquid = new Liquid({
      // In the first only `views/…` is a template: one of ours, whatever the host has.
      root: [UI, ...config.extraTemplateDirs, VIEWS],
      extname: '.liquid',
      outputEscape: 'escape',
      ownPropertyOnly: true,
      cache: true,
      // For parts, which see nothing else of their page.
      globals: { password_min_length: config.passwordMinLength },
    });
    this.registerFilters();
    const names = new Set([...PAGES, ...[VIEWS, ...config.extraTemplateDirs].flatMap(viewsIn)]);
    this.views = new Map([...names].map((name) => [name, this.parse(name)]));
  }

  /** The HTML of a page. */
  async render(name: PageName, values: PageValues): Promise<string> {
    const { appName, brandLogoUrl, brandTagline, themeCssUrl } = this.config;
    const brand = { app_name: appName, logo: brandLogoUrl, tagline: brandTagline, theme_css: themeCssUrl };
    const scope = { ...values, ...brand, view: name, lang: LANGUAGE };
    return (await this.liquid.render(this.views.get(name)!, scope)) as string;
  }

  private parse(name: string): Template[] {
    try {
      return this.liquid.parseFileSync(name);
    } catch (error) {
      throw new BootError(`a template cannot be read: ${(error as Error).message}`);
    }
  }

  /** `{{ 'login.title' | t: name: value }}`, `{{ seconds | duration }}`, `{{ date | moment }}`. */
  private registerFilters(): void {
    const text = (key: string, ...values: readonly [string, string | number][]): string =>
      this.messages.get(key, Object.fromEntries(values) as TextValues);
    this.liquid.registerFilter('t', text);
    this.liquid.registerFilter('done_text', (key: unknown) => this.messages.find(`done.${String(key)}`));
    this.liquid.registerFilter('field_text', (name: unknown) => this.messages.find(`fields.${String(name)}`));
    this.liquid.registerFilter('duration', duration);
    // Of a date nothing needs to be escaped.
    this.liquid.registerFilter('moment', { handler: moment, raw: true });
  }
}

/** Names of all views below a directory. Those of mails have a point in theirs. */
function viewsIn(directory: string): readonly string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap((file) => /^([^.]+)\.liquid$/.exec(file)?.[1] ?? []);
}
