import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

/** How often each race is run. */
const ROUNDS = Number(process.env['REGSTACK_TEST_RACE_ROUNDS'] ?? 20);
const LIMIT_MS = 60_000 + ROUNDS * 1000;
const NOW = new Date('2126-03-01T12:00:00.000Z');
const ACTIVE_ADMINS = { search: null, isActive: true, isVerified: null, isSuperuser: true };
const NEWEST = { before: null, skip: 0, limit: 10 };

let made = 0;
const nextId = (): string => `id-${String((made += 1)).padStart(6, '0')}`;

/** Takes an admin away. */
type Way = (store: Store, id: string) => Promise<unknown>;

const WAYS: Readonly<Record<string, Way>> = {
  demote: ({ accounts }, id) => accounts.changeAccount(id, { isSuperuser: false }),
  disable: ({ accounts }, id) => accounts.changeAccount(id, { isActive: false, fullName: 'x' }),
  remove: ({ accounts }, id) => {
    const mail = { kind: 'k', recipient: `${id}@example.org`, challengeId: null, sealedBody: 's' };
    const notices = [{ ...mail, id: nextId(), createdAt: NOW }];
    return accounts.remove(id, { expectedEpoch: null, notices, at: NOW });
  },
};
const PAIRS = Object.keys(WAYS).flatMap((one) => Object.keys(WAYS).map((other) => [one, other] as const));

/** Whom nobody could take away, and who is an admin afterwards. */
interface Outcome {
  readonly refused: readonly string[];
  readonly admins: readonly string[];
}

const refusedOf = (answers: readonly unknown[], ids: readonly string[]): readonly string[] =>
  ids.filter((_, n) => answers[n] === 'last_admin');

async function anAdmin({ users }: Store): Promise<string> {
  const id = nextId();
  const typed = { email: `${id}@example.org` as never, passwordHash: null, fullName: null, attributes: {} };
  await users.create({ ...typed, id, isVerified: true, isSuperuser: true, createdAt: NOW });
  return id;
}

async function adminsOf({ accounts }: Store): Promise<readonly string[]> {
  return Array.from(await accounts.list(ACTIVE_ADMINS, NEWEST), ({ id }) => id);
}

describeOn(['sqlite', 'postgres', 'mongo'], 'P5: the last admin, in two processes', (kind) => {
  let url: string;
  let stores: readonly [Store, Store];
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
    const settings = loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32) }, { env: {} });
    stores = [await openStore(settings), await openStore(settings)];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await DATABASES[kind].drop(url);
  });

  /** Two admins, each of whom takes the other one away; whoever was left in the round before goes first. */
  async function race(ways: readonly [Way, Way]): Promise<Outcome> {
    const [left] = await adminsOf(stores[0]);
    const [one, two] = [await anAdmin(stores[0]), await anAdmin(stores[1])];
    if (left) await WAYS['remove']!(stores[0], left);
    const answers = await Promise.all([ways[0](stores[0], two), ways[1](stores[1], one)]);
    return { refused: refusedOf(answers, [two, one]), admins: await adminsOf(stores[1]) };
  }

  it.each(PAIRS)(
    'of two who %s and %s each other exactly one is refused, and one is left',
    async (one, other) => {
      for (let n = 0; n < ROUNDS; n++) {
        const { refused, admins } = await race([WAYS[one]!, WAYS[other]!]);
        expect(refused).toHaveLength(1);
        expect(admins).toEqual(refused);
      }
    },
    LIMIT_MS,
  );

  it(
    'of many who take all of them away at once exactly one is left',
    async () => {
      for (let n = 0; n < ROUNDS; n++) {
        const ids = await Promise.all(Array.from({ length: 6 }, () => anAdmin(stores[0])));
        const all = [...new Set([...ids, ...(await adminsOf(stores[0]))])];
        const ways = Object.values(WAYS);
        const racers = all.map((id, racer) => ways[(racer + n) % ways.length]!(stores[racer % 2]!, id));
        const refused = refusedOf(await Promise.all(racers), all);
        expect(refused).toHaveLength(1);
        expect(await adminsOf(stores[1])).toEqual(refused);
      }
    },
    LIMIT_MS,
  );
});
