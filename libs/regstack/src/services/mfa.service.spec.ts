import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import type { MfaPolicy } from '../config/regstack.config';
import { type By, THE_APP } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import type { CredentialChanges, CredentialRecord } from '../ports/user.repository';
import { aCode, aTotp, aUser, codes, PHONE } from '../testing/contracts/samples';
import type { FactorChanges } from './factor-changes';
import { type MfaDemand, MfaService } from './mfa.service';

const POLICIES = ['off', 'optional', 'required', 'required_for_superusers'] as const;
const FACTORS = { none: {}, app: { totp: aTotp() }, phone: { phoneNumber: PHONE } } as const;

describe('MfaService', () => {
  const store = new MemoryStore();
  const remove = jest.fn();
  const mfaOf = (options: RegStackOptions = {}): MfaService => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    return new MfaService(config, store.users, { remove } as unknown as FactorChanges);
  };
  const userWith = async (changes: CredentialChanges, isSuperuser = false): Promise<CredentialRecord> => {
    store.tables.users.clear();
    const { id } = await store.users.create(aUser({ isSuperuser }));
    await store.users.changeCredentials(id, 0, changes, []);
    return (await store.users.findCredentials(id))!;
  };
  beforeEach(() => remove.mockReset());

  const demandOf = (policy: MfaPolicy, isSuperuser: boolean, isMfaEnabled: boolean): MfaDemand => {
    if (isMfaEnabled) return 'proof';
    const must = { off: false, optional: false, required: true, required_for_superusers: isSuperuser };
    return must[policy] ? 'enrolment' : 'nothing';
  };
  const every = POLICIES.flatMap((policy) =>
    [true, false].flatMap((isSuperuser) =>
      [true, false].flatMap((isMfaEnabled) =>
        (['none', 'app', 'phone'] as const).map(
          (factor) => [policy, isSuperuser, isMfaEnabled, factor] as const,
        ),
      ),
    ),
  );

  it.each(every)(
    'R47: mfa_policy %s, superuser %s, enabled %s, factor there: %s',
    async (mfaPolicy, isSuperuser, isMfaEnabled, factor) => {
      const user = await userWith({ isMfaEnabled, ...FACTORS[factor] }, isSuperuser);
      // Whatever can be enrolled: a setting is no way around a factor that is enabled.
      for (const enableTotp of [true, false]) {
        const mfa = mfaOf({ mfaPolicy, enableTotp, enableSms2fa: true, sms: { backend: 'console' } });
        expect(mfa.demandOn(user)).toBe(demandOf(mfaPolicy, isSuperuser, isMfaEnabled));
      }
    },
  );

  it.each<[MfaPolicy, boolean, boolean]>([
    ['off', false, false],
    ['optional', false, false],
    ['required', true, true],
    ['required_for_superusers', false, true],
  ])('mfa_policy %s asks it of users: %s, of superusers: %s', (mfaPolicy, user, superuser) => {
    const mfa = mfaOf({ mfaPolicy });
    expect(mfa.isRequiredOf({ isSuperuser: false })).toBe(user);
    expect(mfa.isRequiredOf({ isSuperuser: true })).toBe(superuser);
  });

  it.each([
    [true, true, ['totp', 'sms']],
    [true, false, ['totp']],
    [false, true, ['sms']],
    [false, false, []],
  ])(
    'enable_totp %s, enable_sms_2fa %s: %s can be enrolled; nothing where mfa_policy is off',
    (totp, sms, expected) => {
      const switches = { enableTotp: totp, enableSms2fa: sms, sms: { backend: 'console' } } as const;
      expect(mfaOf({ ...switches, mfaPolicy: 'optional' }).enrollable).toEqual(expected);
      expect(mfaOf({ ...switches, mfaPolicy: 'off' }).enrollable).toEqual([]);
    },
  );

  it.each<[string, CredentialChanges, string[], string[]]>([
    ['nothing', {}, [], []],
    ['an app', { isMfaEnabled: true, totp: aTotp() }, ['totp'], ['totp']],
    ['a number', { isMfaEnabled: true, phoneNumber: PHONE }, ['sms'], ['sms']],
    [
      'both, the app first',
      { isMfaEnabled: true, phoneNumber: PHONE, totp: aTotp() },
      ['totp', 'sms'],
      ['totp', 'sms'],
    ],
    [
      'both and codes',
      { isMfaEnabled: true, phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(10) },
      ['totp', 'sms'],
      ['totp', 'sms', 'recovery_code'],
    ],
    [
      'an app and its last code',
      { isMfaEnabled: true, totp: aTotp(), recoveryCodes: [aCode()] },
      ['totp'],
      ['totp', 'recovery_code'],
    ],
    ['codes alone, which are no factor', { isMfaEnabled: true, recoveryCodes: codes(10) }, [], []],
    ['what was switched off', { phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(10) }, [], []],
  ])('who has %s', async (_, changes, factors, methods) => {
    const user = await userWith(changes);
    for (const mfaPolicy of POLICIES) {
      const mfa = mfaOf({ mfaPolicy, enableTotp: mfaPolicy.startsWith('required') });
      expect(mfa.factorsOf(user)).toEqual(factors);
      expect(mfa.methodsOf(user)).toEqual(methods);
      expect(await mfa.methodsFor(user.id)).toEqual(methods);
    }
  });

  it('an unknown user has no method, and text that is no id is not looked up', async () => {
    const find = jest.spyOn(store.users, 'findCredentials');
    expect(await mfaOf().methodsFor(aUser().id)).toEqual([]);
    expect(await mfaOf().methodsFor("' or 1=1")).toEqual([]);
    expect(find).toHaveBeenCalledTimes(1);
    find.mockRestore();
  });

  describe('reset', () => {
    const by: By = { actor: 'an admin', origin: THE_APP };

    it.each<[string, CredentialChanges, string[]]>([
      ['all that the user has', { isMfaEnabled: true, phoneNumber: PHONE, totp: aTotp() }, ['totp', 'sms']],
      ['the flag of a broken state', { isMfaEnabled: true }, []],
      ['what is switched off', { totp: aTotp() }, ['totp']],
    ])('removes %s, and answers the public user', async (_, changes, factors) => {
      const user = await userWith(changes);
      remove.mockResolvedValue(user);
      const answer = await mfaOf().reset(user.id, by);
      expect(remove.mock.calls).toEqual([[user, factors, { by }]]);
      expect(answer).toMatchObject({ id: user.id });
      expect(Object.keys(answer!)).not.toEqual(expect.arrayContaining(['totp']));
      expect(Object.keys(answer!)).not.toEqual(expect.arrayContaining(['authEpoch']));
    });

    it('does nothing for nobody, for who has none, and where somebody else was first', async () => {
      expect(await mfaOf().reset(aUser().id)).toBeNull();
      expect(await mfaOf().reset('nobody')).toBeNull();
      expect(await mfaOf().reset((await userWith({})).id)).toBeNull();
      expect(remove).not.toHaveBeenCalled();
      remove.mockResolvedValue(null);
      expect(await mfaOf().reset((await userWith({ isMfaEnabled: true })).id)).toBeNull();
    });
  });
});
