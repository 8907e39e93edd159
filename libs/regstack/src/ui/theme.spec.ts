import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DARK = '@media (prefers-color-scheme: dark)';
/** The variables of a theme: promised to hosts, whose themes name them. */
const COLOURS = [
  ...['bg', 'bg-hover', 'surface', 'fg', 'fg-muted', 'border', 'accent', 'accent-fg', 'accent-bg'],
  ...['danger', 'danger-fg', 'danger-bg'],
];
const OTHERS = ['radius', 'shadow', 'font-display', 'font-body'];

const read = (name: string): string => readFileSync(join(__dirname, 'static', name), 'utf8');
const theme = read('theme.css');

/** The colours of the theme, by name. */
const coloursOf = (css: string): Record<string, string> =>
  Object.fromEntries(
    [...css.matchAll(/--rs-([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
const light = coloursOf(theme.split(DARK)[0]!);
const dark = { ...light, ...coloursOf(theme.split(DARK)[1]!) };

/** Relative luminance, and the contrast of two colours, as WCAG 2.2 defines them. */
const luminance = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};
const contrast = (one: string, other: string): number => {
  const [lower, higher] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (higher! + 0.05) / (lower! + 0.05);
};

/** What is written on what, and what has to be told from what is around it. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  fg: ['bg', 'bg-hover', 'surface', 'accent-bg', 'danger-bg'],
  'fg-muted': ['bg', 'bg-hover', 'surface'],
  accent: ['bg', 'surface'],
  'accent-fg': ['accent'],
  danger: ['surface', 'bg-hover'],
  'danger-fg': ['danger'],
};
const EDGES: Readonly<Record<string, readonly string[]>> = {
  border: ['bg', 'surface'],
  accent: ['bg', 'bg-hover', 'surface', 'accent-bg', 'danger-bg'],
  danger: ['surface', 'danger-bg'],
};

describe.each([
  ['light', light],
  ['dark', dark],
])('the bundled theme, %s', (_, colours) => {
  const pairs = (of: typeof TEXTS): [string, string][] =>
    Object.entries(of).flatMap(([one, others]) => others.map((other): [string, string] => [one, other]));

  it.each(pairs(TEXTS))('%s can be read on %s', (text, ground) => {
    expect(contrast(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(EDGES))('%s stands out from %s', (edge, ground) => {
    expect(contrast(colours[edge]!, colours[ground]!)).toBeGreaterThanOrEqual(3);
  });
});

describe('the style sheets of the pages', () => {
  it('the theme gives all variables a value, and only these', () => {
    const named = new Set([...theme.matchAll(/^ *(--[\w-]+):/gm)].map(([, name]) => name));
    expect([...named].toSorted()).toEqual([...COLOURS, ...OTHERS].map((one) => `--rs-${one}`).toSorted());
    expect(Object.keys(light).toSorted()).toEqual(COLOURS.toSorted());
    expect(coloursOf(theme.split(DARK)[1]!)).toEqual(dark);
  });

  it.each(['core.css', 'forms.css', 'lists.css', 'media.css'])(
    '%s has no colour, font or shadow of its own, and asks for no variable that is not there',
    (name) => {
      const css = read(name).replaceAll(/\/\*.*?\*\//gs, '');
      expect(css).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(|url\(|@import/i);
      const asked = [...css.matchAll(/var\(--rs-([\w-]+)/g)].map(([, one]) => one!);
      expect(asked.filter((one) => ![...COLOURS, ...OTHERS].includes(one))).toEqual([]);
    },
  );
});
