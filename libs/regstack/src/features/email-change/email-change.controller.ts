import { Body, HttpCode, Post } from '@nestjs/common';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { Device } from '../../http/device.decorator';
import { Public } from '../../http/public.decorator';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { userJson } from '../../http/user.json';
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
  ) {
    await this.changes.request(caller, body.new_email, body.current_password);
    return { message: 'A link is on its way to the new address. Your account moves there once it is used.' };
  }

  @Public()
  @Post('confirm-email-change')
  @HttpCode(200)
  async confirm(
    @Body(shape(EmailLinkRequest)) { token }: Readonly<EmailLinkRequest>,
    @Device() device: string,
  ) {
    return userJson(await this.confirmation.confirm(token, device));
  }

  @Public()
  @Post('undo-email-change')
  @HttpCode(200)
  async undo(@Body(shape(EmailLinkRequest)) { token }: Readonly<EmailLinkRequest>, @Device() device: string) {
    return userJson(await this.undoing.undo(token, device));
  }
}
