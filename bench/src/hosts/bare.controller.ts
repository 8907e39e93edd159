import { Controller, Get } from '@nestjs/common';
import { addressOf } from '../accounts';

const CUSTOMER = addressOf('bare', 0);

/** A route that nobody guards; answers as many bytes as the guarded one. */
@Controller('bare')
export class BareController {
  @Get()
  bare() {
    return { customer: CUSTOMER, orders: [] };
  }
}
