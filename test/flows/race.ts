import { randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD, someone } from '../support/demo';
import type { StageOptions } from '../support/stage/stage';
import { type Answer, type Member, Scene } from './scene';

/** How often each race is run: `REGSTACK_TEST_RACE_ROUNDS=1000` before a release. */
const ROUNDS = Number(process.env['REGSTACK_TEST_RACE_ROUNDS'] ?? 3);
/** Racers where they all do the same. */
export const CROWD = 32;
/** Turns of the event loop that a call of the store may take besides its own time, and that some may. */
const TURNS = 4;
const MANY_TURNS = 60;

/** What requests ask of a store, by repository. */
const CALLS = {
  users: [
    ...['create', 'findById', 'findForLogin', 'findCredentials', 'findByUndo', 'isTaken'],
    ...['changeCredentials', 'changeEmail', 'undoEmailChange', 'replaceHash'],
    ...['useTotpStep', 'useRecoveryCode'],
  ],
  accounts: ['changeAccount', 'remove'],
  pendingRegistrations: ['add', 'activate', 'settle', 'findLive', 'dropAllFor'],
  sessions: ['open', 'authenticate', 'renew', 'close', 'closeOthers', 'closeAllFor'],
  challenges: ['issue', 'findLive', 'findLiveAbout', 'countGuess', 'consume', 'dropAllFor'],
} as const satisfies Partial<Record<keyof Store, readonly string[]>>;

/** What comes after the write that counts, or belongs to none: when others are long under way. */
const AFTERWARDS: ReadonlySet<string> = new Set(['closeAllFor', 'dropAllFor', 'issue']);

type Call = (...args: readonly unknown[]) => Promise<unknown>;
type Methods = Record<string, Call | undefined>;

/** A request that has not been sent. */
export type Racer = () => Promise<Answer>;

/**
 * A scene without limits on guesses and mails, whose store takes a random while over each call, before and after it is done: a fast
 * one would end a request before the next one begins, and nothing would ever race.
 */
export async function raceTrack(settings: StageOptions = {}): Promise<Scene> {
  const scene = await Scene.start({ rateLimitDisabled: true, ...settings });
  const store = scene.stage.host.app.get(Store, { strict: false });
  for (const [repository, calls] of Object.entries(CALLS)) dawdle(store[repository as keyof Store], calls);
  return scene;
}

/** A race, run as often as the run says. */
export function race(title: string, round: () => Promise<void>): void {
  it(
    title,
    async () => {
      for (let n = 0; n < ROUNDS; n++) await round();
    },
    60_000 + ROUNDS * 5000,
  );
}

/** All at once. Whatever happens, none of them may find a defect or an outage. */
export async function together<T extends readonly Racer[]>(
  ...racers: T
): Promise<{ [K in keyof T]: Answer }> {
  const answers = await Promise.all(racers.map((racer) => racer()));
  expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
  return answers as unknown as { [K in keyof T]: Answer };
}

/** One that starts a random while after the others, so that it comes upon any of the steps that they take. */
export const late = (racer: Racer): Racer => {
  return async () => {
    await turns(MANY_TURNS);
    return racer();
  };
};

/** As many of the same kind as a crowd has. */
export const crowd = (racer: (n: number) => Promise<Answer>): Promise<readonly Answer[]> =>
  together(...Array.from({ length: CROWD }, (_, n) => () => racer(n)));

/** Stops a request at its next call of the store, for as long as another one takes from its beginning to its end. */
export async function meanwhile(
  scene: Scene,
  [repository, name]: readonly [keyof typeof CALLS, string],
  stopped: Racer,
  other: Racer,
): Promise<readonly [Answer, Answer]> {
  const methods = scene.stage.host.app.get(Store, { strict: false })[repository] as unknown as Methods;
  const call = methods[name]!.bind(methods);
  let goOn: () => void = () => {};
  const gate = new Promise<void>((done) => (goOn = done));
  const isThere = new Promise<void>((done) => {
    methods[name] = async (...args) => {
      methods[name] = call;
      done();
      await gate;
      return call(...args);
    };
  });
  const answer = stopped();
  await Promise.race([isThere, answer]);
  const [others] = await together(other);
  goOn();
  return [(await together(() => answer))[0], others];
}

/** How many were answered with each status. */
export function tally(answers: readonly Answer[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What a crowd is answered of which one may win. */
export const ONE_WINS = { 200: 1, 400: CROWD - 1 };

/** The password of one of a crowd. */
export const passwordOf = (n: number): string => `quiet-Harbour-${n}-lantern`;

/** Who of a crowd can sign in by their own password. */
export async function whoSignsIn(scene: Scene, email: string): Promise<readonly number[]> {
  const answers = await crowd((n) => scene.login(email, passwordOf(n)));
  return answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
}

/** Those of a crowd who were answered with success. */
export const winners = (answers: readonly Answer[]): readonly number[] =>
  answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));

/** Asks for the link that moves somebody to another address, and reads it there. */
export async function linkToMove(scene: Scene, { token, password }: Member, email = someone()) {
  await scene.post('/change-email', { new_email: email, current_password: password }, { token });
  return { email, link: await scene.tokenTo(email) };
}

/** Somebody who has just moved, with the link that takes it back. */
export async function movedMember(scene: Scene) {
  const member = await scene.member();
  const { email, link } = await linkToMove(scene, member);
  await scene.post('/confirm-email-change', { token: link });
  const undo = await scene.tokenTo(member.email);
  const { json } = await scene.login(email, PASSWORD);
  return { member, email, undo, token: json.access_token as string };
}

/** The links in the mails to an address, oldest first. */
export async function linksTo(scene: Scene, address: string): Promise<readonly string[]> {
  const mails = await scene.mailsTo(address);
  return mails.flatMap(({ text }) => /[?&]token=([\w-]+)/.exec(text)?.[1] ?? []);
}

function dawdle(repository: object, calls: readonly string[]): void {
  const methods = repository as Methods;
  for (const name of calls) {
    const call = methods[name]?.bind(repository);
    if (!call) continue;
    methods[name] = async (...args) => {
      await someTurns(AFTERWARDS.has(name) ? 2 : 8);
      const answer = await call(...args);
      await someTurns(8);
      return answer;
    };
  }
}

/** Many, one time of so many. */
function someTurns(oneOf: number): Promise<void> {
  return turns(randomInt(oneOf) === 0 ? MANY_TURNS : TURNS);
}

/** A random while of at most so many turns. */
async function turns(most: number): Promise<void> {
  for (let left = randomInt(most + 1); left > 0; left--) await turn();
}
