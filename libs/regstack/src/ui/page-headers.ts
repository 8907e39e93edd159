import type { RegStackConfig } from '../config/regstack.config';

/**
 * Headers of every page, and of every answer that leads to one (ASVS 3.4): it loads our own files, and what the settings name, nothing else; nobody frames it; its forms post to
 * us only. `same-origin` as referrer policy, because with `no-referrer` browsers send `Origin: null` on form posts.
 */
export function pageHeaders(config: RegStackConfig): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(config),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(config.baseUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** A style sheet of web fonts comes from where the fonts come from, or from where another one sends to (`@import`). */
function contentSecurityPolicy({ themeCssUrl, brandLogoUrl, fontOrigins }: RegStackConfig): string {
  const sources = {
    'default-src': ["'none'"],
    'object-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", ...originsOf(themeCssUrl), ...fontOrigins],
    'img-src': ["'self'", ...originsOf(brandLogoUrl)],
    'font-src': ["'self'", ...fontOrigins],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
  };
  return Object.entries(sources)
    .map(([directive, list]) => `${directive} ${[...new Set(list)].join(' ')}`)
    .join('; ');
}

/** The origin of a URL; none for a path, which is on our own. */
function originsOf(url: string | null): readonly string[] {
  return url === null || url.startsWith('/') ? [] : [new URL(url).origin];
}
