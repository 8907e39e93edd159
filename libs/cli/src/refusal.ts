/** What a command ends with. `doctor` alone answers another number: how many checks failed. */
export const EXIT = {
  done: 0,
  /** It could not be done, or was refused; the reason is on stderr. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Ended at a prompt (Ctrl-C), as shells count it: 128 + SIGINT. */
  cancelled: 130,
} as const;

/** Ends a command: the message says what is wrong and how it is mended; nothing else is printed. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.refused,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
