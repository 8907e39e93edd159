import { Module } from '@nestjs/common';
import { AppOpener } from './app/app.opener';
import { CreateAdminCommand } from './create-admin/create-admin.command';
import { NewPassword } from './create-admin/new-password';
import { DoctorCommand } from './doctor/doctor.command';
import { Examination } from './doctor/examination';
import { InitCommand } from './init/init.command';
import { Interview } from './init/interview';
import { MigrateCommand } from './migrate/migrate.command';
import { OUTBOX_COMMANDS, OutboxCommand } from './outbox/outbox.command';
import { Prompts } from './prompts';
import { RotateSecretCommand } from './rotate-secret/rotate-secret.command';
import { Rotation } from './rotate-secret/rotation';
import { Terminal } from './terminal';
import { ValidateCommand } from './validate/validate.command';
import { USER_COMMANDS, UsersCommand } from './users/users.command';

/** Every command, and what they share. */
@Module({
  providers: [
    Terminal,
    Prompts,
    AppOpener,
    Interview,
    InitCommand,
    DoctorCommand,
    Examination,
    MigrateCommand,
    NewPassword,
    CreateAdminCommand,
    UsersCommand,
    ...USER_COMMANDS,
    OutboxCommand,
    ...OUTBOX_COMMANDS,
    Rotation,
    RotateSecretCommand,
    ValidateCommand,
  ],
})
export class CliModule {}
