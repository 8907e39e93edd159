import { Injectable } from '@nestjs/common';
import {
  AccountHooks,
  type DeletionAttempt,
  PasswordHasher,
  type RegistrationAttempt,
  type SignInAttempt,
  UsersService,
  Veto,
} from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import { type Answer, type Member, outcome, type Scene, someone, WRONG_PASSWORD } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { openShop, published } from './shop';

const SENTENCE = 'Ask "us" first, bitte schön.';

type Mood = 'calm' | 'veto' | 'throw';

/** Hooks of a shop in a mood, which keep what they were asked. */
@Injectable()
class Hooks extends AccountHooks {
  static mood: Mood = 'calm';
  static readonly asked: unknown[] = [];

  /** A provider like any other of the module. */
  constructor(readonly hasher: PasswordHasher) {
    super();
  }

  override beforeRegister(attempt: RegistrationAttempt) {
    return this.answer(attempt);
  }

  override async beforeSignIn(attempt: SignInAttempt) {
    return this.answer(attempt);
  }

  override beforeDelete(attempt: DeletionAttempt) {
    return this.answer(attempt);
  }

  private answer(attempt: unknown): Veto | null {
    Hooks.asked.push(attempt);
    if (Hooks.mood === 'throw') throw new Error('the code of the host, about someone@example.org');
    return Hooks.mood === 'veto' ? new Veto(SENTENCE) : null;
  }
}

/** All of an answer that may not tell who has an account. */
const bytesOf = ({ status, headers, text, json }: Answer) => [
  status,
  [...headers].filter(([name]) => name !== 'date' && name !== 'etag'),
  text.replace(json.request_id as string, ''),
];

describe('hooks of the host', () => {
  let scene: Scene;
  let store: MemoryStore;
  let member: Member;
  let admin: Member;
  let id: string;
  beforeAll(async () => {
    ({ scene, store } = await openShop({
      trustedProxies: 1,
      providers: [{ provide: AccountHooks, useClass: Hooks }],
    }));
    [member, admin] = [await scene.member(), await scene.admin()];
    id = (await users().findByEmail(member.email))!.id;
  });
  beforeEach(() => {
    Hooks.mood = 'calm';
    Hooks.asked.length = 0;
  });
  afterAll(() => scene.close());

  const users = (): UsersService => scene.stage.host.app.get(UsersService, { strict: false });
  const HEAD = { headers: { 'x-forwarded-for': '10.9.9.9, 203.0.113.7' } };

  /** All that is stored but for the audit log. Of budgets only which there are: those of clients count whatever becomes of a login. */
  const stored = (): string => {
    const { audit: _, budgets, ...tables } = store.tables;
    const rows = Object.entries({ ...tables }).map(([name, table]) => [
      name,
      ...(table as Map<string, unknown>),
    ]);
    return JSON.stringify([rows, [...budgets.keys()]]);
  };

  /** What the work changes in the store, sends and tells. */
  const traces = async (work: () => Promise<unknown>) => {
    await scene.stage.quiet();
    await published();
    scene.takeEvents();
    const [before, mails] = [stored(), scene.stage.mail.sent.length];
    await work();
    await scene.stage.quiet();
    await published();
    return {
      isSame: stored() === before,
      mails: scene.stage.mail.sent.length - mails,
      events: scene.takeEvents(),
    };
  };
  const NONE = { isSame: true, mails: 0, events: [] };

  const register = (email: string) => scene.post('/register', { email, password: PASSWORD }, HEAD);
  const ROUTES: readonly (readonly [name: string, ask: (email: string) => Promise<Answer>])[] = [
    ['beforeRegister', register],
    ['beforeSignIn', (email) => scene.login(email, PASSWORD, HEAD)],
    [
      'beforeSignIn by cookie',
      (email) => scene.post('/login?transport=cookie', { email, password: PASSWORD }, HEAD),
    ],
  ];
  const DELETIONS: readonly (readonly [name: string, ask: () => Promise<Answer>])[] = [
    ['its owner', () => scene.delete('/account', { current_password: PASSWORD }, { ...member, ...HEAD })],
    [
      'its owner behind a proxy',
      () => scene.post('/account/delete', { current_password: PASSWORD }, { ...member, ...HEAD }),
    ],
    ['an admin', () => scene.delete(`/admin/users/${id}`, undefined, { ...admin, ...HEAD })],
  ];

  describe.each(ROUTES)('%s', (_name, ask) => {
    /** Clients are counted before any hook is asked: their windows are open from here on. */
    const ready = async (mood: Mood): Promise<void> => {
      await ask(someone());
      Hooks.mood = mood;
    };

    it('a veto is 403 with the message of the host, the same for known and unknown addresses', async () => {
      await ready('veto');
      const answers = [await ask(member.email), await ask(someone())];
      for (const answer of answers) {
        expect(outcome(answer)).toEqual([403, 'hook.refused']);
        expect(answer.json.detail).toBe(SENTENCE);
        expect(Object.keys(answer.json as object)).toEqual([
          'type',
          'title',
          'status',
          'detail',
          'code',
          'request_id',
        ]);
      }
      expect(bytesOf(answers[0]!)).toEqual(bytesOf(answers[1]!));
    });

    it.each(['veto', 'throw'] as const)(
      'a %s stores nothing, counts nothing, hashes nothing, mails nothing',
      async (mood) => {
        await ready(mood);
        const { hasher } = scene.stage.host.app.get<Hooks>(AccountHooks, { strict: false });
        const spies = [jest.spyOn(hasher, 'hash'), jest.spyOn(hasher, 'verify')];
        for (const email of [member.email, someone()]) expect(await traces(() => ask(email))).toEqual(NONE);
        for (const spy of spies) {
          expect(spy).not.toHaveBeenCalled();
          spy.mockRestore();
        }
      },
    );

    it('one that throws is 500 with a body that tells nothing, for known and unknown addresses', async () => {
      await ready('throw');
      const answers = [await ask(member.email), await ask(someone())];
      for (const answer of answers) expect(outcome(answer)).toEqual([500, 'server.error']);
      expect(answers[0]!.text).not.toMatch(/host|someone/);
      expect(bytesOf(answers[0]!)).toEqual(bytesOf(answers[1]!));
    });
  });

  it('no attempt counts that a hook has refused', async () => {
    const { email } = await scene.member();
    for (const mood of ['veto', 'throw'] as const) {
      Hooks.mood = mood;
      for (let n = 0; n < 6; n++) await scene.login(email, WRONG_PASSWORD);
    }
    Hooks.mood = 'calm';
    expect(await scene.guess(email, 6)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('hooks are asked with what was typed, in canonical form, and the address of the client', async () => {
    const email = someone();
    const body = {
      email: email.toUpperCase(),
      password: PASSWORD,
      full_name: 'Bob',
      attributes: { language: 'de' },
    };
    await scene.post('/register', body, HEAD);
    await scene.login(email.toUpperCase(), PASSWORD, HEAD);
    expect(Hooks.asked).toEqual([
      { email, fullName: 'Bob', attributes: { language: 'de' }, ip: '203.0.113.7' },
      { email, ip: '203.0.113.7' },
    ]);
    expect(JSON.stringify(Hooks.asked)).not.toContain(PASSWORD);
  });

  it('nobody is asked about what is refused anyway', async () => {
    await scene.post('/register', { email: 'nonsense', password: PASSWORD });
    await scene.post('/register', { email: someone(), password: PASSWORD, attributes: { company: 'x' } });
    await scene.login('nonsense', PASSWORD);
    await scene.post('/account/delete', { current_password: WRONG_PASSWORD }, member);
    await scene.delete(`/admin/users/${id}`, undefined, member);
    expect(Hooks.asked).toEqual([]);
  });

  describe.each(DELETIONS)('beforeDelete by %s', (name, ask) => {
    it('a veto is 403, and the account stays with its sessions; so it does when the hook throws', async () => {
      Hooks.mood = 'veto';
      const vetoed = await traces(async () => {
        const answer = await ask();
        expect([...outcome(answer), answer.json.detail]).toEqual([403, 'hook.refused', SENTENCE]);
      });
      Hooks.mood = 'throw';
      const thrown = await traces(async () => expect(outcome(await ask())).toEqual([500, 'server.error']));
      for (const { mails, events } of [vetoed, thrown]) expect([mails, events]).toEqual([0, []]);
      expect(await scene.isSignedIn(member.token)).toBe(true);
    });

    it('is asked with the public user, and with who does it', async () => {
      Hooks.mood = 'veto';
      await ask();
      const user = await users().findById(id);
      const by = name === 'an admin' ? (await users().findByEmail(admin.email))!.id : id;
      expect(Hooks.asked).toEqual([{ user, by, ip: '203.0.113.7' }]);
    });
  });

  it('the code of the host is asked too', async () => {
    Hooks.mood = 'veto';
    await expect(users().delete(id)).rejects.toMatchObject({ code: 'hook.refused', message: SENTENCE });
    expect(Hooks.asked).toEqual([{ user: await users().findById(id), by: null, ip: null }]);
  });

  it('what no hook refuses goes on', async () => {
    const other = await scene.member();
    expect((await scene.delete('/account', { current_password: PASSWORD }, other)).status).toBe(200);
    expect(Hooks.asked).toHaveLength(3);
  });
});
