import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { type RegStackUser, UsersService } from '@regstack/nestjs';

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

  private async change(email: string, change: (id: string) => Promise<RegStackUser | null>) {
    const user = await this.users.findByEmail(email);
    return { found: user, changed: user && (await change(user.id)) };
  }
}
