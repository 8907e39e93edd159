import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { ownPath } from '../kernel/own-path';
import { BrowserPaths } from '../services/browser-paths';
import type { Exchange } from './exchange';
import { asQuery, queryOf, targetOf } from './query';
import { mayChangeSomething, ownOrigin } from './same-origin';

type Asked = Pick<Exchange, 'request'>;

/** Where a browser goes on after a sign-in: `?next=`, or a field of that name in its form, which leads nowhere but to this origin (W26, R67). */
@Injectable()
export class NextPage {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly paths: BrowserPaths,
  ) {
    this.origin = ownOrigin(config);
  }

  /** Where the request says to go on, or null where it says nothing that can be followed. */
  in({ request }: Asked): string | null {
    const next = queryOf(request).get('next') ?? fieldIn(request);
    return next === null ? null : ownPath(next, this.origin);
  }

  /**
   * The page that was asked for; for a form that was sent, the page that it was on. Without its query: what stands there, a password that
   * somebody has put into a URL perhaps, is not written into another one.
   */
  backTo({ request }: Asked): string {
    const page = mayChangeSomething(request) ? this.refererOf(request) : this.paths.asked(targetOf(request));
    const [path] = page?.split('?', 1) ?? [];
    return (path && ownPath(path, this.origin)) || this.paths.page('/me');
  }

  /**
   * The query of a page of ours, which goes on from there to the same place.
   * @param done what it is to say has been done
   */
  query(next: string | null, done?: string): string {
    const fields = { ...(done !== undefined && { done }), ...(next !== null && { next }) };
    return Object.keys(fields).length === 0 ? '' : asQuery(fields);
  }

  private refererOf({ headers }: Asked['request']): string | null {
    const url = URL.parse(headers.referer ?? '');
    return url?.origin === this.origin ? url.pathname : null;
  }
}

function fieldIn({ body }: { readonly body?: unknown }): string | null {
  const { next } = (body ?? {}) as { readonly next?: unknown };
  return typeof next === 'string' ? next : null;
}
