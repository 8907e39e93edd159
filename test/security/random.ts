/** Seeded choices: the same seed and number make the same request (mulberry32 over an FNV-1a hash). */
export class Random {
  private state: number;

  constructor(seed: string, n: number) {
    let hash = 0x811c9dc5;
    for (const letter of `${seed}:${n}`) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
    this.state = hash >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Text of letters that mean nothing anywhere. */
  letters(length: number): string {
    return Array.from({ length }, () => this.below(36).toString(36)).join('');
  }

  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return Array.from({ length: list.length }, () => left.splice(this.below(left.length), 1)[0]!);
  }
}
