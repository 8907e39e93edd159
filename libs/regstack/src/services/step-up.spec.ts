import { AccountError } from '../kernel/errors';
import { THE_APP } from '../kernel/origin';
import type { CredentialRecord } from '../ports/user.repository';
import type { CurrentPassword } from './current-password';
import type { FactorChecks } from './factor-checks';
import type { CodeGuess, MfaLimits } from './mfa-limits.service';
import type { Authentication } from './session-authenticator';
import { StepUp, type StepUpProof } from './step-up';

describe('StepUp', () => {
  const order: string[] = [];
  let user: CredentialRecord;
  let refusals: Partial<Record<'password' | 'rule' | 'locked', AccountError>>;
  let proved: string | null;
  const caller = { sessionId: 'a session' } as Authentication;
  const refusedBy = (step: keyof typeof refusals): void => {
    order.push(step);
    if (refusals[step]) throw refusals[step];
  };
  const guesses: CodeGuess[] = [];
  const given: unknown[] = [];
  const stepUp = new StepUp(
    { prove: async () => (refusedBy('password'), user) } as unknown as CurrentPassword,
    {
      guess: async (guess: CodeGuess, compare: () => Promise<unknown>) => {
        guesses.push(guess);
        refusedBy('locked');
        if ((await compare()) === null) throw new AccountError('mfa.code_wrong');
      },
    } as unknown as MfaLimits,
    {
      check: async (_: unknown, code: unknown) => {
        order.push('code');
        given.push(code);
        return proved;
      },
    } as unknown as FactorChecks,
  );
  const prove = (proof: Partial<StepUpProof>) =>
    stepUp.prove(caller, { currentPassword: 'secret', ...proof }, THE_APP, () => refusedBy('rule'));

  beforeEach(() => {
    [order.length, guesses.length, given.length] = [0, 0, 0];
    [user, refusals, proved] = [{ id: 'alice', isMfaEnabled: true } as CredentialRecord, {}, 'totp'];
  });

  it('R46: password, then the rule, then the code; the user as they were when it was proved', async () => {
    expect(await prove({ code: '123456' })).toBe(user);
    expect(order).toEqual(['password', 'rule', 'locked', 'code']);
    expect(guesses).toMatchObject([{ userId: 'alice', purpose: 'proof', by: { actor: 'alice' } }]);
    expect(given).toEqual([{ code: '123456', subjectId: 'alice' }]);
  });

  it.each([
    ['password', 'password.wrong_current', ['password']],
    ['rule', 'mfa.required', ['password', 'rule']],
    ['locked', 'mfa.locked', ['password', 'rule', 'locked']],
  ] as const)('a refusal by the %s uses no code up', async (step, code, steps) => {
    refusals = { [step]: new AccountError(code) };
    await expect(prove({ code: '123456' })).rejects.toMatchObject({ code });
    expect(order).toEqual(steps);
  });

  it.each([
    ['no code', undefined],
    ['null for a code', null],
  ])('R46: %s is no proof, and no guess', async (_, code) => {
    await expect(prove({ code })).rejects.toMatchObject({ code: 'mfa.proof_required' });
    expect(order).toEqual(['password', 'rule']);
  });

  it.each(['000000', ''])('R46: a wrong code is no proof: "%s"', async (code) => {
    proved = null;
    await expect(prove({ code })).rejects.toMatchObject({ code: 'mfa.code_wrong' });
    expect(order).toEqual(['password', 'rule', 'locked', 'code']);
  });

  it.each([undefined, null, '123456'])(
    'who has no factor proves the password; a code is not looked at: %s',
    async (code) => {
      user = { ...user, isMfaEnabled: false };
      expect(await prove({ code })).toBe(user);
      expect(order).toEqual(['password', 'rule']);
    },
  );

  it('without a rule there is none', async () => {
    expect(await stepUp.prove(caller, { currentPassword: 'secret', code: '123456' }, THE_APP)).toBe(user);
    expect(order).toEqual(['password', 'locked', 'code']);
  });
});
