export { MemoryStore } from '../persistence/memory/memory.store';
export { openStore } from '../persistence/open-store';
export { Store } from '../ports/store';
export { FakeClock } from './fake-clock';
export { CapturedMail } from './captured-mail';
