import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import type { Answer, Head, Scene } from '../flows/scene';
import type { Choice, ProvedFactorCommand } from './factor-commands';
import type { Code, Setup, Text, Wait } from './factors';
import type { Model } from './model';
import { replyOf } from './reply-of';
import type { Reply, Session, User } from './terms';
import { RULES } from './terms';

type Both = readonly [Reply, Reply];
type Taken = { readonly code: Code; readonly typed: string };

const CODE = /^\d{6}\b/;
/** One of them is nobody's. */
const WRONG = Array.from({ length: 10 }, (_, n) => String(n).repeat(6));

/** The part of a play that is about second factors: it knows the secrets and codes that the model has no need of. */
export class FactorPlay {
  private readonly tokens = new Map<Wait | Setup, string>();
  private readonly secrets = new Map<Setup, string>();
  private readonly codes = new Map<Text, string>();
  private readonly used = new Map<User, string[]>();

  constructor(
    private readonly scene: Scene,
    private readonly model: Model,
    private readonly numbers: readonly string[],
  ) {}

  /** Keeps the token of a sign-in that waits. */
  keepWait(wait: Wait, token: string): void {
    this.tokens.set(wait, token);
  }

  /** The texts of the last request are those of the model. */
  compareTexts(command: unknown): void {
    const sent = this.scene.stage.sms.sent.splice(0);
    const { sent: expected } = this.model.steps;
    expect({ command, texts: sent.map(({ to }) => to) }).toEqual({
      command,
      texts: expected.map(({ to }) => to),
    });
    expected.forEach((text, n) => this.codes.set(text, CODE.exec(sent[n]!.text)![0]));
  }

  /** The second step of a sign-in; the answer has its session. */
  async secondStep(wait: Wait | null, choice: Choice): Promise<readonly [Reply, Answer]> {
    const { code, typed } = this.take(wait?.user ?? null, choice);
    const body = { mfa_pending_token: this.tokenOf(wait), code: typed };
    return [this.model.secondStep(wait, code), await this.scene.post('/login/mfa-confirm', body)];
  }

  async resend(wait: Wait | null): Promise<Both> {
    const body = { mfa_pending_token: this.tokenOf(wait) };
    return [
      this.model.steps.resend(wait, this.model.now),
      replyOf(await this.scene.post('/login/mfa-resend', body)),
    ];
  }

  async challenge(session: Session | null, head: Head): Promise<Both> {
    const answer = await this.scene.post('/mfa/challenge', undefined, head);
    return [this.model.challenge(session), replyOf(answer)];
  }

  async confirmSetup(
    session: Session | null,
    setup: Setup | null,
    choice: Choice,
    head: Head,
  ): Promise<Both> {
    const { code, typed } = this.take(session?.user ?? null, choice, setup);
    const path = setup?.number ? '/phone/confirm' : '/mfa/totp/confirm';
    const answer = await this.scene.post(path, { pending_token: this.tokenOf(setup), code: typed }, head);
    return [this.model.confirmSetup(session, setup, code, codesIn(answer)), replyOf(answer)];
  }

  /** @param current the password that is typed */
  async proved(
    session: Session | null,
    command: ProvedFactorCommand,
    current: string,
    head: Head,
  ): Promise<Both> {
    const { model } = this;
    const taken = command.code === null ? null : this.take(session?.user ?? null, command.code);
    const [code, body] = [
      taken?.code ?? null,
      { current_password: current, ...(taken && { code: taken.typed }) },
    ];
    const post = (path: string, more: object = {}) => this.scene.post(path, { ...body, ...more }, head);
    switch (command.do) {
      case 'reauthenticate':
        return [model.reauthenticate(session, current, code), replyOf(await post('/reauthenticate'))];
      case 'removeApp':
        return [model.remove(session, 'app', current, code), replyOf(await post('/mfa/totp/delete'))];
      case 'removePhone':
        return [model.remove(session, 'phone', current, code), replyOf(await post('/phone/delete'))];
      case 'newCodes': {
        const answer = await post('/mfa/recovery-codes');
        return [model.newCodes(session, current, code, codesIn(answer)), replyOf(answer)];
      }
      default: {
        const number = command.do === 'startPhone' ? this.numbers[command.who]! : null;
        const answer = await (number === null
          ? post('/mfa/totp/start')
          : post('/phone/start', { phone_number: number }));
        const expected = model.startSetup(session, number, current, code);
        this.keepSetup(expected, answer);
        return [expected, replyOf(answer)];
      }
    }
  }

  private keepSetup(expected: Reply, { json }: Answer): void {
    const setup = this.model.steps.setups.at(-1)!;
    if (expected.status >= 300 || json?.pending_token === undefined) return;
    this.tokens.set(setup, json.pending_token as string);
    if (json.secret) this.secrets.set(setup, json.secret as string);
  }

  private tokenOf = (one: Wait | Setup | null): string =>
    (one && this.tokens.get(one)) ?? randomBytes(32).toString('base64url');

  /** What the choice comes to: a code of the setup, or of what the user has; a wrong one where there is none. */
  private take(user: User | null, choice: Choice, setup: Setup | null = null): Taken {
    const secret = this.secrets.get((setup ?? user?.factors.app?.setup)!);
    const steps = { app: 0, late: -1, early: 1, far: 2 }[choice as 'app'];
    if (steps !== undefined && secret !== undefined)
      return { code: { kind: 'app', steps }, typed: this.shown(secret, steps) };
    const text = [...this.codes.keys()].filter((one) => one.user === user).at(choice === 'text' ? -1 : -2);
    if (choice.endsWith('text') && text)
      return { code: { kind: 'text', text }, typed: this.codes.get(text)! };
    const recovery =
      user && choice.endsWith('recovery') ? this.recovery(user, choice === 'recovery') : undefined;
    if (recovery !== undefined) return { code: { kind: 'recovery', code: recovery }, typed: recovery };
    const shown = secret === undefined ? [] : [-1, 0, 1].map((one) => this.shown(secret, one));
    const right = [...shown, ...this.codes.values()];
    return { code: { kind: 'wrong' }, typed: WRONG.find((one) => !right.includes(one))! };
  }

  private recovery(user: User, isLeft: boolean): string | undefined {
    const { codes } = user.factors.recovery;
    const used = this.used.get(user) ?? [];
    if (!isLeft) return used.findLast((one) => !codes.includes(one));
    if (codes[0] !== undefined) this.used.set(user, [...used, codes[0]]);
    return codes[0];
  }

  private shown(secret: string, steps: number): string {
    const now = Math.floor(this.scene.stage.clock.now().getTime() / 1000);
    return generateSync({ secret, epoch: now + steps * RULES.step });
  }
}

const codesIn = ({ json }: Answer): readonly string[] => (json?.recovery_codes ?? []) as readonly string[];

/** True for a command of somebody signed in by what they know and have. */
export const isProved = (command: { readonly do: string }): command is ProvedFactorCommand =>
  ['startApp', 'startPhone', 'removeApp', 'removePhone', 'newCodes', 'reauthenticate'].includes(command.do);
