import { randomInt } from 'node:crypto';
import { dropDatabases } from '../../support/databases';
import { type Caller, callersOf, type Invitation } from './callers';
import { Ground, type Options, SWITCHES } from './ground';
import { ALL_MUTANTS } from './mutants';
import { LINES, nameOf } from './table';
import { type Report, type Share, sizeOf, walk } from './walk';

/** Ways in which a request reaches its route, and so may end its session. */
const SPARES = ALL_MUTANTS.filter(({ reach }) => reach === 'route').length;

/** Before a release every pair of route and caller is tried in every spelling, else in each fourth, other ones in each run. */
const OF = Number(process.env['REGSTACK_TEST_MATRIX_SHARE'] ?? 4);
if (!Number.isSafeInteger(OF) || OF < 1) throw new Error('REGSTACK_TEST_MATRIX_SHARE must be a whole number');
const SHARE: Share = { of: OF, from: Number(process.env['REGSTACK_TEST_MATRIX_FROM'] ?? randomInt(OF)) };

const told = ({ made, passed, refused, lost }: Report): string =>
  `share ${SHARE.from} of ${SHARE.of}, ${made} requests: ${passed} passed, ${refused} refused, ${lost} found nothing`;

describe('G10: every route says who may pass, and no caller and no spelling of a request gets further', () => {
  let ground: Ground;
  let callers: readonly Caller[];
  const enter = async (options: Options, invitation: Invitation): Promise<void> => {
    ground = await Ground.start(options);
    callers = await callersOf(ground, invitation);
  };
  afterEach(() => ground.stop());
  afterAll(dropDatabases);

  it('R69: the table names every route of the app, and no other', async () => {
    ground = await Ground.start();
    expect(ground.routes.toSorted()).toEqual(LINES.map(nameOf).toSorted());
  });

  it('every route, every caller, a share of the spellings; and a refusal says the same whoever is refused', async () => {
    await enter({}, { spares: SPARES });
    const plan = { callers, mutants: ALL_MUTANTS, share: SHARE };
    const report = await walk(ground, plan);
    console.log(told(report));
    expect(report.deviations).toEqual([]);
    expect(report.made).toBe(sizeOf(plan));
    expect(report.made).toBeGreaterThan((LINES.length * callers.length * ALL_MUTANTS.length) / (OF + 1));
    // The reason of a refusal is nobody's business: one body for each code.
    for (const code of ['session.required', 'account.not_allowed', 'session.stale', 'request.cross_site'])
      expect([code, report.bodies.get(code)?.size]).toEqual([code, 1]);
  }, 600_000);

  it('what is switched off is not there: for nobody, and in the same words', async () => {
    const off = Object.fromEntries(SWITCHES.map((name) => [name, false]));
    await enter(off, { spares: 0 });
    const lines = LINES.filter(({ setting }) => setting !== null);
    const report = await walk(ground, { callers, mutants: ALL_MUTANTS, lines, share: SHARE });
    console.log(told(report));
    expect(report.deviations).toEqual([]);
    expect(report.passed).toBe(0);
    expect([...report.bodies.keys()]).toEqual(['feature.disabled']);
    expect(report.bodies.get('feature.disabled')?.size).toBe(1);
  }, 180_000);

  it('mfa_policy: superusers who have come without a second factor open nothing of admins', async () => {
    const isAsked = (name: string): boolean => /^(nobody|somebody|user|editor|admin)/.test(name);
    await enter({}, { spares: SPARES, isAsked });
    const lines = LINES.filter(({ path }) => path.includes('admin') || path.startsWith('/host'));
    const report = await ground.beside({ mfaPolicy: 'required_for_superusers' }, (other) =>
      walk(other, { callers, mutants: ALL_MUTANTS, lines, share: SHARE }),
    );
    console.log(told(report));
    expect(report.deviations).toEqual([]);
    expect(report.bodies.get('mfa.required')?.size).toBe(1);
  }, 180_000);

  it('globalGuard: what nobody guards is guarded, and all else is as it was', async () => {
    const isAsked = (name: string): boolean => /^(nobody|an expired|a bearer|user|editor|admin)/.test(name);
    await enter({ globalGuard: true }, { spares: 2, isAsked });
    const mutants = ALL_MUTANTS.filter(({ name }) => ['as it is', 'HEAD', 'capitals'].includes(name));
    const report = await walk(ground, { callers, mutants });
    console.log(told(report));
    expect(report.deviations).toEqual([]);
  }, 180_000);
});
