import type { Flip, Trial } from './settings.trial';

/** Status of a page, or of a file that pages load. */
const statusOf =
  (path: string) =>
  async ({ host }: Trial): Promise<number> =>
    (await host.call('GET', path)).status;

/** A part of a page, beside the part of its policy that lets it load. */
const seenOn =
  (part: RegExp, directive: string) =>
  async ({ host }: Trial): Promise<(string | undefined)[]> => {
    const { text, headers } = await host.call('GET', '/account/verify?done');
    const policy = headers.get('content-security-policy')!.split('; ');
    return [part.exec(text)?.[0], policy.find((one) => one.startsWith(directive))];
  };

const FONTS = 'https://fonts.example.org';

/** What the settings of pages change. */
export const PAGE_FLIPS: Readonly<Record<string, Flip>> = {
  uiPrefix: { values: ['/account', '/other'], see: statusOf('/account/verify?done'), shows: [200, 404] },
  enableUiRouter: { values: [false, true], see: statusOf('/account/login'), shows: [404, 200] },
  staticPrefix: {
    values: ['/regstack-static', '/other'],
    see: statusOf('/regstack-static/core.css'),
    shows: [200, 404],
  },
  brandLogoUrl: {
    values: [null, 'https://cdn.example.org/logo.svg'],
    see: seenOn(/<img [^>]*src="[^"]*"/, 'img-src'),
    shows: [
      [undefined, "img-src 'self'"],
      [
        expect.stringContaining('src="https://cdn.example.org/logo.svg"'),
        "img-src 'self' https://cdn.example.org",
      ],
    ],
  },
  brandTagline: {
    values: [null, 'Plums & pears'],
    see: async (t) => (await seenOn(/Plums &amp; pears/, 'img-src')(t))[0],
    shows: [undefined, 'Plums &amp; pears'],
  },
  themeCssUrl: {
    values: ['/plum.css', 'https://cdn.example.org/plum.css'],
    see: seenOn(/href="[^"]*plum.css"/, 'style-src'),
    shows: [
      ['href="/plum.css"', "style-src 'self'"],
      ['href="https://cdn.example.org/plum.css"', "style-src 'self' https://cdn.example.org"],
    ],
  },
  fontOrigins: {
    values: [[], [FONTS]],
    see: async (t) => [...(await seenOn(/$^/, 'font-src')(t)), ...(await seenOn(/$^/, 'style-src')(t))],
    shows: [
      [undefined, "font-src 'self'", undefined, "style-src 'self'"],
      [undefined, `font-src 'self' ${FONTS}`, undefined, `style-src 'self' ${FONTS}`],
    ],
  },
};
