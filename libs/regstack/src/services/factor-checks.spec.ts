import { Logger } from '@nestjs/common';
import { type By, originOf } from '../kernel/origin';
import type { MfaMethod } from '../kernel/sign-in-proof';
import type { CredentialRecord } from '../ports/user.repository';
import { aTotp, aUser, NO_FACTOR, PHONE } from '../testing/contracts/samples';
import { loadRegStackConfig } from '../config/load-config';
import { FactorChecks } from './factor-checks';
import { MfaService } from './mfa.service';
import type { OutboxService } from './outbox.service';
import type { RecoveryCodes } from './recovery-codes';
import type { SecurityLog } from './security-log';
import type { SecurityNotices } from './security-notices';
import type { SmsCodes } from './sms-codes';
import type { Totp } from './totp';

const BY: By = {
  actor: null,
  origin: originOf(null, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 'a request'),
};
const RECOVERY = 'abcd-efgh-ijkm-npqr-stuv-2345';

describe('FactorChecks', () => {
  const totp = { use: jest.fn<Promise<boolean>, unknown[]>() };
  const sms = { use: jest.fn<Promise<string | null>, unknown[]>() };
  const recovery = {
    use: jest.fn<Promise<number | null>, unknown[]>(),
    looksLike: (text: string) => text === RECOVERY,
  };
  const notices = { recoveryCodeUsed: jest.fn() };
  const outbox = { send: jest.fn() };
  const log = { note: jest.fn() };
  const config = loadRegStackConfig(
    { jwtSecret: 'x'.repeat(32), mfaPolicy: 'off', enableTotp: false },
    { env: {} },
  );
  const checks = new FactorChecks(
    new MfaService(config, {} as never, {} as never),
    totp as unknown as Totp,
    sms as unknown as SmsCodes,
    recovery as unknown as RecoveryCodes,
    notices as unknown as SecurityNotices,
    outbox as unknown as OutboxService,
    log as unknown as SecurityLog,
  );
  beforeEach(() => {
    jest.resetAllMocks();
    totp.use.mockResolvedValue(false);
    sms.use.mockResolvedValue(null);
    recovery.use.mockResolvedValue(null);
    notices.recoveryCodeUsed.mockResolvedValue('a notice');
  });

  const userWith = (changes: Partial<CredentialRecord>): CredentialRecord => ({
    ...aUser(),
    ...NO_FACTOR,
    isActive: true,
    roles: [],
    phoneNumber: null,
    isMfaEnabled: true,
    lastLogin: null,
    authEpoch: 3,
    emailUndo: null,
    ...changes,
  });
  const both = userWith({ totp: aTotp(), phoneNumber: PHONE, recoveryCodesLeft: 3 });
  const check = (user: CredentialRecord, code: string, method?: MfaMethod) =>
    checks.check(user, { code, method, subjectId: 'a sign-in' }, BY);
  const looks = () => [totp.use, sms.use, recovery.use].map(({ mock }) => mock.calls.length);

  it.each<[string, MfaMethod | undefined, MfaMethod | null, number[]]>([
    ['of the app', undefined, 'totp', [1, 0, 0]],
    ['of the app, named', 'totp', 'totp', [1, 0, 0]],
    ['of the app, named as one by SMS', 'sms', null, [0, 1, 0]],
    ['of the app, named as a recovery code', 'recovery_code', null, [0, 0, 0]],
  ])('a right code %s', async (_, method, proved, calls) => {
    totp.use.mockResolvedValue(true);
    expect(await check(both, '123456', method)).toBe(proved);
    expect(looks()).toEqual(calls);
  });

  it.each<[string, MfaMethod | undefined, MfaMethod | null, number[]]>([
    ['unnamed', undefined, 'sms', [1, 1, 0]],
    ['named', 'sms', 'sms', [0, 1, 0]],
    ['named as one of the app', 'totp', null, [1, 0, 0]],
  ])('a right code by SMS, %s', async (_, method, proved, calls) => {
    sms.use.mockResolvedValue(PHONE);
    expect(await check(both, '123456', method)).toBe(proved);
    expect(looks()).toEqual(calls);
    if (calls[1]) expect(sms.use).toHaveBeenCalledWith({ subjectId: 'a sign-in', authEpoch: 3 }, '123456');
  });

  it('W21: a code that was sent to another number than the user has proves nothing', async () => {
    sms.use.mockResolvedValue('+12025550143');
    expect(await check(both, '123456')).toBeNull();
  });

  it.each([undefined, 'totp', 'sms', 'recovery_code'] as const)(
    'a recovery code is known by its form, whatever it is named as: %s; nothing else is looked at',
    async (method) => {
      recovery.use.mockResolvedValue(2);
      expect(await check(both, RECOVERY, method)).toBe('recovery_code');
      expect(looks()).toEqual([0, 0, 1]);
      expect(notices.recoveryCodeUsed).toHaveBeenCalledWith(both, 2, BY);
      expect(outbox.send).toHaveBeenCalledWith('a notice');
      expect(log.note).toHaveBeenCalledWith('mfa.recovery_code_used', BY, { target: both.id });
    },
  );

  it('the last one counts, though none is left after it', async () => {
    recovery.use.mockResolvedValue(0);
    expect(await check(both, RECOVERY)).toBe('recovery_code');
  });

  it('a wrong one proves nothing, and nobody is told', async () => {
    expect(await check(both, RECOVERY)).toBeNull();
    expect([notices.recoveryCodeUsed.mock.calls.length, log.note.mock.calls.length]).toEqual([0, 0]);
  });

  it.each([
    ['cannot be stored', () => outbox.send.mockRejectedValue(new Error('no database'))],
    [
      'cannot be written',
      () => notices.recoveryCodeUsed.mockRejectedValue(new Error('a template of the host')),
    ],
  ])('a code that was used up counts, though its notice %s', async (_, fails) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    recovery.use.mockResolvedValue(2);
    fails();
    expect(await check(both, RECOVERY)).toBe('recovery_code');
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it.each<[string, CredentialRecord, MfaMethod]>([
    ['sms', userWith({ totp: aTotp() }), 'sms'],
    ['totp', userWith({ phoneNumber: PHONE }), 'totp'],
  ])('a factor that the user does not have is refused by name: %s', async (_, user, method) => {
    await expect(check(user, '123456', method)).rejects.toMatchObject({ code: 'mfa.method_unavailable' });
    expect(looks()).toEqual([0, 0, 0]);
  });

  it.each<[string, Partial<CredentialRecord>]>([
    ['no factor', {}],
    ['recovery codes alone', { recoveryCodesLeft: 10 }],
    ['factors that were switched off', { isMfaEnabled: false, totp: aTotp(), phoneNumber: PHONE }],
  ])('R47: a broken state proves nothing, not even a recovery code: %s', async (_, changes) => {
    for (const code of ['123456', RECOVERY])
      await expect(check(userWith(changes), code)).rejects.toMatchObject({ code: 'mfa.unavailable' });
    expect(looks()).toEqual([0, 0, 0]);
  });
});
