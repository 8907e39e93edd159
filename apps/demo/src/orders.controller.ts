import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentUser, RegStackAuthGuard, type RegStackUser } from '@regstack/nestjs';

/** A route of the host behind the guard. */
@Controller('orders')
@UseGuards(RegStackAuthGuard)
export class OrdersController {
  @Get()
  orders(@CurrentUser() user: RegStackUser) {
    return { customer: user.email, orders: [] };
  }
}
