import { ModulesContainer } from '@nestjs/core';
import { UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import type { Flip, Trial } from './settings.trial';

const EMAIL = 'flip@example.org';
const NEW_EMAIL = 'flipped@example.org';
const NEW_PASSWORD = 'quiet-Harbour-37-lantern';

type Member = Trial & { readonly token: string };

const member = async (trial: Trial): Promise<Member> => ({
  ...trial,
  token: await trial.host.member(trial.mail, EMAIL),
});

/** The text of the newest mail to an address, once one holds this. */
const mailWith = async ({ mail }: Trial, to: string, part: string): Promise<string> => {
  for (;;) {
    const found = mail.sent.findLast((one) => one.to === to && one.text.includes(part));
    if (found) return found.text;
    await new Promise((next) => setTimeout(next, 5));
  }
};
const linkIn = (text: string): string => /https?:\S+/.exec(text)![0];
const tokenIn = (text: string): string =>
  /[?&/]token=([\w-]{43})|\/([\w-]{43})/.exec(text)!.slice(1).find(Boolean)!;
const pathOf = (link: string): string => link.replace(/[\w-]{43}$/, '');

const forgotten = async (trial: Trial): Promise<string> => {
  await member(trial);
  await trial.host.call('POST', '/api/auth/forgot-password', { email: EMAIL });
  return mailWith(trial, EMAIL, 'new password');
};

const asked = async (trial: Trial): Promise<string> => {
  const { token, host } = await member(trial);
  const body = { new_email: NEW_EMAIL, current_password: PASSWORD };
  await host.call('POST', '/api/auth/change-email', body, token);
  return mailWith(trial, NEW_EMAIL, 'from now on');
};

const moved = async (trial: Trial): Promise<string> => {
  const token = tokenIn(await asked(trial));
  await trial.host.call('POST', '/api/auth/confirm-email-change', { token });
  return mailWith(trial, EMAIL, 'no longer used');
};

/** What using a link answers that is older than a minute. */
const late =
  (mailed: (trial: Trial) => Promise<string>, path: string, more = {}) =>
  async (trial: Trial): Promise<number> => {
    const token = tokenIn(await mailed(trial));
    trial.clock.advance(61);
    return (await trial.host.call('POST', `/api/auth/${path}`, { token, ...more })).status;
  };

const mailsTo = async (trial: Trial, times: number, pauseSeconds: number): Promise<number> => {
  await member(trial);
  for (let n = 0; n < times; n++) {
    await trial.host.call('POST', '/api/auth/forgot-password', { email: EMAIL });
    trial.clock.advance(pauseSeconds);
  }
  // Its mail is stored behind all of theirs.
  await trial.host.call('POST', '/api/auth/register', { email: NEW_EMAIL, password: PASSWORD });
  await trial.mail.to(NEW_EMAIL);
  return trial.mail.sent.filter(({ to, subject }) => to === EMAIL && subject.includes('new password')).length;
};

/** What somebody signed in is answered this many seconds after their sign-in. */
const answered =
  (seconds: number, method: string, path: string, body?: object) =>
  async (trial: Trial): Promise<number> => {
    const { token, host, clock } = await member(trial);
    clock.advance(seconds);
    return (await host.call(method, path, body, token)).status;
  };

/** The sweep of the app itself, which comes once a minute. */
async function sweep({ app }: Trial['host']): Promise<void> {
  const providers = [...app.get(ModulesContainer).values()].flatMap((one) => [...one.providers.values()]);
  const worker = providers.find(({ name }) => name === 'SweepWorker')!.instance as {
    sweep(): Promise<void>;
  };
  await worker.sweep();
}

/** How many sign-ins the audit log knows two days after the first of them, when what is dead was swept. */
const remembered = async ({ host, clock }: Trial): Promise<number> => {
  const admin = { email: EMAIL, password: PASSWORD };
  await host.app.get(UsersService, { strict: false }).createAdmin(admin);
  const audited = async (): Promise<number> => {
    const { json } = await host.call('POST', '/api/auth/login', admin);
    const path = '/api/auth/admin/audit?kind=user.logged_in';
    return (await host.call('GET', path, undefined, json.access_token as string)).json.items.length as number;
  };
  await audited();
  clock.advance(2 * 86_400);
  await sweep(host);
  return audited();
};

/** What the settings of passwords, addresses, mails, devices, sessions and admins change. */
export const FLOW_FLIPS: Readonly<Record<string, Flip>> = {
  passwordResetUrlTemplate: {
    values: [null, 'https://front.example/#/r/{token}'],
    see: async (t) => pathOf(linkIn(await forgotten(t))),
    shows: ['http://localhost:3000/account/reset?token=', 'https://front.example/#/r/'],
  },
  emailChangeUrlTemplate: {
    values: [null, 'https://front.example/#/c/{token}'],
    see: async (t) => pathOf(linkIn(await asked(t))),
    shows: ['http://localhost:3000/account/confirm-email-change?token=', 'https://front.example/#/c/'],
  },
  emailChangeUndoUrlTemplate: {
    values: [null, 'https://front.example/#/u/{token}'],
    see: async (t) => pathOf(linkIn(await moved(t))),
    shows: ['http://localhost:3000/account/undo-email-change?token=', 'https://front.example/#/u/'],
  },
  passwordResetTokenTtlSeconds: {
    values: [60, 1800],
    see: late(forgotten, 'reset-password', { new_password: NEW_PASSWORD }),
    shows: [400, 200],
  },
  emailChangeTokenTtlSeconds: {
    values: [60, 3600],
    see: late(asked, 'confirm-email-change'),
    shows: [400, 200],
  },
  emailChangeUndoTokenTtlSeconds: {
    values: [60, 259_200],
    see: late(moved, 'undo-email-change'),
    shows: [400, 200],
  },
  enablePasswordReset: {
    values: [true, false],
    see: async ({ host }) => (await host.call('POST', '/api/auth/forgot-password', { email: EMAIL })).status,
    shows: [202, 404],
  },
  mailMaxPerHour: { values: [5, 2], see: (t) => mailsTo(t, 7, 1), shows: [5, 2] },
  mailMaxPerDay: { values: [20, 2], see: (t) => mailsTo(t, 4, 3601), shows: [4, 2] },
  deviceCookieTtlSeconds: {
    values: [60, 15_552_000],
    see: async (t) => {
      await member(t);
      const login = { email: EMAIL, password: PASSWORD };
      const { headers } = await t.host.call('POST', '/api/auth/login', login);
      return /Max-Age=\d+/.exec(headers.get('set-cookie')!)?.[0];
    },
    shows: ['Max-Age=60', 'Max-Age=15552000'],
  },
  sessionIdleSeconds: { values: [0, 60], see: answered(66, 'GET', '/orders'), shows: [200, 401] },
  freshSessionSeconds: {
    values: [60, 900],
    see: answered(61, 'POST', '/api/auth/sessions/revoke-others'),
    shows: [403, 200],
  },
  enableAccountDeletion: {
    values: [true, false],
    see: answered(0, 'DELETE', '/api/auth/account', { current_password: PASSWORD }),
    shows: [200, 404],
  },
  enableAdminRouter: {
    values: [false, true],
    see: answered(0, 'GET', '/api/auth/admin/stats'),
    shows: [404, 403],
  },
  auditRetentionDays: {
    values: [1, 365],
    with: () => ({ enableAdminRouter: true }),
    see: remembered,
    shows: [1, 2],
  },
};
