import { connect } from './mongo.connection';

const SETTINGS = { poolSize: null, databaseName: null };

describe('a MongoDB that cannot be opened', () => {
  it.each([
    [
      'a server that is not there',
      'mongodb://me:pa55@127.0.0.1:1/x?serverSelectionTimeoutMS=1',
      /127\.0\.0\.1:1 .*ECONNREFUSED.*check that/,
    ],
    ['a password that is not encoded', 'mongodb://me:pa/55@127.0.0.1:1/x', /percent-encoded/],
    ['one that takes the host along', 'mongodb://me:pa55%40host/x', /server it names.*percent-encoded/],
    ['a host that was forgotten', 'mongodb://me:pa55/x', /server it names.*percent-encoded/],
    ['a password with an @', 'mongodb://me:p@pa55/x@127.0.0.1:1/x', /server it names/],
    ['an unknown option', 'mongodb://me:pa55@127.0.0.1:1/x?colour=red', /options that the driver knows/],
    ['a pool below its own minimum', 'mongodb://127.0.0.1:1/x?minPoolSize=50', /database_pool_size/],
  ])('%s: named with its setting and the cure, without the password', async (_, url, message) => {
    const refusal: unknown = await connect(url, SETTINGS).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'StoreOpenError' });
    expect(String(refusal)).toMatch(/database_url/);
    expect(String(refusal)).toMatch(message);
    expect(String(refusal)).not.toMatch(/pa\/?55|me:/);
  });
});
