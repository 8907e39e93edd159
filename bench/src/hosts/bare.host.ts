import { Module } from '@nestjs/common';
import { BareController } from './bare.controller';
import { serve } from './serve';

/** A Nest app without accounts. */
@Module({ controllers: [BareController] })
class BareModule {}

void serve(BareModule);
