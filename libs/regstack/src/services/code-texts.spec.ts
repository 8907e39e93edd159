import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { LiquidMailTemplates } from '../delivery/liquid.mail.templates';
import { LiquidSmsTemplates } from '../delivery/liquid.sms.templates';
import { type By, THE_APP } from '../kernel/origin';
import { canonicalPhoneNumber } from '../kernel/phone-number';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { UserRecord } from '../ports/user.repository';
import { aUser, OTHER_PHONE, PHONE } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { BudgetKeys } from './budget-keys';
import { CodeTexts } from './code-texts';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { OutboxService } from './outbox.service';
import type { OutboxWorker } from './outbox.worker';
import { SecretCipher } from './secret.cipher';
import type { SecurityLog } from './security-log';
import { type CodeSubject, SmsCodes } from './sms-codes';
import { SmsLimits } from './sms-limits.service';

const BY: By = { actor: null, origin: THE_APP };
const [NUMBER, OTHER_NUMBER] = [canonicalPhoneNumber(PHONE), canonicalPhoneNumber(OTHER_PHONE)];

describe('CodeTexts', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let user: UserRecord;
  let texts: CodeTexts;
  let codes: SmsCodes;
  let cipher: SecretCipher;
  let wake: jest.Mock;
  const told: unknown[] = [];
  const log = {
    note: (kind: string, _: By, { target, result = 'success', reason }: Record<string, unknown>) =>
      void told.push([kind, target, result, reason]),
  } as unknown as SecurityLog;

  const setUp = async (options: RegStackOptions = {}): Promise<void> => {
    const config = loadRegStackConfig(
      { jwtSecret: 'x'.repeat(32), smsMaxPerHour: 2, ...options },
      { env: {} },
    );
    const ring = new KeyRing(config, new InstanceName('default'));
    const keys = new BudgetKeys(ring);
    [store, clock] = [new MemoryStore(), new FakeClock()];
    [cipher, wake] = [new SecretCipher(ring), jest.fn()];
    codes = new SmsCodes(config, clock, store.challenges, ring);
    const limits = new SmsLimits(store.budgets, config, keys, clock);
    const [mails, sms] = [new LiquidMailTemplates(config), new LiquidSmsTemplates(config)];
    const worker = { wake } as unknown as OutboxWorker;
    const outbox = new OutboxService(mails, sms, cipher, store.outbox, worker, clock);
    texts = new CodeTexts(codes, limits, store.challenges, outbox, keys, log);
    user = await store.users.create(aUser());
    told.length = 0;
  };
  beforeEach(() => setUp());

  const about = (subjectId: string, number = NUMBER): CodeSubject => ({ subjectId, user, number });
  const send = (subjectId = 'one', number = NUMBER) =>
    texts.send('sms-sign-in', about(subjectId, number), BY);
  /** What a worker sends now, decrypted. */
  const dueTexts = async (): Promise<string[]> => {
    const due = await store.outbox.lease('sms', 100, 5, clock.now());
    for (const { id, leaseId } of due) await store.outbox.settle(id, leaseId, clock.now());
    const contents = due.map(({ id, sealedBody }) => cipher.open('outbox', sealedBody, id));
    return contents.map((content) => (JSON.parse(content) as { text: string }).text);
  };
  const codeIn = (text: string | undefined): string => /\d{6}/.exec(text ?? '')![0];
  const use = (code: string, subjectId = 'one') => codes.use({ subjectId, authEpoch: user.authEpoch }, code);
  /** Calls of every method of the store that writes, but for the counting. */
  const writes = () => {
    const spies = [
      jest.spyOn(store.challenges, 'issue'),
      jest.spyOn(store.challenges, 'consume'),
      jest.spyOn(store.challenges, 'dropAllFor'),
      jest.spyOn(store.outbox, 'enqueue'),
      jest.spyOn(store.users, 'changeCredentials'),
    ];
    return () => spies.map((spy) => spy.mock.calls.length);
  };

  it.each([
    ['sms-sign-in', 'sign_in'],
    ['sms-phone-setup', 'phone_setup'],
    ['sms-proof', 'proof'],
  ] as const)(
    '%s: the text has the code and how long it lives, and the code is good',
    async (kind, reason) => {
      expect(await texts.send(kind, about('one'), BY)).toBe(true);
      const [text, ...others] = await dueTexts();
      expect(others).toEqual([]);
      expect(text).toMatch(/^\d{6} is your code .* 5 minutes/);
      expect(await use(codeIn(text))).toBe(NUMBER);
      expect(told).toEqual([['mfa.code_sent', user.id, 'success', reason]]);
    },
  );

  it('P2: the text is to the number, belongs to the challenge, and is not to be read in the table', async () => {
    await send();
    const [message] = [...store.tables.outbox.values()];
    const [challenge] = [...store.tables.challenges.values()];
    expect(message).toMatchObject({ kind: 'sms-sign-in', recipient: NUMBER, challengeId: challenge!.id });
    expect(JSON.stringify(message)).not.toContain(codeIn((await dueTexts())[0]));
  });

  it('the worker is woken after the answer', async () => {
    await send();
    expect(wake).not.toHaveBeenCalled();
    await new Promise((next) => setImmediate(next));
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('a code that is used or replaced before its text leaves is not sent', async () => {
    await send();
    await send();
    expect(await dueTexts()).toHaveLength(1);
  });

  describe('when there were too many', () => {
    let code: string;
    beforeEach(async () => {
      await send();
      await send();
      code = codeIn((await dueTexts()).at(-1));
      told.length = 0;
    });

    it('W17: nothing is sent, and the code before stays good, however often', async () => {
      for (let n = 0; n < 5; n++) expect(await send()).toBe(false);
      expect(await dueTexts()).toEqual([]);
      expect(await use(code)).toBe(NUMBER);
    });

    it('nothing is sent later on either', async () => {
      await send();
      for (const seconds of [10, 49, 1, 300, 3600]) {
        clock.advance(seconds);
        expect(await dueTexts()).toEqual([]);
      }
    });

    it('guesses at the code before still count: a decoy brings no new ones', async () => {
      const wrong = code === '000000' ? '000001' : '000000';
      for (let n = 0; n < 5; n++) {
        expect(await use(wrong)).toBeNull();
        await send();
      }
      expect(await use(code)).toBeNull();
    });

    it('a subject of its own gets no code that is good', async () => {
      expect(await send('two')).toBe(false);
      expect(await store.challenges.findLiveAbout('sms-code', 'two', clock.now())).toBeNull();
    });

    it('R22: as much is written as when a text is sent', async () => {
      const counted = writes();
      expect(await send('two')).toBe(false);
      const withheld = counted();
      await setUp();
      const countedAgain = writes();
      expect(await send('two')).toBe(true);
      expect(withheld).toEqual(countedAgain());
      expect(withheld.slice(0, 1)).toEqual([1]);
    });

    it('R22: rows of a decoy look like any other', async () => {
      await send('two');
      const [challenges, messages] = [store.tables.challenges, store.tables.outbox];
      const keysOf = (rows: Map<string, object>) =>
        [...rows.values()].map((row) => Object.keys(row).toSorted());
      for (const rows of [challenges, messages]) expect(new Set(keysOf(rows).map(String)).size).toBe(1);
      const decoy = [...challenges.values()].at(-1)!;
      expect(decoy).toMatchObject({ kind: 'sms-code', userId: user.id, phoneNumber: NUMBER });
      expect(decoy.tokenHash).toMatch(/^[\w-]{43}$/);
      expect([...messages.values()].at(-1)!).toMatchObject({ kind: 'sms-sign-in', recipient: NUMBER });
    });

    it('decoys about one subject do not pile up', async () => {
      for (let n = 0; n < 5; n++) await send();
      expect(store.tables.challenges.size).toBe(2);
    });

    it('the log tells what was withheld', async () => {
      await send();
      expect(told).toEqual([['mfa.code_withheld', user.id, 'refused', 'sign_in']]);
    });

    it('sendOrRefuse tells until when; the code before stays good', async () => {
      clock.advance(100);
      await expect(texts.sendOrRefuse('sms-sign-in', about('one'), BY)).rejects.toMatchObject({
        code: 'sms.limited',
        retryAfterSeconds: 3500,
      });
      expect(await use(code)).toBe(NUMBER);
    });

    it('once the hour is over, a code is sent again', async () => {
      clock.advance(3600);
      await texts.sendOrRefuse('sms-sign-in', about('one'), BY);
      expect(await use(codeIn((await dueTexts())[0]))).toBe(NUMBER);
    });
  });

  it('the number of the user is no new one of its country, another is', async () => {
    await setUp({ smsMaxPerCountryPerDay: 1, smsMaxPerHour: 10 });
    user = (await store.users.changeCredentials(user.id, 0, { phoneNumber: NUMBER }, []))!;
    for (let n = 0; n < 3; n++) expect(await send()).toBe(true);
    expect(await send('one', OTHER_NUMBER)).toBe(true);
    expect(await send('one', OTHER_NUMBER)).toBe(false);
  });
});
