import { type Browser, chromium } from 'playwright-core';
import Database from 'better-sqlite3';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { Demo, type DemoEnv, freshDatabase, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmsGateway, smsEnv } from '../support/fake-sms-gateway';
import { FakeSmtp, linkIn, type ReceivedMail } from '../support/fake-smtp';
import { appCode, enrolPhone } from '../support/second-factor';
import { Visitor, type VisitorOptions } from './visitor';

/** Every flow is walked by both kinds of browsers. */
export const BROWSERS = [
  ['with script', { script: true }],
  ['without script', { script: false }],
] as const;

/** Page that a mailed link leads to. */
export type LinkKind = 'verify' | 'reset' | 'confirm-email-change' | 'undo-email-change';

const WAIT_MS = 30_000;

/** What the tests of one file share: a demo process with its mails and texts, and the browser of the run. */
export class Lane {
  readonly smtp!: FakeSmtp;
  readonly sms!: FakeSmsGateway;
  readonly demo!: Demo;
  private readonly database!: string;
  private readonly booted!: number;
  private readonly browser!: Browser;
  private readonly visitors: Visitor[] = [];

  private constructor() {}

  /** For the suite that this is called in; with settings beside what the demo has. Every visitor is looked over after their test. */
  static forSuite(env: DemoEnv = {}): Lane {
    const lane = new Lane();
    beforeAll(() => lane.start(env));
    afterEach(async () => {
      const findings = await Promise.all(lane.visitors.splice(0).map((visitor) => visitor.leave()));
      expect(findings.flat()).toEqual([]);
    });
    afterAll(() => lane.end());
    return lane;
  }

  /** Somebody with a browser of their own. */
  async visitor(options: VisitorOptions): Promise<Visitor> {
    const visitor = await Visitor.arrive(this.browser, this, options);
    this.visitors.push(visitor);
    return visitor;
  }

  /** Somebody with an account, signed in with a browser of their own. */
  async signedIn(options: VisitorOptions, email?: string): Promise<Visitor> {
    const address = email ?? (await this.member()).email;
    const visitor = await this.visitor(options);
    await visitor.signIn(address, PASSWORD);
    return visitor;
  }

  /** An account that was made without a browser, and the token of its session. */
  member(email = someone(), password = PASSWORD): Promise<{ email: string; token: string }> {
    return this.demo.member(this.smtp, email, password);
  }

  /** The same of an admin. */
  async admin(email = someone('admin')): Promise<{ email: string; token: string }> {
    const member = await this.member(email);
    this.inDatabase(`UPDATE regstack_users SET is_superuser = 1 WHERE email = ?`, email);
    return member;
  }

  /** Adds an authenticator app to a member; answers its secret, and the recovery codes. */
  async withApp({ token }: { token: string }): Promise<{ secret: string; codes: readonly string[] }> {
    const start = await this.demo.call('POST', '/mfa/totp/start', { current_password: PASSWORD }, { token });
    const { secret, pending_token } = start.json as Record<'secret' | 'pending_token', string>;
    const confirmation = { pending_token, code: appCode(secret) };
    const { json } = await this.demo.call('POST', '/mfa/totp/confirm', confirmation, { token });
    return { secret, codes: json.recovery_codes as string[] };
  }

  /** Adds a phone number to a member, and answers it. */
  withPhone({ token }: { token: string }): Promise<string> {
    return enrolPhone(this.demo, this.sms, token);
  }

  /** All sessions of all people are as if they had been opened an hour ago. */
  makeStale(): void {
    this.inDatabase(`UPDATE regstack_sessions SET authenticated_at = authenticated_at - 3600000`);
  }

  /** The `n`th mail to this address with a link of this kind, as soon as it is there. */
  async mail(address: string, kind: LinkKind, n = 1): Promise<ReceivedMail> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const mails = this.smtp.to(address).filter(({ text }) => text.includes(`/account/${kind}?token=`));
      if (mails.length >= n) return mails[n - 1]!;
      if (Date.now() > deadline) throw new Error(`no ${kind} mail number ${n} to ${address}`);
      await new Promise((next) => setTimeout(next, 10));
    }
  }

  /** What was sent to people, and nobody else may see. */
  get secrets(): readonly string[] {
    const links = this.smtp.mails.filter(({ text }) => text.includes('token='));
    const tokens = links.map((mail) => new URL(linkIn(mail)).searchParams.get('token')!);
    return [...tokens, ...this.sms.texts.flatMap(({ body }) => body.match(/\b\d{6,10}\b/g) ?? [])];
  }

  /** What the demo has printed, but for how to try it. */
  get log(): string {
    return this.demo.log.slice(this.booted);
  }

  /** One statement, beside the demo. */
  private inDatabase(sql: string, ...values: unknown[]): void {
    const database = new Database(sqliteFileOf(this.database), { timeout: 5000 });
    database.prepare(sql).run(...values);
    database.close();
  }

  private async start(env: DemoEnv): Promise<void> {
    const [smtp, sms, database] = await Promise.all([
      FakeSmtp.start(),
      FakeSmsGateway.start(),
      freshDatabase(),
    ]);
    const settings = { REGSTACK_DATABASE_URL: database, ...smtpEnv(smtp), ...smsEnv(sms), ...env };
    const [demo, browser] = await Promise.all([
      Demo.start(settings),
      chromium.connect(process.env['REGSTACK_TEST_BROWSER_ENDPOINT']!),
    ]);
    await demo.logged('the demo is at');
    Object.assign(this, { smtp, sms, database, demo, browser, booted: demo.log.length });
  }

  private async end(): Promise<void> {
    await this.browser?.close();
    await Promise.all([this.demo?.stop(), this.smtp?.down(), this.sms?.down()]);
  }
}
