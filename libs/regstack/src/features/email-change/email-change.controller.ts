import { Body, HttpCode, Post } from '@nestjs/common';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { From } from '../../http/origins';
import { Public } from '../../http/access';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { userJson } from '../../http/user.json';
import type { Origin } from '../../kernel/origin';
import { ChangeEmailRequest, EmailLinkRequest } from './email-change.dto';
import { EmailChangeService } from './email-change.service';
import { EmailConfirmationService } from './email-confirmation.service';
import { EmailUndoService } from './email-undo.service';

/** `POST /change-email`, `/confirm-email-change`, `/undo-email-change`. */
@RegStackController()
export class EmailChangeController {
  constructor(
    private readonly changes: EmailChangeService,
    private readonly confirmation: EmailConfirmationService,
    private readonly undoing: EmailUndoService,
  ) {}

  @Post('change-email')
  @HttpCode(202)
  async change(
    @CurrentSession() caller: Authentication,
    @Body(shape(ChangeEmailRequest)) body: Readonly<ChangeEmailRequest>,
    @From() origin: Origin,
  ) {
    await this.changes.request(caller, body.new_email, body.current_password, origin);
    return { message: 'A link is on its way to the new address. Your account moves there once it is used.' };
  }

  @Public()
  @Post('confirm-email-change')
  @HttpCode(200)
  async confirm(
    @Body(shape(EmailLinkRequest)) { token }: Readonly<EmailLinkRequest>,
    @From() origin: Origin,
  ) {
    return userJson(await this.confirmation.confirm(token, origin));
  }

  @Public()
  @Post('undo-email-change')
  @HttpCode(200)
  async undo(@Body(shape(EmailLinkRequest)) { token }: Readonly<EmailLinkRequest>, @From() origin: Origin) {
    return userJson(await this.undoing.undo(token, origin));
  }
}
