import { demoRoutes } from './demo-app';
import type { World } from './draft';
import { Generator } from './generator';

const world = (seed: string): World => ({
  seed,
  host: '127.0.0.1:1',
  port: 1,
  email: 'member@example.org',
  tokens: ['a.b.c'],
  links: Array.from({ length: 9 }, () => 'x'.repeat(43)),
  cookies: ['link'],
  guarded: [],
});

it('G01: a seed and a number say what a request is; every route and trick comes before one comes again', async () => {
  const { routes } = await demoRoutes();
  const [one, again, other] = ['a', 'a', 'b'].map((seed) => new Generator(routes, world(seed)));
  const pairs = new Set<string>();
  let same = 0;
  for (let n = 0; n < one!.size; n += 1) {
    const { bytes, route, tricks } = one!.request(n);
    pairs.add(`${route.method} ${route.path} ${tricks[0]}`);
    expect(again!.request(n).bytes.equals(bytes)).toBe(true);
    if (n < 100 && other!.request(n).bytes.equals(bytes)) same += 1;
  }
  expect(pairs.size).toBe(one!.size);
  expect(same).toBeLessThan(10);
});
