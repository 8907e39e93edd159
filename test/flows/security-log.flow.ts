import { isIP } from 'node:net';
import { SECURITY_EVENTS, type SecurityEventKind } from '@regstack/nestjs';
import { CapturedLog, type SecurityLine } from './captured-log';
import { HEADERS, NASTY, ROUTES } from './injections';
import { sendHead } from './raw-head';
import { type Answer, type Head, someone, WRONG_PASSWORD } from './scene';
import { CAUSES, type Person, VETOED, World } from './security.causes';

const KINDS = Object.keys(SECURITY_EVENTS) as SecurityEventKind[];
const FIELDS = ['time', 'kind', 'actor', 'target', 'ip', 'result', 'reason', 'request_id'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
// oxlint-disable-next-line no-control-regex -- it is about them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

describe('the security log', () => {
  const log = new CapturedLog();
  let world: World;

  beforeAll(async () => {
    world = await World.begin(() => log.capture());
  });
  afterAll(async () => {
    log.release();
    await world.scene.close();
  });

  /** What is told while something is done. */
  const toldOf = async (work: () => Promise<unknown>): Promise<readonly SecurityLine[]> => {
    // Ids of one moment are counted, and the count is short.
    world.scene.advance(1);
    const before = log.security.length;
    await work();
    await world.scene.stage.quiet();
    return log.since(before);
  };

  it('R72: there is a way to each kind of event, more than twenty', () => {
    expect(Object.keys(CAUSES)).toEqual(KINDS);
    expect(KINDS.length).toBeGreaterThanOrEqual(20);
  });

  it.each(KINDS)('R72: %s is told once: who, whom, from where, with what result and why', async (kind) => {
    const somebody = await world.person();
    let expected = { actor: null, target: null } as Awaited<ReturnType<(typeof CAUSES)[typeof kind]>>;
    const told = await toldOf(async () => (expected = await CAUSES[kind](world, somebody)));
    const { actor, target, reason = null, refusal, isLater = false } = expected;
    const [line, ...others] = told.filter((one) => one.kind === kind);
    expect(others).toEqual([]);
    expect(line).toEqual({
      time: world.scene.stage.clock.now().toISOString(),
      kind,
      actor,
      target,
      ip: isLater ? null : '127.0.0.1',
      result: refusal || isLater ? 'refused' : 'success',
      reason,
      request_id: isLater ? null : refusal ? refusal.json.request_id : expect.stringMatching(UUID),
    });
  });

  it.each<[reason: string, result: string, work: (world: World, somebody: Person) => Promise<Answer>]>([
    [
      'account.disabled',
      'user.login_failed',
      async ({ scene }, { email, password }) => {
        await scene.disable(email);
        return scene.login(email, password);
      },
    ],
    [
      'device',
      'login.limited',
      async ({ scene }, somebody) => {
        for (let n = 0; n < 5; n++)
          await scene.changePassword(somebody, WRONG_PASSWORD, 'another-Good-password-1');
        return scene.changePassword(somebody, WRONG_PASSWORD, 'another-Good-password-1');
      },
    ],
    [
      'session.stale',
      'access.refused',
      async ({ scene }, somebody) => {
        scene.advance(900);
        return scene.post('/sessions/revoke-others', {}, somebody);
      },
    ],
  ])('the reason %s', async (reason, kind, work) => {
    const somebody = await world.person();
    let answer: Answer | undefined;
    const told = await toldOf(async () => (answer = await work(world, somebody)));
    expect(told.at(-1)).toMatchObject({
      kind,
      reason,
      result: 'refused',
      request_id: answer!.json.request_id,
    });
  });

  it.each<[what: string, ask: (email: string) => Promise<Answer>]>([
    ['a sign-in', (email) => world.scene.login(email, WRONG_PASSWORD)],
    [
      'a sign-in that is locked',
      async (email) => (await world.scene.guess(email, 5), world.scene.login(email, WRONG_PASSWORD)),
    ],
    ['a forgotten password', (email) => world.scene.forgot(email)],
    ['a registration', (email) => world.scene.register(email)],
    ['another link', (email) => world.scene.resend(email)],
  ])('as many lines about %s, whether the address is known or not', async (_what, ask) => {
    const { email } = await world.person();
    const [known, unknown] = [await toldOf(() => ask(email)), await toldOf(() => ask(someone()))];
    expect(known.length).toBeGreaterThan(0);
    expect(known.map(({ kind }) => kind)).toEqual(unknown.map(({ kind }) => kind));
  });

  describe('R74: what a client sends begins no line', () => {
    it.each(ROUTES)('%s %s: in any of its fields and headers', async (method, path, fields) => {
      const somebody = await world.person();
      const good: Readonly<Record<string, unknown>> = {
        email: somebody.email,
        new_email: someone(),
        password: WRONG_PASSWORD,
        current_password: WRONG_PASSWORD,
        new_password: 'another-Good-password-1',
        token: 'A'.repeat(43),
        pending_token: 'A'.repeat(43),
        mfa_pending_token: 'A'.repeat(43),
        phone_number: '+4915112345678',
        code: '000000',
        method: 'totp',
      };
      const whole = Object.fromEntries(fields.map((field) => [field, good[field]]));
      const caller = path.startsWith('/admin') ? world.admin : somebody;
      const heads: Head[] = [caller, { token: NASTY.replaceAll(/[^a-z]/g, '') }];
      const nasty: Readonly<Record<string, unknown>> = { roles: [NASTY], attributes: { [NASTY]: NASTY } };
      for (const head of heads)
        for (const field of fields) {
          const body = { ...whole, [field]: nasty[field] ?? NASTY };
          await world.scene.ask(method, path.replace(':id', somebody.id), body, {
            ...head,
            headers: HEADERS,
          });
        }
      expect(log.lines.filter(({ whole: text }) => text.includes('user.promoted"}'))).toEqual([]);
    });

    it.each(['\u001b[2J', '\r', '\r\n \u001b', '\n', '\0', '\u009b', '\u0085'])(
      'the bytes %j in a header or in the path',
      async (bytes) => {
        const { token } = await world.person();
        const line = `${bytes}{"kind":"user.promoted"}`;
        const told = await toldOf(async () => {
          for (const name of ['User-Agent', 'X-Forwarded-For', 'X-Request-Id', 'Cookie'])
            for (const path of ['', `?x=${line}`])
              await sendHead(world.scene.stage.host.url, [
                `GET /api/auth/admin/stats${path} HTTP/1.1`,
                'Host: localhost',
                `Authorization: Bearer ${token}`,
                `${name}: 203.0.113.7${line}`,
              ]);
        });
        expect(new Set(told.map(({ kind }) => kind))).not.toContain('user.promoted');
        expect(log.lines.filter(({ whole }) => whole.includes('user.promoted"}'))).toEqual([]);
      },
    );

    it.each(Object.keys(HEADERS))('%s alone, with a session and without', async (name) => {
      const headers = { [name]: HEADERS[name]! };
      const told = await toldOf(async () => {
        await world.scene.login(VETOED, 'x', { headers });
        await world.scene.ask('GET', '/admin/stats', undefined, { ...(await world.person()), headers });
      });
      const ip = name === 'x-forwarded-for' ? '203.0.113.7' : '127.0.0.1';
      for (const kind of ['hook.refused', 'access.refused'])
        expect(told.filter((one) => one.kind === kind)).toMatchObject([{ ip }]);
    });
  });

  describe('G17: after all of that', () => {
    it('every line is one line of JSON with exactly these fields, and none is empty that need not be', () => {
      expect(log.security.length).toBeGreaterThan(300);
      for (const { level, text } of log.security) {
        expect(text).not.toMatch(CONTROL);
        const line = JSON.parse(text) as SecurityLine;
        expect(Object.keys(line)).toEqual(FIELDS);
        expect(KINDS).toContain(line.kind);
        expect(new Date(line.time).toISOString()).toBe(line.time);
        expect(['success', 'refused']).toContain(line.result);
        expect(level).toBe(line.result === 'refused' ? 'warn' : 'log');
        expect(line.reason ?? 'none').toMatch(/^[a-z_.+]+$/);
      }
    });

    it('people are ids; places are addresses; nothing that anybody typed is there', () => {
      for (const { actor, target, ip, request_id } of log.since(0)) {
        for (const id of [actor, target]) if (id !== null) expect(id).toMatch(ID);
        // The first admin was made by the code of the host.
        if (ip !== null) expect([isIP(ip), request_id]).toEqual([4, expect.stringMatching(UUID)]);
      }
      const all = log.security.map(({ text }) => text).join('\n');
      expect(all).not.toMatch(/@|example|Bob|editor|password-1|\+49|\b\d{6}\b/);
    });

    it('each kind was seen, and nothing else was logged', () => {
      expect(new Set(log.since(0).map(({ kind }) => kind))).toEqual(new Set(KINDS));
      // For the operator, who may not read the security log, a dead letter is in the log of the app too.
      const others = log.lines.filter(({ context }) => context !== 'RegStackSecurity');
      expect(others.filter(({ text }) => !/^outbox: [\w-]+ [\w-]+ .*, given up$/.test(text))).toEqual([]);
    });
  });

  describe('GET /admin/audit', () => {
    interface Page {
      readonly items: (SecurityLine & { readonly id: string })[];
      readonly next_cursor: string | null;
    }
    const page = async (query: string): Promise<Answer> => world.asAdmin('GET', `/audit?${query}`);
    const walk = async (query: string): Promise<SecurityLine[]> => {
      const found: SecurityLine[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { json } = (await page(query + (cursor && `&cursor=${cursor}`))) as { json: Page };
        for (const { id, ...line } of json.items) {
          expect(id).toMatch(ID);
          found.push(line);
        }
        cursor = json.next_cursor;
      }
      return found;
    };
    /** What the log has told, newest first. */
    const told = (): SecurityLine[] => log.since(0).toReversed();

    it.each([3, 50, 200])('has the same records, newest first, page by page of %i', async (limit) => {
      expect(await walk(`limit=${limit}`)).toEqual(told());
    });

    it('those of a kind', async () => {
      for (const kind of KINDS)
        expect(await walk(`limit=200&kind=${kind}`)).toEqual(told().filter((line) => line.kind === kind));
    });

    it('R40: those of a user, done by them or to them, of one who is gone as well; of nobody', async () => {
      const of = (id: string) => told().filter(({ actor, target }) => actor === id || target === id);
      const gone = told().find(({ kind }) => kind === 'user.deleted')!.target!;
      for (const id of [world.admin.id, gone]) {
        expect(of(id).length).toBeGreaterThan(1);
        expect(await walk(`limit=200&user_id=${id}`)).toEqual(of(id));
      }
      expect(await walk(`limit=3&user_id=${world.admin.id}&kind=user.disabled`)).toEqual(
        of(world.admin.id).filter(({ kind }) => kind === 'user.disabled'),
      );
      for (const query of ['user_id=nobody', 'kind=no.kind', "kind=' OR 1=1 --"])
        expect(await walk(query)).toEqual([]);
    });

    it('a cursor that was changed, and a limit that is none, are 422', async () => {
      const { json } = (await page('limit=5')) as { json: Page };
      const cursor = json.next_cursor!;
      for (const forged of [
        cursor.slice(1),
        `${cursor}x`,
        `${cursor}.x`,
        cursor.replace('.', '..'),
        json.items[0]!.id,
        'x',
      ])
        expect((await page(`cursor=${forged}`)).json).toMatchObject({
          code: 'request.invalid',
          errors: [{ field: 'cursor' }],
        });
      for (const query of [
        'limit=0',
        'limit=201',
        'limit=x',
        'limit=1&limit=2',
        'kind[]=x',
        'user_id[$ne]=x',
      ])
        expect((await page(query)).status).toBe(422);
    });
  });
});
