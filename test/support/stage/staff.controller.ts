import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CurrentUser, RegStackAuthGuard, type RegStackUser, UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';

/** Routes of a host that acts on users by our service. */
@Controller('staff')
export class StaffController {
  constructor(
    private readonly users: UsersService,
    private readonly parts: ModuleRef,
  ) {}

  @Post('disable')
  @HttpCode(200)
  disable(@Body() { email }: Readonly<{ email: string }>) {
    return this.change(email, (id) => this.users.disable(id));
  }

  @Post('password')
  @HttpCode(200)
  password(@Body() { email, password }: Readonly<{ email: string; password: string }>) {
    return this.change(email, (id) => this.users.setPassword(id, password));
  }

  /** A broken state, which no route leads to: a second factor is asked for, and none is there. */
  @Post('lose-factors')
  @HttpCode(200)
  loseFactors(@Body() { email }: Readonly<{ email: string }>) {
    return this.change(email, async (id) => {
      const { users } = this.parts.get(Store, { strict: false });
      const { authEpoch } = (await users.findCredentials(id))!;
      const lost = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: true };
      await users.changeCredentials(id, authEpoch, lost, []);
      return this.users.findById(id);
    });
  }

  /** What somebody signed in does of their own. */
  @Post('order')
  @UseGuards(RegStackAuthGuard)
  @HttpCode(200)
  order(@CurrentUser() user: RegStackUser) {
    return { customer: user.email };
  }

  private async change(email: string, change: (id: string) => Promise<RegStackUser | null>) {
    const user = await this.users.findByEmail(email);
    return { found: user, changed: user && (await change(user.id)) };
  }
}
