import { mongo } from 'mongoose';
import { DuplicateKey, translated } from './mongo.errors';

const server = (code: number): Error => new mongo.MongoServerError({ message: 'refused', code });

describe('errors of the driver', () => {
  it('a duplicate is told by its code alone', () => {
    expect(translated(server(11000))).toBeInstanceOf(DuplicateKey);
  });

  it.each([
    ['no network', new mongo.MongoNetworkError('ECONNRESET')],
    ['no answer in time', new mongo.MongoOperationTimeoutError('late')],
    ['too many operations at once', Object.assign(new Error('late'), { name: 'MongoWaitQueueTimeoutError' })],
    ['a pool that was cleared', Object.assign(new Error('cleared'), { name: 'MongoPoolClearedError' })],
    ['a closed client', new mongo.MongoClientClosedError()],
    ['no primary any more', server(10107)],
    ['a server that goes down', server(11600)],
    ['MaxTimeMSExpired', server(50)],
    ['a full disk', server(14031)],
    ['a cursor that is gone', server(43)],
    ['a plan that was killed', server(175)],
    ['a cursor that was killed', server(237)],
    ['refused credentials on Atlas', server(8000)],
    [
      'an answer that is none',
      Object.assign(new Error('cut off'), { name: 'MongoUnexpectedServerResponseError' }),
    ],
    [
      'a majority that does not acknowledge',
      new mongo.MongoWriteConcernError({ writeConcernError: { code: 64, errmsg: 'late' }, ok: 1 }),
    ],
  ])('%s is “unavailable”, of any copy of the driver', (_, error) => {
    expect(translated(error)).toMatchObject({ code: 'service.unavailable' });
    const copy = { name: error.name, code: (error as { code?: unknown }).code };
    expect(translated(copy)).toMatchObject({ code: 'service.unavailable' });
  });

  it('what the server marks as worth another try is “unavailable” too', () => {
    const error = server(1);
    (error as mongo.MongoServerError).addErrorLabel('RetryableWriteError');
    expect(translated(error)).toMatchObject({ code: 'service.unavailable' });
  });

  it.each([new TypeError('a defect'), server(2), server(14)])(
    '%s is a defect and stays what it is',
    (error) => {
      expect(translated(error)).toBe(error);
    },
  );
});
