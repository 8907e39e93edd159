import type { RegStackUser } from '@regstack/nestjs';
import { promotionReport } from './promotion-report';

const USER = {
  id: '0193f3a5-7c1d-7a44-8d52-3f0f7a1c9b1e',
  email: 'ann@example.org',
  fullName: null,
  roles: [],
  attributes: {},
  isActive: true,
  isVerified: true,
} as unknown as RegStackUser;

const toldOf = (user: object): readonly string[] =>
  promotionReport({ user: { ...USER, ...user }, endedSessions: 0, keptFactors: [], removedFactors: [] });

describe('what is told of a promotion', () => {
  it('is short where there is nothing left', () => {
    expect(toldOf({}).filter((line) => line.startsWith('kept:'))).toEqual(['kept: no second factor']);
  });

  it('names all that whoever registered the account may have left, and no character of theirs acts', () => {
    const left = { fullName: 'A\u001bn', roles: ['billing'], attributes: { plan: 'gold', '\n': 1 } };
    expect(toldOf({ ...left, isVerified: false, isActive: false })).toEqual(
      expect.arrayContaining([
        'kept: its name "A\\u{1b}n"',
        'kept: its roles (billing)',
        'kept: its attributes (plan, \\u{a})',
        'kept: nobody has proved its address yet',
        expect.stringContaining('kept: it is disabled'),
      ]),
    );
  });
});
