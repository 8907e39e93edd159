import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { THE_APP } from '../kernel/origin';
import type { SignInProof } from '../kernel/sign-in-proof';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { CredentialChanges, UserRecord } from '../ports/user.repository';
import { aDevice, aTotp, aUser, codes, PHONE } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import type { CodeTexts } from './code-texts';
import type { FactorChanges } from './factor-changes';
import { MfaGate } from './mfa-gate';
import type { MfaLimits } from './mfa-limits.service';
import { MfaService } from './mfa.service';
import type { SecurityLog } from './security-log';
import { TrustedDevicesService } from './trusted-devices.service';
import { WaitingSignIns } from './waiting-sign-ins';

const APP = { isMfaEnabled: true, totp: aTotp() } as const;
const NUMBER = { isMfaEnabled: true, phoneNumber: PHONE } as const;

describe('MfaGate', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let waiting: WaitingSignIns;
  const send = jest.fn();
  const isSpent = jest.fn();
  const at = { knownDevice: undefined, transport: 'cookie', origin: THE_APP } as const;

  const gateOf = (options: RegStackOptions = {}): MfaGate => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    const mfa = new MfaService(config, store.users, {} as FactorChanges);
    const log = { note: () => {} } as unknown as SecurityLog;
    const devices = new TrustedDevicesService(config, clock, store.users, store.trustedDevices, log);
    waiting = new WaitingSignIns(config, clock, store.challenges, store.users);
    const limits = { isSpent } as unknown as MfaLimits;
    return new MfaGate(mfa, limits, store.users, devices, waiting, { send } as unknown as CodeTexts);
  };
  beforeEach(() => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    send.mockReset().mockResolvedValue(true);
    isSpent.mockReset().mockResolvedValue(false);
  });

  const userWith = async (changes: CredentialChanges, isSuperuser = false): Promise<UserRecord> => {
    const { id } = await store.users.create(aUser({ isSuperuser }));
    return (await store.users.changeCredentials(id, 0, changes, []))!;
  };
  const isStored = () => store.tables.challenges.size;

  it.each<[string, RegStackOptions, boolean]>([
    ['mfa_policy off', { mfaPolicy: 'off' }, false],
    ['mfa_policy off, a superuser', { mfaPolicy: 'off' }, true],
    ['mfa_policy optional', {}, false],
    ['mfa_policy required_for_superusers', { mfaPolicy: 'required_for_superusers' }, false],
  ])('who has and needs no factor passes: %s', async (_, options, isSuperuser) => {
    const user = await userWith({}, isSuperuser);
    expect(await gateOf(options).pass(user, ['password'], at)).toEqual(['password']);
    expect(isStored()).toBe(0);
  });

  it('what was switched off is not asked for, whatever else is there', async () => {
    const user = await userWith({ ...APP, ...NUMBER, isMfaEnabled: false, recoveryCodes: codes(3) });
    expect(await gateOf().pass(user, ['password'], at)).toEqual(['password']);
  });

  it.each<[string, RegStackOptions, boolean, string[]]>([
    ['everybody', { mfaPolicy: 'required' }, false, ['totp']],
    ['superusers', { mfaPolicy: 'required_for_superusers' }, true, ['totp']],
    [
      'by either factor',
      { mfaPolicy: 'required', enableSms2fa: true, sms: { backend: 'console' } },
      false,
      ['totp', 'sms'],
    ],
  ])('who must have one and has none waits for enrolment: %s', async (_, options, isSuperuser, methods) => {
    const user = await userWith({}, isSuperuser);
    const { pendingToken, ...rest } = (await gateOf(options).pass(
      user,
      ['password'],
      at,
    )) as unknown as Record<string, string>;
    expect(rest).toEqual({ status: 'mfa_enrolment_required', expiresIn: 600, methods });
    expect(await waiting.find('enrolment', pendingToken!)).toMatchObject({
      proofs: ['password'],
      transport: 'cookie',
    });
    expect(await waiting.find('sign-in', pendingToken!)).toBeNull();
    expect(send).not.toHaveBeenCalled();
  });

  it.each<[string, CredentialChanges, string, string[]]>([
    ['an app', APP, 'totp', ['totp']],
    ['a number', NUMBER, 'sms', ['sms']],
    ['both', { ...APP, ...NUMBER }, 'totp', ['totp', 'sms']],
    ['a number and codes', { ...NUMBER, recoveryCodes: codes(2) }, 'sms', ['sms', 'recovery_code']],
    ['all', { ...APP, ...NUMBER, recoveryCodes: codes(2) }, 'totp', ['totp', 'sms', 'recovery_code']],
  ])('R47: who has %s waits for it, whatever the settings', async (_, changes, delivery, methods) => {
    for (const mfaPolicy of ['off', 'optional', 'required', 'required_for_superusers'] as const) {
      [store, clock] = [new MemoryStore(), new FakeClock()];
      const user = await userWith(changes);
      send.mockClear();
      const gate = gateOf({ mfaPolicy, enableTotp: mfaPolicy.startsWith('required') });
      const { pendingToken, ...rest } = (await gate.pass(user, ['password'], at)) as unknown as Record<
        string,
        string
      >;
      expect(rest).toEqual({ status: 'mfa_required', expiresIn: 600, delivery, methods });
      const { id } = (await waiting.find('sign-in', pendingToken!))!;
      expect(await waiting.find('enrolment', pendingToken!)).toBeNull();
      const sent = ['sms-sign-in', { subjectId: id, user, number: PHONE }, { actor: null, origin: THE_APP }];
      expect(send.mock.calls).toEqual(delivery === 'sms' ? [sent] : []);
    }
  });

  it('the answer is the same whether a code was sent, withheld, or no guess is left; then none is sent', async () => {
    const user = await userWith(NUMBER);
    const shown = async () => {
      const passed = await gateOf().pass(user, ['password'], at);
      return 'status' in passed ? { ...passed, pendingToken: '' } : passed;
    };
    const answers = [await shown()];
    send.mockResolvedValue(false);
    answers.push(await shown());
    isSpent.mockResolvedValue(true);
    answers.push(await shown());
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(send).toHaveBeenCalledTimes(2);
    expect(isSpent).toHaveBeenLastCalledWith(user.id);
  });

  it.each(['totp', 'sms', 'recovery_code', 'trusted_device'] as const)(
    'a second proof passes: %s',
    async (proof) => {
      const user = await userWith(APP);
      expect(await gateOf().pass(user, ['password', proof], at)).toEqual(['password', proof]);
      expect(isStored()).toBe(0);
    },
  );

  it.each<[string, readonly SignInProof[]]>([
    ['none', []],
    ['the password twice', ['password', 'password']],
    ['one that nobody knows here', ['password', 'magic-link' as SignInProof]],
    ['that one alone', ['magic-link' as SignInProof]],
  ])('R47: what is no second proof does not pass: %s', async (_, proofs) => {
    const user = await userWith(APP);
    expect(await gateOf().pass(user, proofs, at)).toMatchObject({ status: 'mfa_required' });
  });

  it.each<[string, CredentialChanges]>([
    ['no factor', { isMfaEnabled: true }],
    ['recovery codes alone', { isMfaEnabled: true, recoveryCodes: codes(10) }],
  ])('R47: a broken state refuses: enabled, and %s', async (_, changes) => {
    const user = await userWith(changes);
    for (const mfaPolicy of ['off', 'optional', 'required'] as const)
      await expect(gateOf({ mfaPolicy }).pass(user, ['password'], at)).rejects.toMatchObject({
        code: 'mfa.unavailable',
      });
    expect([isStored(), send.mock.calls.length]).toEqual([0, 0]);
  });

  it.each<[string, (user: UserRecord) => unknown]>([
    [
      'credentials changed',
      ({ id, authEpoch }) => store.users.changeCredentials(id, authEpoch, { totp: null }, []),
    ],
    ['the user was disabled', ({ id }) => store.accounts.changeAccount(id, { isActive: false })],
    ['the user is gone', ({ id }) => store.tables.users.delete(id)],
  ])('W12: a password that was proved before %s leads to nothing', async (_, happens) => {
    const user = await userWith(NUMBER);
    await happens(user);
    await expect(gateOf().pass(user, ['password'], at)).rejects.toMatchObject({
      code: 'login.invalid_credentials',
    });
    expect([isStored(), send.mock.calls.length]).toEqual([0, 0]);
  });

  describe('trusted devices', () => {
    const on = { mfaTrustedDeviceDays: 30 } as const;
    const pass = async (user: UserRecord, knownDevice: string | undefined, options: RegStackOptions = on) => {
      const passed = await gateOf(options).pass(user, ['password'], { ...at, knownDevice });
      return 'status' in passed ? passed.status : passed;
    };
    const trusted = async (changes: CredentialChanges = APP) => {
      const user = await userWith(changes);
      const device = aDevice(user.id, { authEpoch: user.authEpoch });
      await store.trustedDevices.trust(device);
      return { user, device: device.deviceId };
    };

    it('pass without a code, and the proof says so; any other waits', async () => {
      const { user, device } = await trusted();
      expect(await pass(user, device)).toEqual(['password', 'trusted_device']);
      expect(await pass(user, aDevice(user.id).deviceId)).toBe('mfa_required');
      expect(await pass(user, undefined)).toBe('mfa_required');
    });

    it('are none while they are switched off', async () => {
      const { user, device } = await trusted();
      expect(await pass(user, device, { mfaTrustedDeviceDays: 0 })).toBe('mfa_required');
    });

    it('are none any more once credentials changed', async () => {
      const { user, device } = await trusted();
      const changed = await store.users.changeCredentials(user.id, user.authEpoch, { passwordHash: 'x' }, []);
      expect(await pass(changed!, device)).toBe('mfa_required');
    });

    it('stand in for no enrolment', async () => {
      const { user, device } = await trusted({});
      expect(await pass(user, device, { ...on, mfaPolicy: 'required' })).toBe('mfa_enrolment_required');
    });
  });
});
