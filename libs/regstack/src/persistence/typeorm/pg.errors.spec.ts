import { isConnectionLost, isTransient, isUnavailable, isUniqueViolation } from './pg.errors';

const answer = (code: string): Error =>
  Object.assign(new Error('said the server'), { code, severity: 'ERROR' });

describe('what an error of PostgreSQL means', () => {
  it.each(['57P01', '57P03', '08006', '28P01', '3D000', 'XX000', '25006', '25P03', '26000', '42P05'])(
    '%s: not now, and the connection goes',
    (code) => {
      expect([isUnavailable(answer(code)), isConnectionLost(answer(code))]).toEqual([true, true]);
    },
  );

  it.each(['40001', '40P01', '53100', '53300', '55P03', '57014', '58030'])(
    '%s: not now, and the connection stays',
    (code) => {
      expect([isUnavailable(answer(code)), isConnectionLost(answer(code))]).toEqual([true, false]);
    },
  );

  it.each(['23505', '42P01', '42703', '22P02', '42501', '0A000'])('%s: never an outage', (code) => {
    expect([isUnavailable(answer(code)), isConnectionLost(answer(code))]).toEqual([false, false]);
  });

  it.each([
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
  ])('%s: not now, and the connection goes', (error) => {
    expect([isUnavailable(error), isConnectionLost(error)]).toEqual([true, true]);
  });

  it.each([
    new TypeError('x is not a function'),
    new RangeError('Invalid time value'),
    new SyntaxError('JSON'),
  ])('%s: a defect of ours', (error) => expect(isUnavailable(error)).toBe(false));

  it('deadlocks and serialization failures are tried again, unique violations are told apart', () => {
    expect(['40001', '40P01', '40002', '23505'].map((code) => isTransient(answer(code)))).toEqual([
      ...[true, true, false, false],
    ]);
    expect(isUniqueViolation(answer('23505'))).toBe(true);
  });
});
