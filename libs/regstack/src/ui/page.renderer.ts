import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Liquid, type Template } from 'liquidjs';
import { RegStackConfig } from '../config/regstack.config';
import { packageFile } from '../kernel/package-file';

const VIEWS = packageFile('src/ui/views');

/** A rendered page with the headers that keep it safe. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The pages there are: names below the views directory. */
const PAGES = [
  'error',
  'registration/verify',
  'registration/verified',
  'password/reset',
  'password/reset-done',
  'email-change/confirm',
  'email-change/confirmed',
  'email-change/undo',
  'email-change/undone',
] as const;

/** Name of a page. */
export type PageName = (typeof PAGES)[number];

/** Renders pages from Liquid views: a host's directory first, then ours. Everything shown is escaped. Views are read at boot. */
@Injectable()
export class PageRenderer {
  private readonly liquid: Liquid;
  private readonly views: ReadonlyMap<string, Template[]>;
  private readonly style = readFileSync(join(VIEWS, 'page.css'), 'utf8');
  private readonly headers: Readonly<Record<string, string>>;

  /** @throws Error when a view, the host's perhaps, cannot be parsed */
  constructor(private readonly config: RegStackConfig) {
    this.liquid = new Liquid({
      root: [...config.extraTemplateDirs, VIEWS],
      extname: '.liquid',
      outputEscape: 'escape',
      ownPropertyOnly: true,
      cache: true,
    });
    this.views = new Map(PAGES.map((name) => [name, this.liquid.parseFileSync(name)]));
    this.headers = pageHeaders(this.style, config.baseUrl.startsWith('https:'));
  }

  async render(name: PageName, values: Readonly<Record<string, unknown>>, status = 200): Promise<Page> {
    const scope = { ...values, app_name: this.config.appName, style: this.style };
    const html = (await this.liquid.render(this.views.get(name)!, scope)) as string;
    return { status, html, headers: this.headers };
  }

  /** A page that cannot fail, for when another did. */
  plain(status: number): Page {
    return {
      status,
      html: '<!doctype html><title>Error</title><p>Something went wrong on our side.</p>',
      headers: this.headers,
    };
  }
}

/**
 * Headers of every page (ASVS 3.4): nothing loads but the one style sheet, known by its hash; nobody frames the page; the form
 * posts to us only. `same-origin` as referrer policy, because with `no-referrer` browsers send `Origin: null` on form posts.
 */
function pageHeaders(style: string, secure: boolean): Record<string, string> {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
