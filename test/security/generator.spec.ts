import { demoRoutes } from './demo-app';
import { Generator } from './generator';
import { sampleWorld } from './sample-world';

it('G01: a seed and a number say what a request is; every route and trick comes before one comes again', async () => {
  const { routes } = await demoRoutes();
  const [one, again, other] = ['a', 'a', 'b'].map((seed) => new Generator(routes, sampleWorld(seed)));
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
