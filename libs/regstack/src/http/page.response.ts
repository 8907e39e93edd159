import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LinkBuilder } from '../services/link.builder';
import type { Page } from '../ui/page.renderer';
import { setHeaders } from './set-headers';

/** Sends pages and redirects through the HTTP adapter of the host. */
@Injectable()
export class PageResponse {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly links: LinkBuilder,
  ) {}

  /** True when the response has left already. */
  wasSent(response: unknown): boolean {
    return Boolean(this.adapterHost.httpAdapter.isHeadersSent(response));
  }

  /** Answers with a page. */
  send(response: unknown, page: Page, cookie?: string): void {
    this.prepare(response, page.headers, cookie);
    this.adapterHost.httpAdapter.reply(response, page.html, page.status);
  }

  /**
   * 303 See Other (RFC 9110 section 15.4.4) to a page of ours: after a form, and away from a URL that carries a token.
   * @param page path and query below `ui_prefix`
   */
  redirect(response: unknown, page: string, cookie?: string): void {
    const [path, query] = page.split('?');
    const location = this.links.pagePath(`/${path}`) + (query === undefined ? '' : `?${query}`);
    this.prepare(response, { 'referrer-policy': 'same-origin', 'cache-control': 'no-store' }, cookie);
    this.adapterHost.httpAdapter.redirect(response, 303, location);
  }

  /** The cookie goes beside whatever cookies the host has set. */
  private prepare(response: unknown, headers: Readonly<Record<string, string>>, cookie?: string): void {
    setHeaders(this.adapterHost, response, headers);
    if (cookie !== undefined) this.adapterHost.httpAdapter.appendHeader(response, 'set-cookie', cookie);
  }
}
