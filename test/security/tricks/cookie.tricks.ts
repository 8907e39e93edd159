import { type Means, setHeader, type Trick, utf8 } from '../draft';

/** Values of the header, around the name of a cookie that the app knows. */
const COOKIES: Readonly<Record<string, (name: string, means: Means) => string>> = {
  empty: () => '',
  canary: (name, { canary }) => `${name}=${canary}`,
  'a token of nobody': (name, { dice }) => `${name}=${dice.letters(43)}`,
  twice: (name, { canary, dice }) => `${name}=${dice.letters(43)}; ${name}=${canary}`,
  'twice the same': (name, { dice }) =>
    [1, 2].map(() => `${name}=${'a'.repeat(43)}${dice.pick(['', ' '])}`).join(';'),
  'a thousand times': (name) => `${name}=x;`.repeat(400),
  'no value': (name) => name,
  'empty value': (name) => `${name}=`,
  'no name': (_, { canary }) => `=${canary}; ==; ;;;`,
  quoted: (name, { canary }) => `${name}="${canary}"`,
  'open quote': (name, { canary }) => `${name}="${canary}; x=y`,
  'broken percent': (name, { canary }) => `${name}=%${canary}%E0%A4%A; b=%`,
  'percent NUL': (name, { canary }) => `${name}=%00${canary}`,
  'JSON cookie': (name, { canary }) => `${name}=j:{"$ne":"${canary}"}`,
  'signed cookie': (name, { canary }) => `${name}=s:${canary}.sig`,
  'name with a prefix': (name, { canary }) => `__Host-${name}=${canary}; __Secure-${name}=${canary}`,
  'name in capitals': (name, { canary }) => `${name.toUpperCase()}=${canary}`,
  'name in a path': (name, { canary }) => `${name}[a]=${canary}; ${name}.b=${canary}`,
  'the prototype': (_, { canary }) => `__proto__=${canary}; constructor=${canary}; toString=${canary}`,
  'non-ASCII': (name, { canary }) => utf8(`${name}=\u00e4\u20ac${canary}; \u{1f36a}=x`),
  'Latin-1': (name, { canary }) => `${name}=\u0080\u00ff${canary}`,
  tab: (name, { canary }) => `\t${name}\t=\t${canary}\t;\t`,
  commas: (name, { canary }) => `${name}=a, ${name}=${canary}`,
  '8 KB': (name, { canary }) => `${name}=${canary}${'x'.repeat(8000)}`,
  'two thousand cookies': () => Array.from({ length: 1500 }, (_, n) => `c${n}=1`).join(';'),
  attributes: (name, { canary }) => `$Version=1; ${name}=${canary}; $Path=/; Path=/; Domain=x`,
};

/** Tricks with cookies: names are those that the app was seen to set. */
export const COOKIE_TRICKS: readonly Trick[] = [
  ...Object.entries(COOKIES).map(([name, value]): Trick => ({
    name: `cookie: ${name}`,
    stage: 'head',
    play: (draft, means) => setHeader(draft, 'Cookie', value(cookieOf(means), means)),
  })),
  {
    name: 'cookie: two headers',
    stage: 'head',
    play: (draft, means) => {
      const name = cookieOf(means);
      setHeader(draft, 'Cookie', `${name}=${means.canary}`);
      draft.headers.push(['Cookie', `${name}=${'b'.repeat(43)}`]);
    },
  },
];

const cookieOf = ({ world, dice }: Means): string =>
  world.cookies.length > 0 ? dice.pick(world.cookies) : 'session';
