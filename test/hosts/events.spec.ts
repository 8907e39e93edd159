import { Injectable, Logger, type DynamicModule } from '@nestjs/common';
import { EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import {
  type AccountEvent,
  MailRejectedError,
  MessageDeadLetteredEvent,
  RegStackEvent,
  RegStackModule,
  UserRegisteredEvent,
  UsersService,
} from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Host, replacements, SETTINGS } from '../support/host';

@Injectable()
class Exact {
  readonly heard: AccountEvent[] = [];

  @OnEvent('user.registered')
  registered(event: UserRegisteredEvent): void {
    this.heard.push(event);
  }
}

@Injectable()
class Wildcard {
  readonly heard: AccountEvent[] = [];

  @OnEvent('user.*')
  any(event: AccountEvent): void {
    this.heard.push(event);
  }
}

@Injectable()
class DeadLetters {
  readonly heard: RegStackEvent[] = [];

  @OnEvent('message.dead_lettered')
  any(event: MessageDeadLetteredEvent): void {
    this.heard.push(event);
  }
}

@Injectable()
class Bad {
  @OnEvent('user.logged_in', { suppressErrors: false })
  async throws(): Promise<void> {
    throw new Error('a listener of the host fails');
  }

  @OnEvent('user.logged_in')
  async hangs(): Promise<void> {
    await new Promise(() => {});
  }
}

const settled = (): Promise<void> => new Promise((next) => setTimeout(next, 20));

describe('events', () => {
  const { mail, store, providers } = replacements();
  let host: Host;
  afterEach(() => host.stop());

  const start = (emitter: DynamicModule[], listeners: (new () => object)[]) =>
    Host.start({
      imports: [...emitter, RegStackModule.forRoot({ ...SETTINGS, providers })],
      providers: listeners,
    });

  it('reach @OnEvent listeners exactly once, with the public user and no secret', async () => {
    host = await start([EventEmitterModule.forRoot()], [Exact]);
    await host.member(mail, 'exact@example.org');
    await settled();
    const [event, ...others] = host.app.get(Exact).heard;
    expect(others).toEqual([]);
    expect(event).toBeInstanceOf(UserRegisteredEvent);
    expect((event as UserRegisteredEvent).user.email).toBe('exact@example.org');
    expect(JSON.stringify(event)).not.toMatch(/argon|hash|epoch|token/i);
  });

  it('reach wildcard listeners once each, in their order', async () => {
    host = await start([EventEmitterModule.forRoot({ wildcard: true })], [Exact, Wildcard]);
    const token = await host.member(mail, 'wild@example.org');
    await host.call('POST', '/api/auth/login', { email: 'wild@example.org', password: 'wrong-password' });
    await host.call('POST', '/api/auth/logout', undefined, token);
    const users = host.app.get(UsersService, { strict: false });
    const { id } = (await users.findByEmail('wild@example.org'))!;
    await users.setPassword(id, 'another-long-password');
    await users.disable(id);
    await settled();
    expect(host.app.get(Wildcard).heard.map(({ name }) => name)).toEqual([
      'user.registered',
      'user.verified',
      'user.logged_in',
      'user.login_failed',
      'user.logged_out',
      'user.password_changed',
      'user.disabled',
    ]);
    expect(host.app.get(Exact).heard).toHaveLength(1);
  });

  it('user.locked_out comes once, at the attempt that used the window up', async () => {
    host = await start([EventEmitterModule.forRoot({ wildcard: true })], [Wildcard]);
    const email = 'locked@example.org';
    await host.member(mail, email);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        host.call('POST', '/api/auth/login', { email, password: 'wrong-password' }),
      ),
    );
    await settled();
    const names = host.app.get(Wildcard).heard.map(({ name }) => name);
    expect(names.filter((name) => name === 'user.locked_out')).toHaveLength(1);
    expect(names.filter((name) => name === 'user.login_failed')).toHaveLength(5);
  });

  it('a mail that is refused for good is heard of once, without its address and its content', async () => {
    host = await start([EventEmitterModule.forRoot({ wildcard: true })], [DeadLetters, Wildcard]);
    const refusal = new MailRejectedError('550 no such mailbox: dead@example.org');
    const deliver = jest.spyOn(mail, 'deliver').mockRejectedValueOnce(refusal);
    const { heard } = host.app.get(DeadLetters);
    await host.call('POST', '/api/auth/register', { email: 'dead@example.org', password: PASSWORD });
    while (heard.length === 0) await settled();
    await host.member(mail, 'alive@example.org');
    await settled();
    deliver.mockRestore();
    const [message] = [...store.tables.outbox.values()].filter(({ state }) => state === 'dead');
    expect(heard).toEqual([new MessageDeadLetteredEvent(message!.id, 'registration-verify', 1, 'refused')]);
    expect(heard[0]).toBeInstanceOf(RegStackEvent);
    expect(JSON.stringify(heard)).not.toMatch(/dead@|token|550/);
    expect(host.app.get(Wildcard).heard.map(({ name }) => name)).not.toContain('message.dead_lettered');
  });

  it('a listener that throws or hangs harms nothing, and its error is logged', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    host = await start([EventEmitterModule.forRoot()], [Bad]);
    const token = await host.member(mail, 'bad@example.org');
    await settled();
    expect((await host.call('GET', '/orders', undefined, token)).status).toBe(200);
    expect(error).toHaveBeenCalledWith(
      'a listener of user.logged_in failed',
      expect.stringContaining('a listener of the host fails'),
    );
    error.mockRestore();
  });

  it('a host without EventEmitterModule boots, and is told in one line what to import', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    host = await start([], []);
    expect(
      log.mock.calls.filter(([line]) => String(line).includes('EventEmitterModule.forRoot()')),
    ).toHaveLength(1);
    await host.call('POST', '/api/auth/register', { email: 'none@example.org', password: PASSWORD });
    log.mockRestore();
  });
});
