import type { SecurityEventKind } from './security-events';

/** Something that has happened and that the host hears of. Published after commit; carries no secret and no content of a message. */
export abstract class RegStackEvent {
  /** Dotted name, `noun.past_tense`: what `@OnEvent()` listens to. */
  abstract readonly name: SecurityEventKind;
}
