import { randomBytes } from 'node:crypto';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import {
  CurrentUser,
  PasswordHasher,
  RegStackAuthGuard,
  RegStackModule,
  type RegStackModuleOptions,
  type RegStackUser,
} from '@regstack/nestjs';
import { BareController } from './bare.controller';
import { hashRate } from './hash-rate';
import { seedAccounts } from './seed-accounts';
import { serve, settings } from './serve';

/** Load comes from one address. What is counted costs the same, whatever the limit. */
const LOGINS = { loginMaxPerMinute: 1_000_000, loginMaxPerHour: 1_000_000 };

/** Defaults wherever there are some: above all the cost of the hash, and the lockout. */
function options(): RegStackModuleOptions {
  const { databaseUrl, tablePrefix = 'regstack_', smtpPort } = settings;
  const { jwtSecret = randomBytes(48).toString('base64url') } = settings;
  if (smtpPort === undefined) return { databaseUrl, tablePrefix, jwtSecret, ...LOGINS };
  const email = {
    backend: 'smtp',
    smtpHost: '127.0.0.1',
    smtpPort,
    smtpTls: 'none',
    fromAddress: 'noreply@example.org',
  } as const;
  return { databaseUrl, tablePrefix, jwtSecret, ...LOGINS, email };
}

/** The guarded twin of {@link BareController}. */
@Controller('guarded')
@UseGuards(RegStackAuthGuard)
class GuardedController {
  @Get()
  guarded(@CurrentUser() user: RegStackUser) {
    return { customer: user.email, orders: [] };
  }
}

/** A Nest app with accounts, as the README embeds them. */
@Module({
  imports: [EventEmitterModule.forRoot(), RegStackModule.forRoot(options())],
  controllers: [BareController, GuardedController],
})
class AccountsModule {}

void serve(AccountsModule, (app) => ({
  seed: ({ group, count, state }) => seedAccounts(app, group, count, state),
  hash: ({ seconds, concurrency }) => hashRate(app.get(PasswordHasher), seconds, concurrency),
}));
