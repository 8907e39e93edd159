export { type Preview, previewsOf } from '../delivery/message.preview';
export { MemoryStore } from '../persistence/memory/memory.store';
export { openStore, type StoreSettings } from '../persistence/open-store';
export { Store } from '../ports/store';
export { CapturedMail } from './captured-mail';
export { CapturedSms } from './captured-sms';
export { type ContractCase } from './contracts/contract';
export { PORT_CONTRACTS } from './contracts';
export { FakeClock } from './fake-clock';
