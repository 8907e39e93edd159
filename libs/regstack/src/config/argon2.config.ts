import { IsInt, Max, Min } from 'class-validator';
import { Setting } from './setting.decorator';

/** Cost of Argon2id (RFC 9106). The defaults are OWASP's minimum, 19 MiB and two passes (ASVS 11.4.2). */
export class Argon2Config {
  /** Memory, KiB. */
  @Setting() @IsInt() @Min(8192) @Max(4_194_304) memoryKib = 19_456;
  /** Passes over the memory. */
  @Setting() @IsInt() @Min(1) @Max(64) timeCost = 2;
  /** Lanes. */
  @Setting() @IsInt() @Min(1) @Max(16) parallelism = 1;
}
