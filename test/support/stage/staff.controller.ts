import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CurrentUser, RegStackAuthGuard, type RegStackUser, UsersService } from '@regstack/nestjs';

/** Routes of a host that acts on users by our service. */
@Controller('staff')
export class StaffController {
  constructor(private readonly users: UsersService) {}

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
