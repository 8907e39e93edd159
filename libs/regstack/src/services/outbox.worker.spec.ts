import { Logger } from '@nestjs/common';
import { loadRegStackConfig } from '../config/load-config';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type Mail, Mailer, MailRejectedError } from '../ports/mailer';
import { aMessage } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { MessageCipher } from './message.cipher';
import { OutboxWorker } from './outbox.worker';

class ScriptedMailer extends Mailer {
  readonly sent: Mail[] = [];
  script: () => Promise<void> = async () => {};

  override async deliver(mail: Mail): Promise<void> {
    await this.script();
    this.sent.push(mail);
  }
}

describe('OutboxWorker', () => {
  const config = loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes' }, { env: {} });
  const cipher = new MessageCipher(new KeyRing(config, new InstanceName('default')));
  let store: MemoryStore;
  let clock: FakeClock;
  let mailer: ScriptedMailer;
  let worker: OutboxWorker;
  let warn: jest.SpyInstance;

  beforeEach(() => {
    [store, clock, mailer] = [new MemoryStore(), new FakeClock(), new ScriptedMailer()];
    worker = new OutboxWorker(store.outbox, mailer, cipher, clock);
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(async () => {
    await worker.onModuleDestroy();
    warn.mockRestore();
  });

  const enqueue = async (): Promise<string> => {
    const message = aMessage({ createdAt: clock.now() });
    const content = { subject: 'Hello', text: 'secret link', html: '<p>secret link</p>' };
    await store.outbox.enqueue({ ...message, sealedBody: cipher.seal(JSON.stringify(content), message.id) });
    return message.id;
  };
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
    mailer.script = async () => {
      throw new Error('later');
    };
    const second = await enqueue();
    clock.advance(86_400);
    worker.wake();
    await until(() => row(second).state === 'dead');
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
