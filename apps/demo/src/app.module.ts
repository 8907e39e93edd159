import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { loadRegStackConfig, RegStackModule } from '@regstack/nestjs';
import { developmentDefaults } from './development-defaults';
import { OrdersController } from './orders.controller';
import { WelcomeListener } from './welcome.listener';

/** The smallest host: accounts in one line, one guarded route, one listener. */
@Module({
  imports: [
    EventEmitterModule.forRoot(),
    RegStackModule.forRoot(loadRegStackConfig({}, { defaults: developmentDefaults() })),
  ],
  controllers: [OrdersController],
  providers: [WelcomeListener],
})
export class AppModule {}
