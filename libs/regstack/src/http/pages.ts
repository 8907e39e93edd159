import { Injectable } from '@nestjs/common';
import { BrowserPaths } from '../services/browser-paths';
import { type PageName, PageRenderer, type PageValues } from '../ui/page.renderer';
import { StaticFiles } from '../ui/static-files';
import { type Answered, callerOf } from './exchange';
import { FormTokens } from './form-tokens';
import { NextPage } from './next-page';
import { PageOffer } from './page-offer';
import { PageResponse } from './page.response';
import { queryOf } from './query';

/** How a page is sent, where it is not as usual. */
export interface PageOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Shows pages, with what all of them need: who is signed in, where the others are, the token of their forms. */
@Injectable()
export class Pages {
  constructor(
    private readonly renderer: PageRenderer,
    private readonly response: PageResponse,
    private readonly paths: BrowserPaths,
    private readonly files: StaticFiles,
    private readonly offer: PageOffer,
    private readonly forms: FormTokens,
    private readonly next: NextPage,
  ) {}

  /** Answers with a page. */
  async show(
    exchange: Answered,
    view: PageName,
    values: PageValues = {},
    { status = 200, headers = {} }: PageOptions = {},
  ): Promise<void> {
    const scope = { ...this.frame(exchange), ...values };
    const html = await this.renderer.render(view, scope);
    this.response.send(exchange.response, { html, status, headers });
  }

  /** Goes to another page of ours: `me?done=profile`. */
  redirect({ response }: Answered, page: string): void {
    this.response.redirect(response, page);
  }

  /** Goes to where the request says, or to the user's own page. */
  leave(exchange: Answered): void {
    this.response.leave(exchange.response, this.onward(exchange));
  }

  /** The path that {@link leave} goes to, for a page that has to be read before that. */
  onward(exchange: Answered): string {
    return this.next.in(exchange) ?? this.paths.page('/me');
  }

  /** The query that takes where the request leads along to the next page of ours, with what that is to say has been done. */
  nextQuery(exchange: Answered, done?: string): string {
    return this.next.query(this.next.in(exchange), done);
  }

  private frame(exchange: Answered): PageValues {
    const user = callerOf(exchange)?.user ?? null;
    let token: string | undefined;
    return {
      ui: this.paths.page(''),
      files: this.paths.file(''),
      version: this.files.version,
      can: this.offer.values(),
      user: user && { email: user.email, full_name: user.fullName, is_superuser: user.isSuperuser },
      // For views with a form: only they need the cookie that it is bound to.
      form_token: () => (token ??= this.forms.issue(exchange)),
      next_query: this.nextQuery(exchange),
      done: queryOf(exchange.request).get('done'),
    };
  }
}
