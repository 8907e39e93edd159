import { queryOf, targetOf } from './query';

describe('the query of a request', () => {
  it.each([
    ['/login', '', null],
    ['/login?next=/orders', 'next=%2Forders', '/orders'],
    ['/login?next=/a&next=/b', 'next=%2Fa&next=%2Fb', '/a'],
    ['/login?next[x]=1', 'next%5Bx%5D=1', null],
    ['/login?next=/a?b=c', 'next=%2Fa%3Fb%3Dc', '/a?b=c'],
    ['/login?next=%2Fa%26b%3Dc', 'next=%2Fa%26b%3Dc', '/a&b=c'],
    ['/login?next=/a+b', 'next=%2Fa+b', '/a b'],
    ['/login?next', 'next=', ''],
    ['/login?next=%', 'next=%25', '%'],
    ['?', '', null],
    ['http://host/login?next=/a', 'next=%2Fa', '/a'],
  ])('of %s', (url, query, next) => {
    const found = queryOf({ url });
    expect([found.toString(), found.get('next')]).toEqual([query, next]);
  });

  it('is that of the target, whatever a router of the host has left of it', () => {
    const request = { url: '/login', originalUrl: '/v1/account/login?next=/a' };
    expect(targetOf(request)).toBe('/v1/account/login?next=/a');
    expect(queryOf(request).get('next')).toBe('/a');
  });
});
