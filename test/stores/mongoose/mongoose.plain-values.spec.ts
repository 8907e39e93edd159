import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import type { AuditRecord } from '../../../libs/regstack/src/ports/audit.repository';
import {
  aChallenge,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  aRemoval,
  aSession,
  at,
  aUser,
  BOB,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS } from './topologies';

const FIRST = { before: null, limit: 1 };
const RECORD: AuditRecord = {
  ...{ id: 'id', at: T0, kind: 'login', actor: null, target: null, ip: null },
  ...{ result: 'success', reason: null, requestId: null },
};

describeOnMongo('what reaches a query on MongoDB', () => {
  let url: string;
  let store: MongooseStore;
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
    store = await MongooseStore.open(url, OPTIONS);
  });
  afterEach(async () => {
    await store.close();
    await DATABASES.mongo.drop(url);
  });

  it('an object in place of a text is refused everywhere: it would act as an operator', async () => {
    const { users, accounts, audit, sessions, challenges, budgets, outbox, pendingRegistrations } = store;
    const { trustedDevices, keyUses } = store;
    const { id } = await users.create(aUser());
    await sessions.open(aSession(id));
    const any = { $ne: null } as never;
    const [attempt, link, undo] = [anAttempt(), aChallenge('subject'), anUndo(ALICE)];
    const removal = aRemoval();
    const trust = { id: 'trust', userId: id, authEpoch: 0, deviceId: 'device', ip: null, userAgent: null };
    const device = { ...trust, createdAt: T0, expiresAt: at(60) };
    const totp = { sealedSecret: 'kid.secret', lastStep: 0 };
    const everybody = { search: null, isActive: null, isVerified: null, isSuperuser: null };
    const calls: Record<string, () => Promise<unknown>> = {
      create: () => users.create(aUser({ id: any })),
      findById: () => users.findById(any),
      findForLogin: () => users.findForLogin(any),
      isTaken: () => users.isTaken(any, T0),
      changeCredentials: () => users.changeCredentials(any, 0, { passwordHash: 'x' }, []),
      changeEpoch: () => users.changeCredentials(id, any, { passwordHash: 'x' }, []),
      changeHash: () => users.changeCredentials(id, 0, { passwordHash: any }, []),
      changePhone: () => users.changeCredentials(id, 0, { phoneNumber: any }, []),
      changeSecret: () => users.changeCredentials(id, 0, { totp: { ...totp, sealedSecret: any } }, []),
      changeStep: () => users.changeCredentials(id, 0, { totp: { ...totp, lastStep: any } }, []),
      changeCodes: () => users.changeCredentials(id, 0, { recoveryCodes: ['code', any] }, []),
      changeMfa: () => users.changeCredentials(id, 0, { isMfaEnabled: any }, []),
      keepSession: () => users.changeCredentials(id, 0, {}, [], any),
      useStep: () => users.useTotpStep(id, 0, any),
      useStepOf: () => users.useTotpStep(any, 0, 1),
      useStepOfEpoch: () => users.useTotpStep(id, any, 1),
      useCode: () => users.useRecoveryCode(id, 0, any),
      useCodeOf: () => users.useRecoveryCode(any, 0, 'code'),
      useCodeOfEpoch: () => users.useRecoveryCode(id, any, 'code'),
      findCredentials: () => users.findCredentials(any),
      findByUndo: () => users.findByUndo(any, T0),
      changeEmail: () => users.changeEmail(any, 0, { email: BOB, undo }, [], T0),
      changeEmailEpoch: () => users.changeEmail(id, any, { email: BOB, undo }, [], T0),
      changeEmailTo: () => users.changeEmail(id, 0, { email: any, undo }, [], T0),
      changeEmailFrom: () => users.changeEmail(id, 0, { email: BOB, undo: { ...undo, email: any } }, [], T0),
      undoEmailChange: () => users.undoEmailChange(any, undo, [], T0),
      undoToken: () => users.undoEmailChange(id, { ...undo, tokenHash: any }, [], T0),
      undoOfEpoch: () => users.changeEmail(id, 0, { email: BOB, undo: { ...undo, authEpoch: any } }, [], T0),
      undoTo: () => users.undoEmailChange(id, { ...undo, email: any }, [], T0),
      replaceHash: () => users.replaceHash(id, any, 'x'),
      changeCodesKey: () =>
        users.changeCredentials(id, 0, { recoveryCodes: ['code'], recoveryKeyId: any }, []),
      secretsUnder: () => keyUses.findSealed('totp', any, FIRST),
      secretsBehind: () => keyUses.findSealed('totp', 'kid', { before: any, limit: 1 }),
      messagesUnder: () => keyUses.findSealed('outbox', any, FIRST),
      messagesBehind: () => keyUses.findSealed('outbox', 'kid', { before: any, limit: 1 }),
      reseal: () => keyUses.reseal('totp', any, 'kid.1', 'kid.2'),
      resealFrom: () => keyUses.reseal('totp', id, any, 'kid.2'),
      resealTo: () => keyUses.reseal('totp', id, 'kid.1', any),
      resealMessage: () => keyUses.reseal('outbox', any, 'kid.1', 'kid.2'),
      resealMessageFrom: () => keyUses.reseal('outbox', id, any, 'kid.2'),
      resealMessageTo: () => keyUses.reseal('outbox', id, 'kid.1', any),
      open: () => sessions.open(aSession(any)),
      openEpoch: () => sessions.open(aSession(id, { authEpoch: any })),
      authenticate: () => sessions.authenticate(any, T0),
      renewSession: () => sessions.renew(any, T0),
      touch: () => sessions.touch(any, T0, T0),
      listSessions: () => sessions.listFor(any, 0, T0),
      listSessionsOfEpoch: () => sessions.listFor(id, any, T0),
      close: () => sessions.close(id, any),
      closeOf: () => sessions.close(any, 'id'),
      closeOthers: () => sessions.closeOthers(id, any),
      closeOthersOf: () => sessions.closeOthers(any, 'id'),
      closeAllFor: () => sessions.closeAllFor(any, 1),
      changeAccount: () => accounts.changeAccount(any, { fullName: 'x' }),
      changeName: () => accounts.changeAccount(id, { fullName: any }),
      changeRole: () => accounts.changeAccount(id, { roles: [any] }),
      disable: () => accounts.changeAccount(any, { isActive: false }),
      promote: () => accounts.changeAccount(id, { isSuperuser: any }),
      remove: () => accounts.remove(any, removal),
      removeEpoch: () => accounts.remove(id, { ...removal, expectedEpoch: any }),
      removeNotice: () => accounts.remove(id, { ...removal, notices: [aMessage({ sealedBody: any })] }),
      removeAt: () => accounts.remove(id, { ...removal, at: any }),
      search: () => accounts.countOf({ ...everybody, search: any }),
      filter: () => accounts.countOf({ ...everybody, isActive: any }),
      listBehind: () => accounts.list(everybody, { before: any, limit: 1, skip: 0 }),
      listAttempts: () => pendingRegistrations.list({ before: any, limit: 1 }, T0),
      append: () => audit.append([{ ...RECORD, reason: any }]),
      auditKind: () => audit.list({ kind: any, names: null }, FIRST),
      auditUser: () => audit.list({ kind: null, names: [any] }, FIRST),
      add: () => pendingRegistrations.add({ ...attempt, email: any }, link, aMessage()),
      activate: () => pendingRegistrations.activate(any, T0),
      settleUser: () => pendingRegistrations.settle(aUser({ email: any })),
      findAttempts: () => pendingRegistrations.findLive(any, 1, T0),
      dropAttempts: () => pendingRegistrations.dropAllFor(any),
      issue: () => challenges.issue(aChallenge('subject', { tokenHash: any }), aMessage()),
      findLive: () => challenges.findLive(['registration'], any, T0),
      issueTo: () => challenges.issue(aChallenge('subject', { phoneNumber: any }), null),
      issueWith: () => challenges.issue(aChallenge('subject', { payload: any }), null),
      issueOf: () => challenges.issue(aChallenge('subject', { userId: any }), null),
      findAbout: () => challenges.findLiveAbout('sms-code', any, T0),
      findKind: () => challenges.findLiveAbout(any, 'subject', T0),
      guess: () => challenges.countGuess(any, 5, T0),
      guessLimit: () => challenges.countGuess('id', any, T0),
      consume: () => challenges.consume(any, T0),
      dropChallenges: () => challenges.dropAllFor(any, 1),
      reserve: () => budgets.reserve(any, 5, 60, T0),
      isSpent: () => budgets.isSpent(any, 5, T0),
      isSpentLimit: () => budgets.isSpent('key', any, T0),
      refund: () => budgets.refund(any, T0),
      release: () => budgets.release(any, T0),
      forget: () => budgets.forget(any),
      trust: () => trustedDevices.trust({ ...device, userAgent: any }),
      trustDevice: () => trustedDevices.trust({ ...device, deviceId: any }),
      isTrusted: () => trustedDevices.isTrusted(id, any, 0, T0),
      isTrustedOf: () => trustedDevices.isTrusted(any, 'device', 0, T0),
      isTrustedOfEpoch: () => trustedDevices.isTrusted(id, 'device', any, T0),
      listTrusted: () => trustedDevices.listFor(any, 0, T0),
      listTrustedOfEpoch: () => trustedDevices.listFor(id, any, T0),
      distrust: () => trustedDevices.distrust(id, any),
      distrustOf: () => trustedDevices.distrust(any, 'trust'),
      distrustOthers: () => trustedDevices.distrustOthers(id, any),
      distrustOthersOf: () => trustedDevices.distrustOthers(any, 'device'),
      distrustAllFor: () => trustedDevices.distrustAllFor(any, 1),
      enqueue: () => outbox.enqueue(aMessage({ recipient: any })),
      renew: () => outbox.renew(any, 60, T0),
      settle: () => outbox.settle(any, 'lease', T0),
      settleLease: () => outbox.settle('id', any, T0),
      fail: () => outbox.fail('id', any, 'reason', null),
      retry: () => outbox.retry(any, T0),
      listMessages: () => outbox.list(any, FIRST),
      listMessagesBehind: () => outbox.list('dead', { before: any, limit: 1 }),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call().then(() => name)).rejects.toThrow('is not a plain value');
      await expect(call().then(() => name)).rejects.toBeInstanceOf(TypeError);
    }
    expect((await users.findById(id))?.authEpoch).toBe(0);
    await expect(users.findById(undefined as never)).rejects.toBeInstanceOf(TypeError);
  });
});
