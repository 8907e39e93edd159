import type { OutboxRepository } from '../../../libs/regstack/src/ports/outbox.repository';
import type { UserRepository } from '../../../libs/regstack/src/ports/user.repository';

/** How long nobody else may have come before all go on, ms: longer than a statement and its wait for the disk on a busy machine. */
const QUIET_MS = 50;

/** A store with methods replaced by broken ones, of a race by their find-then-write form: what the contract must catch. */
export type Mutant<S> = (store: S) => unknown;

/** Mutants by `port: name of the case`. */
export type Mutants<S> = Readonly<Record<string, Mutant<S>>>;

const waiting: (() => void)[] = [];
let quiet: NodeJS.Timeout | undefined;

/**
 * Where another request gets in between finding and writing: whoever arrives waits for those who are still on their way, then all go
 * on at once. A fixed time would let racers pass one after the other where a machine is slow.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      for (const goOn of waiting.splice(0)) goOn();
    }, QUIET_MS);
  });
}

/** True for every other call. */
export function everyOther(): () => boolean {
  let calls = 0;
  return () => calls++ % 2 === 1;
}

/** Where whoever is slow writes: the only message is with a worker for the second time by then. */
export async function untilLeased(outbox: OutboxRepository): Promise<void> {
  for (;;) {
    const [message] = await outbox.list(null, { before: null, limit: 1 });
    if (message!.attempts > 1) return;
    await pause();
  }
}

/** Replaces methods of one object. */
export function replace<T extends object>(target: T, methods: Partial<T>): void {
  Object.assign(target, methods);
}

/** Something that happens once, and that others wait for. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/**
 * An undo that goes by the epoch that it found, as other changes do: the first change that gets in between ends it. The thief comes
 * after the look and before the write, in every run.
 */
export function undoByEpoch({ users }: { readonly users: UserRepository }): void {
  const [looked, changed] = [gate(), gate()];
  const changeEmail = users.changeEmail.bind(users);
  const changeCredentials = users.changeCredentials.bind(users);
  replace(users, {
    async undoEmailChange(id, undo, notices, now) {
      const found = await users.findCredentials(id);
      looked.open();
      await changed.opened;
      return changeEmail(id, found!.authEpoch, { email: undo.email, undo }, notices, now);
    },
    async changeCredentials(...change) {
      await looked.opened;
      return changeCredentials(...change).finally(changed.open);
    },
    async changeEmail(...change) {
      // The first one prepares the case.
      if (change[1] === 0) return changeEmail(...change);
      await looked.opened;
      return changeEmail(...change);
    },
  });
}
