import { Controller, Get, Redirect } from '@nestjs/common';
import { RegStackConfig } from '@regstack/nestjs';

/** The demo has no page of its own: its first one is the account of who is signed in, and before that the sign-in. */
@Controller()
export class HomeController {
  constructor(private readonly config: RegStackConfig) {}

  @Get()
  @Redirect()
  home() {
    return { url: `${this.config.uiPrefix}/me`, statusCode: 302 };
  }
}
