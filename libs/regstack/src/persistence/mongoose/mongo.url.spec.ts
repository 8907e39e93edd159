import { mongo } from 'mongoose';
import { hostsOf, namesDatabase } from './mongo.url';

describe('the URL of a MongoDB', () => {
  it.each([
    ['mongodb://root:pw@h/accounts?appName=me@corp', 'accounts'],
    ['mongodb://root:pw@h/?appName=@acme/api', null],
    ['mongodb://root:pw@h?appName=@acme/api', null],
    ['mongodb://h', null],
    ['mongodb://h/', null],
    ['mongodb://h/?maxPoolSize=3', null],
    ['mongodb://h/accounts', 'accounts'],
    ['mongodb://me@a:1,b:2/accounts?replicaSet=x', 'accounts'],
    ['mongodb://[::1]:27017/accounts', 'accounts'],
  ])('%s names the database %s, for us as for the driver', (url, name) => {
    expect(namesDatabase(url)).toBe(name !== null);
    expect(new mongo.MongoClient(url).options.dbName).toBe(name ?? 'test');
  });

  it.each([
    ['mongodb://me:pa55@127.0.0.1:1/x', '127.0.0.1:1'],
    ['mongodb://me:pa55@a.b:1,[::1]:2/x', 'a.b:1,[::1]:2'],
    ['mongodb+srv://me:pa55@a-b.example.org/x', 'a-b.example.org'],
    ['mongodb://localhost:27017,b/x', 'localhost,b'],
    ['mongodb://[::1]:27017/x', '[::1]'],
    ['mongodb://me:12345/x', 'me'],
    ['mongodb://me:s3cret/x', null],
    ['mongodb://me:s3cret%40host/x', null],
    ['mongodb://me:p@55@host/x', null],
    ['mongodb://me:p@55/5@host/x', null],
    ['mongodb://me:p@55?5@host/x', null],
    ['mongodb://me%3As3cret/x', null],
    ['none', null],
  ])('of %s a message shows %s', (url, shown) => {
    expect(hostsOf(url)).toBe(shown);
  });
});
