import { inspect } from './inspection';
import { Lane } from './lane';
import { account } from './states/account';
import { admin } from './states/admin';
import { factors } from './states/factors';
import { signedOut } from './states/signed-out';
import { Beginnings } from './states/ways';

const lane = Lane.forSuite({
  REGSTACK_MFA_POLICY: 'required_for_superusers',
  REGSTACK_MFA_TRUSTED_DEVICE_DAYS: '30',
});

const STATES = { ...signedOut(lane), ...account(lane), ...factors(lane), ...admin(lane) };

/** What is shown where there is nothing to show. */
const ERROR = 'That did not work';

describe('every page in every state', () => {
  const [paths, headings] = [new Set<string>(), new Set<string>()];
  let id = '';

  it.each(Object.entries(STATES))('%s', async (state, way) => {
    const visitor = await lane.visitor({ script: true });
    await way(visitor);
    const heading = await visitor.heading();
    paths.add(shapeOf(visitor.at));
    if (heading !== ERROR) headings.add(heading);
    id = heading === ERROR ? id : (ID.exec(visitor.at)?.[0] ?? id);
    if (/error/.test(state)) expect(await visitor.focused()).toContain('class="summary"');
    expect(await inspect(visitor.page, state)).toEqual([]);
  });

  it('none was left out: whatever else can be opened shows one of them', async () => {
    const mapped = [...lane.demo.log.matchAll(/Mapped \{(\/account[^,]*), GET\}/g)].map(([, path]) => path!);
    const routes = mapped.filter((route) => !paths.has(route));
    const visitor = await lane.visitor({ script: true });
    await new Beginnings(lane).admin(visitor);
    const missed: string[] = [];
    for (const route of routes) {
      await visitor.open(route.replaceAll(':id', id));
      const at = shapeOf(visitor.at);
      const isSeen = headings.has(await visitor.heading()) || (at !== route && paths.has(at));
      if (!isSeen) missed.push(route);
    }
    expect(mapped).toContain('/account/login');
    expect(missed).toEqual([]);
  });
});

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** A path as its route has it. */
const shapeOf = (path: string): string => path.split('?')[0]!.replace(ID, ':id');
