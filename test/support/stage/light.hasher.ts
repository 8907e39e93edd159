import { createHash } from 'node:crypto';
import { PasswordHasher } from '@regstack/nestjs';

/**
 * Hashes of no strength in no time: what a hash costs is no difference between stores, and would be half of the run. Each generation
 * has other parameters, so that sign-ins after a restart replace the hashes of the one before, as a raised cost does.
 */
export class LightHasher extends PasswordHasher {
  constructor(private readonly generation: number) {
    super();
  }

  override async hash(password: string): Promise<string> {
    return hashOf(password, String(this.generation));
  }

  override async verify(password: string, hash: string | null): Promise<boolean> {
    return hash !== null && hash === hashOf(password, generationOf(hash));
  }

  override needsRehash(hash: string): boolean {
    return generationOf(hash) !== String(this.generation);
  }
}

const generationOf = (hash: string): string => hash.split('$')[2]!;

/** In the form of a PHC string. */
const hashOf = (password: string, generation: string): string =>
  `$sha256$${generation}$${createHash('sha256').update(password).digest('base64url')}`;
