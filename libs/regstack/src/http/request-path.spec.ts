import { normalisedPath } from './request-path';

describe('normalisedPath', () => {
  it.each([
    ['/api/auth/login', '/api/auth/login'],
    ['/API/Auth/Login?next=/x#y', '/api/auth/login'],
    ['http://host:80/api/auth/login?x', '/api/auth/login'],
    ['HTTP://host/api/auth', '/api/auth'],
    ['/%61pi/auth/%6Cogin', '/api/auth/login'],
    ['/api%2Fauth%2flogin', '/api/auth/login'],
    ['/%2561pi', '/%61pi'],
    ['//api///auth//login', '/api/auth/login'],
    ['\\api\\auth\\login', '/api/auth/login'],
    ['/api/auth/login#fragment?x', '/api/auth/login'],
    ['/100%/api', '/100%/api'],
    ['/ap%69/auth/login;%ZZ', '/api/auth/login;%zz'],
    ['/%ff/%61', '/%ff/a'],
    ['*', '*'],
    ['', ''],
  ])('%s', (target, expected) => {
    expect(normalisedPath(target)).toBe(expected);
  });
});
