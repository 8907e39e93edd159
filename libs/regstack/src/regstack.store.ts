import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { RegStackConfig } from './config/regstack.config';
import { type HostConnection, openStore, openStoreBeside } from './persistence/open-store';
import { AccountRepository } from './ports/account.repository';
import { AuditRepository } from './ports/audit.repository';
import { BudgetRepository } from './ports/budget.repository';
import { ChallengeRepository } from './ports/challenge.repository';
import { KeyUseRepository } from './ports/key-use.repository';
import { OutboxRepository } from './ports/outbox.repository';
import { PendingRegistrationRepository } from './ports/pending-registration.repository';
import { Schema } from './ports/schema';
import { SessionRepository } from './ports/session.repository';
import { Store } from './ports/store';
import { Sweeper } from './ports/sweeper';
import { TrustedDeviceRepository } from './ports/trusted-device.repository';
import { UserRepository } from './ports/user.repository';
import { CommandMode } from './services/command-mode';

/** Where the host's connection is injected from. */
export interface HostConnectionToken {
  readonly orm: HostConnection['orm'];
  readonly token: InjectionToken;
}

/** The database of one instance: its store, its ports, and what a host's reports ask for, under the name of the instance. */
export function storeProviders(connection: HostConnectionToken | null, instance: string): Provider[] {
  return [
    storeProvider(connection),
    ...portProviders(),
    // The tokens that `@InjectDataSource('regstack')` of @nestjs/typeorm and `@InjectConnection('regstack')` of @nestjs/mongoose
    // ask for; the one of the database that is not in use is null.
    fromStore(`${instance}DataSource`, (store) => Reflect.get(store, 'dataSource') ?? null),
    fromStore(`${instance}Connection`, (store) => Reflect.get(store, 'connection') ?? null),
  ];
}

function storeProvider(connection: HostConnectionToken | null): FactoryProvider<Store> {
  const command = { token: CommandMode, optional: true };
  if (connection === null) {
    return {
      provide: Store,
      useFactory: (config: RegStackConfig, mode?: CommandMode) => openStore(config, schemaIn(mode)),
      inject: [RegStackConfig, command],
    };
  }
  const { orm, token } = connection;
  return {
    provide: Store,
    useFactory: (config: RegStackConfig, host: unknown, mode?: CommandMode) =>
      openStoreBeside({ orm, host }, config, schemaIn(mode)),
    inject: [RegStackConfig, token, command],
  };
}

/** A command takes the schema as it is. */
const schemaIn = (mode?: CommandMode) => (mode ? 'leave' : undefined);

function portProviders(): Provider[] {
  return [
    fromStore(UserRepository, (store) => store.users),
    fromStore(PendingRegistrationRepository, (store) => store.pendingRegistrations),
    fromStore(SessionRepository, (store) => store.sessions),
    fromStore(ChallengeRepository, (store) => store.challenges),
    fromStore(BudgetRepository, (store) => store.budgets),
    fromStore(OutboxRepository, (store) => store.outbox),
    fromStore(AccountRepository, (store) => store.accounts),
    fromStore(AuditRepository, (store) => store.audit),
    fromStore(TrustedDeviceRepository, (store) => store.trustedDevices),
    fromStore(KeyUseRepository, (store) => store.keyUses),
    fromStore(Sweeper, (store) => store.sweeper),
    fromStore(Schema, (store) => store.schema),
  ];
}

function fromStore<T>(token: InjectionToken<T>, pick: (store: Store) => T): Provider {
  return { provide: token, useFactory: pick, inject: [Store] };
}
