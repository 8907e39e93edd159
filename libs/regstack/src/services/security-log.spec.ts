import { Logger } from '@nestjs/common';
import { type AccountEvent, UserDisabledEvent, UserLoginFailedEvent } from '../kernel/account-events';
import { type By, BY_THE_APP, originOf } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import { USER_DEFAULTS } from '../persistence/memory/memory.tables';
import { EventPublisher } from '../ports/event.publisher';
import { aUser } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { AuditTrail } from './audit-trail';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';
import { loadRegStackConfig } from '../config/load-config';
import { AuditNames } from './audit-names';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';

const NAMES = new AuditNames(
  new KeyRing(
    loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes' }, { env: {} }),
    new InstanceName('default'),
  ),
);

class Heard extends EventPublisher {
  readonly events: AccountEvent[] = [];

  override publish(event: AccountEvent): void {
    this.events.push(event);
  }
}

describe('the security log', () => {
  const user = publicUser({ ...aUser(), ...USER_DEFAULTS });
  const by: By = { actor: 'somebody', origin: originOf('203.0.113.7', 'curl/8', 'request-1') };
  let events: Heard;
  let store: MemoryStore;
  let trail: AuditTrail;
  let log: SecurityLog;
  const lines: [level: string, line: string][] = [];

  beforeEach(() => {
    const clock = new FakeClock();
    [events, store] = [new Heard(), new MemoryStore()];
    trail = new AuditTrail(store.audit, NAMES);
    log = new SecurityLog(clock, events, trail);
    lines.length = 0;
    for (const level of ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'] as const)
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...parts: unknown[]) => void lines.push([level, parts.join(' ')]));
  });
  afterEach(() => jest.restoreAllMocks());

  it('R72: is one line of JSON with these fields in this order', () => {
    log.note('session.revoked', by, { target: 'somebody', reason: 'a word' });
    expect(lines).toEqual([
      [
        'log',
        '{"time":"2026-01-01T00:00:00.000Z","kind":"session.revoked","actor":"somebody","target":"somebody","ip":"203.0.113.7",' +
          '"result":"success","reason":"a word","request_id":"request-1"}',
      ],
    ]);
  });

  it('what is not known is null, and nothing is left out', () => {
    log.note('registration.requested', BY_THE_APP);
    expect(JSON.parse(lines[0]![1])).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      kind: 'registration.requested',
      actor: null,
      target: null,
      ip: null,
      result: 'success',
      reason: null,
      request_id: null,
    });
  });

  it('a refusal is a warning', () => {
    log.note('password.refused', by, { target: 'somebody', result: 'refused' });
    expect(lines).toEqual([['warn', expect.stringContaining('"result":"refused"')]]);
  });

  it('the host hears of what is an event of theirs, once, and its user is the target', () => {
    const event = new UserDisabledEvent(user);
    log.record(event, by);
    expect(events.events).toEqual([event]);
    expect(JSON.parse(lines[0]![1])).toMatchObject({
      kind: 'user.disabled',
      actor: 'somebody',
      target: user.id,
    });
    log.record(new UserLoginFailedEvent(null), by, {
      result: 'refused',
      reason: 'login.invalid_credentials',
    });
    expect(JSON.parse(lines[1]![1])).toMatchObject({ kind: 'user.login_failed', target: null });
    log.note('session.revoked', by);
    expect(events.events).toHaveLength(2);
  });

  it('says of a user nothing but the id', () => {
    log.record(new UserDisabledEvent(user), by);
    for (const said of [user.email, user.fullName!, 'curl']) expect(lines[0]![1]).not.toContain(said);
  });

  it('the audit log has the same, under an id of its own', async () => {
    log.record(new UserDisabledEvent(user), by, { reason: 'a word' });
    await trail.flush();
    const [record] = await store.audit.list({ kind: null, names: null }, { before: null, limit: 9 });
    const { id, at, requestId, actor, target, ...others } = record!;
    const people = { actor: NAMES.idBehind(actor!), target: NAMES.idBehind(target!) };
    expect({ time: at.toISOString(), ...others, ...people, request_id: requestId }).toEqual(
      JSON.parse(lines[0]![1]),
    );
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('R74: no character begins a line or speaks to a terminal, and all of them are read back', () => {
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
    const nasty = `${controls}\u2028\u2029\u001b[2J\r\n{"kind":"user.promoted"}`;
    log.note(
      'hook.refused',
      { actor: nasty, origin: { ...by.origin, ip: nasty, requestId: nasty } },
      {
        target: nasty,
        reason: nasty,
      },
    );
    const [[, line]] = lines as [[string, string]];
    // oxlint-disable-next-line no-control-regex -- it is about them
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    const told = JSON.parse(line) as Record<string, unknown>;
    for (const field of ['actor', 'target', 'ip', 'reason', 'request_id']) expect(told[field]).toBe(nasty);
  });
});
