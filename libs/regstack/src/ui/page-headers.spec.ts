import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { pageHeaders } from './page-headers';

const headersWith = (options: RegStackOptions = {}): Readonly<Record<string, string>> =>
  pageHeaders(
    loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes', ...options }, { env: {} }),
  );

/** The sources of each directive. */
function policyWith(options?: RegStackOptions): Record<string, string[]> {
  const directives = headersWith(options)['content-security-policy']!.split('; ');
  return Object.fromEntries(
    directives.map((one) => {
      const [name, ...sources] = one.split(' ');
      return [name!, sources];
    }),
  );
}

describe('R76: headers of every page', () => {
  it('nothing is loaded but our own files, nothing is framed, nothing is kept', () => {
    expect(policyWith()).toEqual({
      'default-src': ["'none'"],
      'object-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'font-src': ["'self'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    expect(headersWith()).toEqual({
      'content-security-policy': expect.any(String),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  it('over https browsers stay there', () => {
    expect(headersWith({ baseUrl: 'https://app.example.org' })['strict-transport-security']).toBe(
      'max-age=31536000',
    );
  });

  it('R78: the settings of the brand add the origins that they name, each where it belongs', () => {
    const policy = policyWith({
      brandLogoUrl: 'https://cdn.example.org/a/logo.svg?x=1',
      themeCssUrl: 'https://cdn.example.org:8443/theme.css',
      fontOrigins: ['https://fonts.example.org', 'https://cdn.example.org:8443'],
    });
    expect(policy).toEqual({
      ...policyWith(),
      'img-src': ["'self'", 'https://cdn.example.org'],
      'style-src': ["'self'", 'https://cdn.example.org:8443', 'https://fonts.example.org'],
      'font-src': ["'self'", 'https://fonts.example.org', 'https://cdn.example.org:8443'],
    });
  });

  it('paths are on our own origin', () => {
    expect(policyWith({ brandLogoUrl: '/logo.svg', themeCssUrl: '/theme.css' })).toEqual(policyWith());
  });
});
