import { ForbiddenException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import { AccountError, ERROR_DETAILS, unavailable } from '../kernel/errors';
import { problemOf } from './problem';

const ID = 'b7c1f7a8-1111-4222-8333-444455556666';

describe('problemOf', () => {
  it.each(Object.keys(ERROR_DETAILS) as (keyof typeof ERROR_DETAILS)[])(
    '%s has a status and says its sentence',
    (code) => {
      const { problem } = problemOf(new AccountError(code), ID);
      expect(problem.status).toBeGreaterThanOrEqual(400);
      expect([problem.code, problem.detail]).toEqual([code, ERROR_DETAILS[code]]);
    },
  );

  it('R75: an unexpected error leaves nothing of itself, and is handed to the log', () => {
    const error = new Error('SELECT secret FROM users WHERE password = hunter2');
    const { problem, defect } = problemOf(error, ID);
    expect([problem.status, problem.code]).toEqual([500, 'server.error']);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(defect).toBe(error);
  });

  it('an outage is 503 with a true Retry-After, and its cause is logged', () => {
    const cause = new Error('SQLITE_BUSY');
    const { problem, headers, defect } = problemOf(unavailable(cause, 3), ID);
    expect([problem.status, headers['retry-after'], defect]).toEqual([503, '3', cause]);
  });

  it('refusals of the host keep their status and lose their words', () => {
    const of = (error: HttpException) => problemOf(error, ID).problem;
    expect(of(new ForbiddenException('internal words'))).toMatchObject({
      status: 403,
      code: 'request.refused',
    });
    expect(of(new HttpException('slow down', 429))).toMatchObject({ status: 429, code: 'request.refused' });
    expect(of(new ServiceUnavailableException('db1 is down'))).toMatchObject({
      status: 503,
      code: 'service.unavailable',
    });
    expect(JSON.stringify(of(new ServiceUnavailableException('db1 is down')))).not.toContain('db1');
  });
});
