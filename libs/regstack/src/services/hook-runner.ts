import { Injectable } from '@nestjs/common';
import { AccountError, unavailable } from '../kernel/errors';
import type { By, Origin } from '../kernel/origin';
import { within } from '../kernel/within';
import {
  AccountHooks,
  type DeletionAttempt,
  HOOK_SECONDS,
  type HookAnswer,
  isVeto,
  type RegistrationAttempt,
  type SignInAttempt,
  type Veto,
} from '../ports/account.hooks';
import { SecurityLog } from './security-log';

/** Asks the hooks of the app. Each throws AccountError `hook.refused` for a veto, `service.unavailable` for a hook that hangs. */
@Injectable()
export class HookRunner {
  constructor(
    private readonly hooks: AccountHooks,
    private readonly log: SecurityLog,
  ) {}

  async beforeRegister(attempt: RegistrationAttempt, origin: Origin): Promise<void> {
    if (!this.hooks.beforeRegister) return;
    await this.ask('register', { actor: null, origin }, null, () => this.hooks.beforeRegister!(attempt));
  }

  async beforeSignIn(attempt: SignInAttempt, origin: Origin): Promise<void> {
    if (!this.hooks.beforeSignIn) return;
    await this.ask('sign_in', { actor: null, origin }, null, () => this.hooks.beforeSignIn!(attempt));
  }

  async beforeDelete(attempt: DeletionAttempt, origin: Origin): Promise<void> {
    if (!this.hooks.beforeDelete) return;
    await this.ask('delete', { actor: attempt.by, origin }, attempt.user.id, () =>
      this.hooks.beforeDelete!(attempt),
    );
  }

  private async ask(
    reason: string,
    by: By,
    target: string | null,
    hook: () => HookAnswer | Promise<HookAnswer>,
  ): Promise<void> {
    const answer = await inTime(async () => hook());
    if (answer === undefined || answer === null) return;
    if (!isVeto(answer))
      throw new TypeError(`a hook of the app answered neither nothing nor a Veto (${reason})`);
    this.log.note('hook.refused', by, { target, result: 'refused', reason });
    throw new AccountError('hook.refused', { detail: answer.message });
  }
}

async function inTime<T>(work: () => Promise<T>): Promise<T | Veto> {
  const working = work().catch((error: unknown) => {
    if (isVeto(error)) return error;
    throw error;
  });
  if (await within(HOOK_SECONDS * 1000, working, { ref: true })) return working;
  throw unavailable(new Error(`a hook of the app gave no answer within ${HOOK_SECONDS} s`));
}
