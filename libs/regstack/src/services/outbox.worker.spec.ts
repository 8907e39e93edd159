import { Logger } from '@nestjs/common';
import { loadRegStackConfig } from '../config/load-config';
import { MessageDeadLetteredEvent } from '../kernel/delivery-events';
import { BY_THE_APP } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type Mail, Mailer, MailRejectedError } from '../ports/mailer';
import { type Sms, SmsRejectedError, SmsSender } from '../ports/sms.sender';
import { SMS_KINDS } from '../ports/sms.templates';
import { aMessage } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { MessageDelivery } from './message-delivery';
import { OutboxWorker } from './outbox.worker';
import { SecretCipher } from './secret.cipher';
import type { SecurityLog } from './security-log';

// Jest's clock does not move the promised timers of Node: they go by the ones that it does move.
jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(value), ms);
      signal.addEventListener('abort', () => clearTimeout(timer));
    }),
}));

const NUMBER = '+4915112345678';

class ScriptedMailer extends Mailer {
  readonly sent: Mail[] = [];
  script: () => Promise<void> = async () => {};

  override async deliver(mail: Mail): Promise<void> {
    await this.script();
    this.sent.push(mail);
  }
}

class ScriptedSender extends SmsSender {
  readonly sent: Sms[] = [];
  script: () => Promise<void> = async () => {};

  override async deliver(sms: Sms): Promise<void> {
    await this.script();
    this.sent.push(sms);
  }
}

describe('OutboxWorker', () => {
  const config = loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes' }, { env: {} });
  const cipher = new SecretCipher(new KeyRing(config, new InstanceName('default')));
  let store: MemoryStore;
  let clock: FakeClock;
  let mailer: ScriptedMailer;
  let texts: ScriptedSender;
  let worker: OutboxWorker;
  let record: jest.Mock<void, Parameters<SecurityLog['record']>>;
  let warn: jest.SpyInstance;

  beforeEach(() => {
    [store, clock, mailer] = [new MemoryStore(), new FakeClock(), new ScriptedMailer()];
    texts = new ScriptedSender();
    record = jest.fn();
    const log = { record } as unknown as SecurityLog;
    const delivery = new MessageDelivery(store.outbox, mailer, texts, cipher, clock, log);
    worker = new OutboxWorker(store.outbox, delivery, clock);
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(async () => {
    jest.useRealTimers();
    await worker.onModuleDestroy();
    warn.mockRestore();
  });

  const put = async (content: object, more: Parameters<typeof aMessage>[0] = {}): Promise<string> => {
    const message = aMessage({ createdAt: clock.now(), ...more });
    const sealedBody = cipher.seal('outbox', JSON.stringify(content), message.id);
    await store.outbox.enqueue({ ...message, sealedBody });
    return message.id;
  };
  const enqueue = (): Promise<string> =>
    put({ subject: 'Hello', text: 'secret link', html: '<p>secret link</p>' });
  const enqueueText = (kind: string = SMS_KINDS[0]!): Promise<string> =>
    put({ text: 'secret code' }, { kind, recipient: NUMBER });
  const row = (id: string) => store.tables.outbox.get(id)!;
  const until = async (holds: () => boolean): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error('did not come to hold');
      await new Promise((next) => setImmediate(next));
    }
  };

  it('sends what waits, decrypted, and wipes what was sent', async () => {
    const id = await enqueue();
    worker.wake();
    await until(() => row(id).state === 'sent');
    expect(mailer.sent).toEqual([
      { id, to: 'alice@example.org', subject: 'Hello', text: 'secret link', html: '<p>secret link</p>' },
    ]);
    expect([row(id).recipient, row(id).sealedBody]).toEqual(['', '']);
  });

  it('backs off further and further, by no more than a minute, and logs no content', async () => {
    mailer.script = async () => {
      throw Object.assign(new Error('connect to alice@example.org: secret link'), { code: 'ECONNREFUSED' });
    };
    const id = await enqueue();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt++) {
      worker.wake();
      await until(() => row(id).attempts === attempt && row(id).leaseId === null);
      waits.push((row(id).dueAt.getTime() - clock.now().getTime()) / 1000);
      clock.advance(Math.ceil(waits.at(-1)!));
    }
    waits.forEach((seconds, n) => {
      expect(seconds).toBeLessThanOrEqual(Math.min(60, 2 ** n));
      expect(seconds).toBeGreaterThanOrEqual(Math.min(60, 2 ** n) / 2);
    });
    expect(row(id).lastError).toBe('Error ECONNREFUSED');
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/alice|secret/);
    mailer.script = async () => {};
    worker.wake();
    await until(() => row(id).state === 'sent');
  });

  it('what is refused for good, and what nobody took for a day, is a dead letter', async () => {
    const first = await enqueue();
    mailer.script = async () => {
      throw new MailRejectedError('no such mailbox');
    };
    worker.wake();
    await until(() => row(first).state === 'dead');
    mailer.script = () => Promise.reject(new Error('later'));
    const second = await enqueue();
    clock.advance(86_399);
    worker.wake();
    await until(() => row(second).attempts === 1 && row(second).leaseId === null);
    store.tables.outbox.set(second, { ...row(second), attempts: 9 });
    clock.advance(60);
    worker.wake();
    await until(() => record.mock.calls.length === 2);
    expect([row(first).state, row(second).state]).toEqual(['dead', 'dead']);
    const kind = 'registration-taken';
    expect(record.mock.calls).toEqual([
      [
        new MessageDeadLetteredEvent(first, kind, 1, 'refused'),
        BY_THE_APP,
        { result: 'refused', reason: 'refused' },
      ],
      [
        new MessageDeadLetteredEvent(second, kind, 10, 'gave_up'),
        BY_THE_APP,
        { result: 'refused', reason: 'gave_up' },
      ],
    ]);
  });

  it('an app that was away for days gives up nothing at its first attempt', async () => {
    mailer.script = () => Promise.reject(new Error('later'));
    const id = await enqueue();
    clock.advance(3 * 86_400);
    worker.wake();
    await until(() => row(id).attempts === 1 && row(id).leaseId === null);
    expect(row(id).state).toBe('queued');
  });

  it('a worker that has lost its lease makes no dead letter', async () => {
    const id = await enqueue();
    let isTaken = false;
    mailer.script = async () => {
      store.tables.outbox.set(id, { ...row(id), leaseId: 'of another worker', dueAt: new Date(8.64e15) });
      isTaken = true;
      throw new MailRejectedError('no such mailbox');
    };
    worker.wake();
    await until(() => isTaken);
    await worker.onModuleDestroy();
    expect([row(id).state, record.mock.calls]).toEqual(['queued', []]);
  });

  it.each(SMS_KINDS)('%s goes to the sender of text messages, and is wiped like a mail', async (kind) => {
    const [text, mail] = [await enqueueText(kind), await enqueue()];
    worker.wake();
    await until(() => row(text).state === 'sent' && row(mail).state === 'sent');
    expect(texts.sent).toEqual([{ id: text, to: NUMBER, text: 'secret code' }]);
    expect(mailer.sent.map(({ id }) => id)).toEqual([mail]);
    expect([row(text).recipient, row(text).sealedBody]).toEqual(['', '']);
  });

  it('a text message that the gateway refuses for good is a dead letter; one that it could not take is tried again', async () => {
    texts.script = async () => {
      throw Object.assign(new Error('no answer about +4915112345678'), { code: 'ECONNRESET' });
    };
    const id = await enqueueText();
    worker.wake();
    await until(() => row(id).attempts === 1 && row(id).leaseId === null);
    expect([row(id).state, row(id).lastError]).toEqual(['queued', 'Error ECONNRESET']);
    texts.script = async () => {
      throw new SmsRejectedError('the gateway refused secret code to +4915112345678');
    };
    clock.advance(60);
    worker.wake();
    await until(() => row(id).state === 'dead');
    expect(row(id).lastError).toBe('SmsRejectedError');
    expect([texts.sent, mailer.sent]).toEqual([[], []]);
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/4915112345678|secret/);
  });

  it('a gateway that does not answer holds up no mail, however many texts wait for it', async () => {
    texts.script = () => new Promise(() => {});
    const slow = await Promise.all(Array.from({ length: 30 }, () => enqueueText()));
    worker.wake();
    await until(() => slow.filter((id) => row(id).leaseId !== null).length === 8);
    const mails = await Promise.all(Array.from({ length: 30 }, enqueue));
    worker.wake();
    await until(() => mails.every((id) => row(id).state === 'sent'));
    expect(slow.filter((id) => row(id).leaseId !== null)).toHaveLength(8);
  });

  it('a mail server that does not answer holds up no text', async () => {
    mailer.script = () => new Promise(() => {});
    const slow = await Promise.all(Array.from({ length: 30 }, enqueue));
    worker.wake();
    await until(() => slow.filter((id) => row(id).leaseId !== null).length === 8);
    const texting = await Promise.all(Array.from({ length: 30 }, () => enqueueText()));
    worker.wake();
    await until(() => texting.every((id) => row(id).state === 'sent'));
  });

  it('what a slow sender is still handing over is not begun again: it would come twice', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'Date'] });
    let arrive = (): void => {};
    mailer.script = () => new Promise((done) => (arrive = done));
    const id = await enqueue();
    worker.wake();
    await until(() => row(id).leaseId !== null);
    for (let second = 0; second < 300; second++) {
      clock.advance(1);
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect([row(id).attempts, row(id).state]).toEqual([1, 'queued']);
    arrive();
    await until(() => row(id).state === 'sent');
    expect(mailer.sent).toHaveLength(1);
  });

  it('a message that no key opens does not stop the others', async () => {
    const broken = await enqueue();
    store.tables.outbox.set(broken, { ...row(broken), sealedBody: 'x.y.z.w' });
    const good = await enqueue();
    worker.wake();
    await until(() => row(good).state === 'sent' && row(broken).leaseId === null);
    expect(row(broken).state).toBe('queued');
  });

  it('closing does not wait for ever for a sender that does not answer', async () => {
    mailer.script = () => new Promise(() => {});
    const id = await enqueue();
    worker.wake();
    await until(() => row(id).leaseId !== null);
    const begin = Date.now();
    await worker.onModuleDestroy();
    expect(Date.now() - begin).toBeLessThan(4000);
    expect(row(id).state).toBe('queued');
  });

  it('one sender that does not answer holds up nobody else', async () => {
    let first = true;
    mailer.script = () => {
      const hangs = first;
      first = false;
      return hangs ? new Promise(() => {}) : Promise.resolve();
    };
    const slow = await enqueue();
    worker.wake();
    await until(() => row(slow).leaseId !== null);
    const others = await Promise.all(Array.from({ length: 30 }, enqueue));
    worker.wake();
    await until(() => others.every((id) => row(id).state === 'sent'));
    expect(row(slow).state).toBe('queued');
  });

  it('a wake during a look is not lost', async () => {
    const first = await enqueue();
    let second = '';
    let isFirst = true;
    mailer.script = async () => {
      if (!isFirst) return;
      isFirst = false;
      second = await enqueue();
      worker.wake();
    };
    worker.wake();
    await until(() => row(first).state === 'sent' && second !== '' && row(second).state === 'sent');
    expect(mailer.sent).toHaveLength(2);
  });
});
