import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { BrowserPaths } from './browser-paths';

/** Builds every link that is mailed: from `base_url` and our own settings, never from a request's headers (R33). */
@Injectable()
export class LinkBuilder {
  constructor(
    private readonly config: RegStackConfig,
    private readonly paths: BrowserPaths,
  ) {}

  /** Link that proves an address: of an attempt to register, of several, of an account. */
  verify(token: string): string {
    return this.link(this.config.verifyUrlTemplate, '/verify', token);
  }

  /** Link that sets a new password. */
  reset(token: string): string {
    return this.link(this.config.passwordResetUrlTemplate, '/reset', token);
  }

  /** Link that proves a new address. */
  confirmEmailChange(token: string): string {
    return this.link(this.config.emailChangeUrlTemplate, '/confirm-email-change', token);
  }

  /** Link that takes a change of address back. */
  undoEmailChange(token: string): string {
    return this.link(this.config.emailChangeUndoUrlTemplate, '/undo-email-change', token);
  }

  private link(template: string | null, page: string, token: string): string {
    return template?.replaceAll('{token}', token) ?? `${this.page(page)}?token=${token}`;
  }

  private page(path: string): string {
    return new URL(this.config.baseUrl).origin + this.paths.page(path);
  }
}
