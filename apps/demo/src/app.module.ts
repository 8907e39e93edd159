import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { loadRegStackConfig, RegStackModule } from '@regstack/nestjs';
import { BrandController } from './brand.controller';
import { developmentDefaults } from './development-defaults';
import { HomeController } from './home.controller';
import { OrdersController } from './orders.controller';
import { WelcomeListener } from './welcome.listener';

/** A small host: accounts in one line, one guarded route, one listener, and a look of its own. */
@Module({
  imports: [
    EventEmitterModule.forRoot(),
    RegStackModule.forRoot(loadRegStackConfig({}, { defaults: developmentDefaults() })),
  ],
  controllers: [HomeController, BrandController, OrdersController],
  providers: [WelcomeListener],
})
export class AppModule {}
