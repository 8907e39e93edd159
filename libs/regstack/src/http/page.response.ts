import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { BrowserPaths } from '../services/browser-paths';
import { pageHeaders } from '../ui/page-headers';
import { setHeaders } from './set-headers';

/** A page that cannot fail, for when another did. */
const PLAIN = '<!doctype html><title>Error</title><p>Something went wrong on our side.</p>';

/** A page as it leaves. */
export interface SentPage {
  readonly html: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends pages and redirects through the HTTP adapter of the host, with the headers that keep them safe. */
@Injectable()
export class PageResponse {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    config: RegStackConfig,
    private readonly adapterHost: HttpAdapterHost,
    private readonly paths: BrowserPaths,
  ) {
    this.headers = pageHeaders(config);
  }

  /** True when the response has left already. */
  wasSent(response: unknown): boolean {
    return Boolean(this.adapterHost.httpAdapter.isHeadersSent(response));
  }

  /** Answers with a page. */
  send(response: unknown, { html, status, headers = {} }: SentPage): void {
    const type = { 'content-type': 'text/html; charset=utf-8' };
    setHeaders(this.adapterHost, response, { ...headers, ...this.headers, ...type });
    this.adapterHost.httpAdapter.reply(response, html, status);
  }

  /** Answers with a page that needs nothing of what has failed. */
  sendPlain(response: unknown, status: number): void {
    this.send(response, { html: PLAIN, status });
  }

  /**
   * 303 See Other (RFC 9110 section 15.4.4) to a page of ours: after a form, and away from a URL that carries a token.
   * @param page path and query below `ui_prefix`
   */
  redirect(response: unknown, page: string): void {
    const [path, query] = page.split('?');
    this.leave(response, this.paths.page(`/${path}`) + (query === undefined ? '' : `?${query}`));
  }

  /** The same to any page of this origin: a path as the browser sees it. */
  leave(response: unknown, location: string): void {
    setHeaders(this.adapterHost, response, this.headers);
    this.adapterHost.httpAdapter.redirect(response, 303, location);
  }
}
