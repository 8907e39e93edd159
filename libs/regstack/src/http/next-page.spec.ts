import type { ApplicationConfig } from '@nestjs/core';
import { loadRegStackConfig } from '../config/load-config';
import { BrowserPaths } from '../services/browser-paths';
import { InstanceName } from '../services/instance-name';
import { MountPaths } from '../services/mount-paths';
import type { AuthenticatedRequest } from './authenticated-request';
import { NextPage } from './next-page';

const jwtSecret = 'a secret of at least thirty-two bytes';

/** Below a path of `base_url`, which a proxy strips, and a global prefix of the host. */
function nextPage(baseUrl = 'https://app.example.org/shop', globalPrefix = '/v1'): NextPage {
  const config = loadRegStackConfig({ jwtSecret, baseUrl }, { env: {} });
  const app = { getGlobalPrefix: () => globalPrefix, getGlobalPrefixOptions: () => ({}) };
  const mounts = new MountPaths(app as unknown as ApplicationConfig);
  return new NextPage(config, new BrowserPaths(config, mounts, new InstanceName('default')));
}

const asked = (url: string, { method = 'GET', referer }: { method?: string; referer?: string } = {}) => ({
  request: { url, method, headers: { referer } } as unknown as AuthenticatedRequest,
});

describe('where a sign-in goes on to', () => {
  const next = nextPage();

  it.each([
    ['/v1/account/login', null],
    ['/v1/account/login?next=', null],
    ['/v1/account/login?next=/shop/orders%3Fa%3Db', '/shop/orders?a=b'],
    ['/v1/account/login?next=//evil.example', null],
    ['/v1/account/login?next=/%5Cevil.example', null],
    ['/v1/account/login?next=/%09/evil.example', null],
    ['/v1/account/login?next=https://app.example.org/orders', null],
    ['/v1/account/login?next=https://evil.example', null],
    ['/v1/account/login?next=javascript:alert(1)', null],
    ['/v1/account/login?next=/a&next=//evil.example', '/a'],
    ['/v1/account/login?next=//evil.example&next=/a', null],
  ])('W26, R67: %s', (url, path) => {
    expect(next.in(asked(url))).toBe(path);
  });

  it('comes back to the page that was asked for, as the browser sees it', () => {
    expect(next.backTo(asked('/v1/account/me?done=profile'))).toBe('/shop/v1/account/me');
  });

  it('comes back to the page that a form was on, and to the own page where nothing says which', () => {
    const post = (referer?: string): string =>
      next.backTo(asked('/v1/account/change-email', { method: 'POST', ...(referer && { referer }) }));
    const own = '/shop/v1/account/me';
    expect(post('https://app.example.org/shop/v1/account/sessions?cursor=x#y')).toBe(
      '/shop/v1/account/sessions',
    );
    for (const referer of [
      undefined,
      '',
      'no URL',
      'https://evil.example/shop/v1/account/sessions',
      'http://app.example.org/shop/v1/account/sessions',
      'https://app.example.org.evil.example/',
      'https://app.example.org//evil.example',
      'javascript:alert(1)',
    ])
      expect([referer, post(referer)]).toEqual([referer, own]);
  });

  it.each(['//evil.example', '/\\evil.example', '*', 'http://evil.example/'])(
    'a target such as %s leads back to the own page or to this origin',
    (target) => {
      for (const page of [next, nextPage('https://app.example.org', '')]) {
        const path = page.backTo(asked(target));
        expect(new URL(path, 'https://app.example.org/account/login').origin).toBe('https://app.example.org');
        expect(path).toMatch(/^\/(?![/\\])/);
      }
    },
  );

  it('is written so that nothing of it becomes a parameter of ours', () => {
    expect(next.query(null)).toBe('');
    expect(next.query('/a?b=c&done=profile#x y')).toBe('?next=%2Fa%3Fb%3Dc%26done%3Dprofile%23x+y');
    const path = '/a?b=c&done=profile';
    expect(next.in(asked(`/v1/account/login${next.query(path)}`))).toBe(path);
  });
});
