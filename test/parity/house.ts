import {
  AccountHooks,
  Attribute,
  type DeletionAttempt,
  type HookAnswer,
  type RegistrationAttempt,
  type RegStackOptions,
  type SignInAttempt,
  UsersService,
  Veto,
} from '@regstack/nestjs';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import type { Stage } from '../support/stage/stage';
import { FOUNDER } from './cast';

/** What the host adds to its users: with a value from the beginning, for everybody, for any JSON, for admins alone. */
class MemberAttributes {
  @Attribute('registration', 'owner', 'admin') @IsOptional() @IsIn(['en', 'de', 'zh']) language? = 'en';
  @Attribute('registration', 'owner') @IsOptional() @IsString() @MaxLength(100) motto?: string;
  @Attribute('owner', 'admin') @IsOptional() settings?: unknown;
  @Attribute('admin') @IsOptional() @IsInt() @Min(0) level?: number;
}

/** How the addresses begin that the host says no to: never an account, never a session, never an end. */
export const REFUSED = { register: 'barred.', signIn: 'shut.', delete: 'kept.' } as const;

class Doorkeeper extends AccountHooks {
  override beforeRegister({ email }: RegistrationAttempt): HookAnswer {
    return email.startsWith(REFUSED.register) ? new Veto('Not with such an address.') : null;
  }

  override async beforeSignIn({ email }: SignInAttempt): Promise<HookAnswer> {
    return email.startsWith(REFUSED.signIn) ? new Veto('Not today.') : null;
  }

  override beforeDelete({ user }: DeletionAttempt): HookAnswer {
    return user.email.startsWith(REFUSED.delete) ? new Veto('Something has to be paid first.') : null;
  }
}

const PARTS = {
  attributes: MemberAttributes,
  providers: [{ provide: AccountHooks, useClass: Doorkeeper }],
};

/** What is on in every phase that does not say otherwise. */
const SETTINGS = { enableAdminRouter: true, enableSms2fa: true, mfaTrustedDeviceDays: 1 };

/** Starts the host of the sequence on a stage, with its founder, under these settings. */
export async function openHouse(stage: Stage, settings: RegStackOptions): Promise<void> {
  await stage.enter({ ...SETTINGS, ...settings, ...PARTS });
  const { address: email, password, fullName } = FOUNDER;
  await stage.host.app.get(UsersService, { strict: false }).bootstrapAdmin({ email, password, fullName });
}
