/** Browsers by a word of their User-Agent, the more special ones first: most of them say Chrome and Safari as well. */
const BROWSERS = [
  [/\bEdgA?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const SYSTEMS = [
  [/\b(iPhone|iPod)\b/, 'an iPhone'],
  [/\biPad\b/, 'an iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(Macintosh|Mac OS X)\b/, 'a Mac'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** What is looked at of a User-Agent, characters. */
const MOST = 512;

/**
 * The device that a request came from, as its owner would call it. Of the User-Agent, which anybody can write, only fixed words
 * of ours come through: the sentence goes into mails.
 */
export function coarseDevice(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, MOST);
  const [browser, system] = [wordFor(BROWSERS, text), wordFor(SYSTEMS, text)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? 'an unknown device';
}

function wordFor(words: readonly (readonly [RegExp, string])[], text: string): string | null {
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
