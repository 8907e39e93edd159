import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { BootError } from '../kernel/boot.error';
import { UserRepository } from '../ports/user.repository';
import { CommandMode } from './command-mode';
import { KeyRing } from './key-ring';

/** Refuses to start without a key that stored secrets need: whoever has an authenticator app could not sign in. */
@Injectable()
export class KeyCheck implements OnModuleInit {
  constructor(
    private readonly keys: KeyRing,
    private readonly users: UserRepository,
    @Optional() private readonly command?: CommandMode,
  ) {}

  /** In a command nothing is asked: it may be there to find this out, on a schema that knows no such secrets. @throws BootError naming the settings */
  async onModuleInit(): Promise<void> {
    if (this.command) return;
    const needed = await this.users.totpKeyIds();
    if (needed.every((kid) => this.keys.find('totp', kid))) return;
    throw new BootError(
      'secrets of authenticator apps are encrypted with a key of a former jwt_secret: add that one to jwt_previous_secrets',
    );
  }
}
