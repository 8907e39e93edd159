import { randomUUID } from 'node:crypto';
import { tokensIn } from './answers';
import { whileMails } from './outbox.faults';
import { type Answer, type Member, outcome, Scene, someone } from './scene';

const HOST = { enableAdminRouter: true, enableSms2fa: true };

interface Item {
  readonly id: string;
  readonly recipient: string | null;
  readonly state: string;
}

describe('the outbox for admins', () => {
  let scene: Scene;
  let admin: Member;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
  });
  afterAll(() => scene.close());

  const get = (query = ''): Promise<Answer> =>
    scene.get(`/api/auth/admin/outbox${query}`, { token: admin.token });
  const items = async (query = ''): Promise<Item[]> => (await get(query)).json.items as Item[];
  const retry = (id: string, token = admin.token): Promise<Answer> =>
    scene.post(`/admin/outbox/${id}/retry`, undefined, { token });
  /** Somebody whose registration mail became that; answers the mail, too. */
  const stranded = async (become: 'dead' | 'waiting') => {
    const email = someone();
    const [mail] = await whileMails(become, scene, () => scene.register(email));
    return { email, mail: mail!, id: mail!.id };
  };

  it('messages are listed newest first with what the queue knows, and counted', async () => {
    const sentTo = someone();
    await scene.register(sentTo);
    await scene.stage.quiet();
    const { id } = await stranded('dead');
    scene.advance(1);
    const waiting = await stranded('waiting');
    const { json } = await get();
    const [newest, dead, sent] = json.items;
    const now = scene.stage.clock.now();
    expect(newest).toEqual({
      ...{ id: waiting.id, kind: 'registration-verify', channel: 'mail', state: 'queued', attempts: 1 },
      ...{ recipient: 'u…@example.org', last_error: 'Error ECONNREFUSED', created_at: now.toISOString() },
      due_at: expect.stringMatching(/^2100-01-01T00:00:0/),
    });
    expect(dead).toMatchObject({ id, state: 'dead', last_error: 'MailRejectedError', due_at: null });
    expect(sent).toMatchObject({ state: 'sent', recipient: null, last_error: null, due_at: null });
    expect(json.counts).toEqual({
      ...{ queued: 1, dead: 1 },
      sent: json.items.length - 2,
    });
    expect((await items('?state=dead')).map((one) => one.id)).toEqual([id]);
    const first = await get('?limit=1');
    const next = await get(`?limit=1&cursor=${first.json.next_cursor}`);
    expect([first.json.items[0].id, next.json.items[0].id]).toEqual([waiting.id, id]);
    await retry(waiting.id);
    await retry(id);
    await scene.stage.quiet();
  });

  it('W46, R72: no answer holds an address, a number, a token or a word of a message, nor its ciphertext', async () => {
    const { email, mail, id } = await stranded('dead');
    const texts = [(await get()).text, (await get('?state=dead')).text, (await retry(id)).text];
    const secrets = [email, email.split('@')[0]!, ...tokensIn(mail), mail.subject, mail.text.slice(0, 40)];
    expect(secrets.length).toBeGreaterThan(4);
    for (const text of texts) {
      for (const secret of secrets) expect(text).not.toContain(secret);
      // Ids have 36 characters with their dashes, the pieces of ciphertexts have no dots in front of seconds.
      expect(text).not.toMatch(/[\w-]{40}|sealed|challenge|alice|secret/);
    }
    await scene.stage.quiet();
    expect(await scene.mailsTo(email)).toHaveLength(1);
  });

  it('a dead letter is sent when an admin asks for it, and nobody can ask for it twice', async () => {
    const { email, id, mail } = await stranded('dead');
    const retried = await retry(id);
    expect([retried.status, retried.json]).toEqual([
      200,
      expect.objectContaining({ id, state: 'queued', recipient: 'u…@example.org' }),
    ]);
    expect(await scene.mailsTo(email)).toEqual([mail]);
    expect(outcome(await retry(id))).toEqual([409, 'message.sent']);
    expect((await scene.verify(await scene.tokenTo(email))).status).toBe(200);
  });

  it('one that waits for its next attempt is sent at once', async () => {
    const { email, id } = await stranded('waiting');
    expect((await retry(id)).json).toMatchObject({ state: 'queued', attempts: 1 });
    expect(await scene.mailsTo(email)).toHaveLength(1);
  });

  it('of 32 parallel retries one mail comes', async () => {
    const { email, id } = await stranded('dead');
    const answers = await Promise.all(Array.from({ length: 32 }, () => retry(id)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(statuses.has(200)).toBe(true);
    expect(await scene.mailsTo(email)).toHaveLength(1);
  });

  it('what nobody could use any more is refused: its link is used, or over', async () => {
    const [used, over] = [await stranded('dead'), await stranded('dead')];
    expect((await scene.verify(tokensIn(used.mail)[0]!)).status).toBe(200);
    scene.advance(60);
    expect(outcome(await retry(used.id))).toEqual([409, 'message.expired']);
    scene.advance(86_401);
    admin = await scene.signIn(admin.email, admin.password);
    expect(outcome(await retry(over.id))).toEqual([409, 'message.expired']);
    expect(await scene.mailsTo(over.email)).toEqual([]);
  });

  it.each(['x', randomUUID(), '01900000-0000-7000-8000-000000000000', '%00', '{"$ne":null}', "' OR 1=1 --"])(
    'there is no message %s',
    async (id) => {
      expect(outcome(await retry(encodeURIComponent(id)))).toEqual([404, 'message.not_found']);
    },
  );

  it.each(['state=', 'state=gone', 'state=dead&state=sent', 'state[$ne]=dead', 'limit=0', 'cursor=x', 'q=a'])(
    'a query that is not as it should be is refused: %s',
    async (query) => {
      expect(outcome(await get(`?${query}`))).toEqual([422, 'request.invalid']);
    },
  );

  it('R56: admins only, with a fresh session', async () => {
    const { email, id } = await stranded('dead');
    const member = await scene.member();
    expect(outcome(await retry(id, member.token))).toEqual([403, 'account.not_allowed']);
    expect(outcome(await scene.get('/api/auth/admin/outbox', member))).toEqual([403, 'account.not_allowed']);
    expect(outcome(await scene.get('/api/auth/admin/outbox'))).toEqual([401, 'session.required']);
    scene.advance(901);
    expect(outcome(await retry(id))).toEqual([403, 'session.stale']);
    expect(await scene.mailsTo(email)).toEqual([]);
    admin = await scene.signIn(admin.email, admin.password);
  });
});
