import { AccountError, canonicalEmail, UsersService } from '@regstack/nestjs';
import { Command, Help, Option } from 'nest-commander';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { NewPassword } from './new-password';
import { promotionReport } from './promotion-report';

interface CreateAdminOptions extends AppOptions {
  readonly fullName?: string;
  readonly promoteExisting?: boolean;
  readonly clearSecondFactors?: boolean;
}

interface AdminToBe extends CreateAdminOptions {
  readonly email: string;
  readonly password: string;
}

/** Makes an admin whose password whoever runs this chooses: no account that a stranger registered becomes one by that (W11). */
@Command({
  name: 'create-admin',
  arguments: '<email>',
  argsDescription: { email: 'address of the admin; it counts as proved' },
  description:
    'Makes a superuser. The password is asked for twice in a terminal, and read from one line on stdin elsewhere; it is never an argument.',
})
export class CreateAdminCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
    private readonly newPassword: NewPassword,
  ) {
    super();
  }

  @Option({ flags: '--full-name <name>', description: 'name of the admin' })
  fullName(name: string): string {
    return name;
  }

  @Option({
    flags: '--promote-existing',
    description:
      'where the address has an account: set its password, end its sessions and mailed links, make it a superuser; all else of it is kept, and told',
  })
  promoteExisting(): boolean {
    return true;
  }

  @Option({
    flags: '--clear-second-factors',
    description: 'with --promote-existing: remove its second factors, which whoever enrolled them could use',
  })
  clearSecondFactors(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  regstack create-admin alice@example.org --full-name 'Alice Liddell'
  pass show alice | regstack create-admin alice@example.org

An address that has an account already is refused: whoever registered it first would be the admin.`;
  }

  override async run([email]: [string], options: CreateAdminOptions): Promise<void> {
    if (options.clearSecondFactors && !options.promoteExisting) {
      throw new Refusal(
        '--clear-second-factors is for --promote-existing: a new account has none',
        EXIT.usage,
      );
    }
    const address = canonicalEmail(email);
    await this.opener.useUpToDate(options, async (app) => {
      const users = app.get<UsersService>(UsersService);
      // So that nobody types a password in vain; what decides is the making itself.
      if (!options.promoteExisting && (await users.findByEmail(address))) throw taken(address);
      await this.newPassword.choose((password) => this.make(users, { ...options, email: address, password }));
    });
  }

  private async make(users: UsersService, admin: AdminToBe): Promise<void> {
    const promoted = admin.promoteExisting ? await users.promoteExisting(admin) : null;
    if (!promoted) return this.create(users, admin);
    const { fullName } = admin;
    const named = fullName === undefined ? null : await users.updateProfile(promoted.user.id, { fullName });
    const lines = promotionReport({ ...promoted, user: named ?? promoted.user });
    for (const line of lines) this.terminal.say(line);
  }

  private async create(users: UsersService, admin: AdminToBe): Promise<void> {
    try {
      const { email, id } = await users.createAdmin(admin);
      this.terminal.say(`${email} (${id}) is a superuser now`);
    } catch (error) {
      if (error instanceof AccountError && error.code === 'registration.email_taken')
        throw taken(admin.email);
      throw error;
    }
  }
}

function taken(email: string): Refusal {
  return new Refusal(
    `${email} has an account already, which stays as it is: whoever registered it may not be who you mean. regstack users show ${email} shows it; --promote-existing makes it a superuser with a password of yours`,
  );
}
