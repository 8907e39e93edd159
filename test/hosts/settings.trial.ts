import { Mailer, RegStackModule, type RegStackOptions, SmsSender } from '@regstack/nestjs';
import { type CapturedMail, type CapturedSms, type FakeClock, Store } from '@regstack/nestjs/testing';
import { Host, replacements, SETTINGS } from '../support/host';

/** A host with one value of a setting, and what stands around it. */
export interface Trial {
  readonly host: Host;
  readonly mail: CapturedMail;
  readonly sms: CapturedSms;
  readonly clock: FakeClock;
  readonly settings: RegStackOptions;
  /** Does something with a second host on the same store, clock and mail. */
  beside<T>(settings: RegStackOptions, act: (host: Host) => Promise<T>): Promise<T>;
}

/** How a setting shows. */
export interface Flip {
  readonly values: readonly [unknown, unknown] | (() => Promise<readonly [unknown, unknown]>);
  /** Settings that it needs beside it. */
  readonly with?: () => RegStackOptions | Promise<RegStackOptions>;
  /** Runs on the store that the settings name, instead of one in memory. */
  readonly ownStore?: boolean;
  /** The store that the run must have for it. */
  readonly needs?: 'postgres' | 'mongo';
  /** Mails by the backend that the settings name, instead of capturing mails. */
  readonly ownMailer?: boolean;
  /** Sends text messages by the backend that the settings name, instead of capturing them. */
  readonly ownSms?: boolean;
  readonly see: (trial: Trial) => unknown;
  /** What is seen with the first value, and with the second. */
  readonly shows: readonly [unknown, unknown];
}

/** What is seen with this value of a setting; the message, when the app refuses to start with it. */
export async function seenWith(path: string, value: unknown, flip: Flip): Promise<unknown> {
  const { mail, sms, clock, providers } = replacements();
  const own: readonly unknown[] = [
    flip.ownStore && Store,
    flip.ownMailer && Mailer,
    flip.ownSms && SmsSender,
  ];
  const replaced = providers.filter(({ provide }) => !own.includes(provide));
  const settings = withSetting(
    { ...SETTINGS, databaseUrl: 'sqlite::memory:', ...(await flip.with?.()) },
    path,
    value,
  );
  const start = (options: RegStackOptions): Promise<Host> =>
    Host.start({ imports: [RegStackModule.forRoot({ ...options, providers: replaced })] });
  const started = await start(settings).catch((error: Error) => error.message);
  if (typeof started === 'string') return started;
  const beside = async <T>(options: RegStackOptions, act: (host: Host) => Promise<T>): Promise<T> => {
    const second = await start(options);
    try {
      return await act(second);
    } finally {
      await second.stop();
    }
  };
  try {
    return await flip.see({ host: started, mail, sms, clock, settings, beside });
  } finally {
    await started.stop();
  }
}

/** The settings with one more, sections by dots. */
export function withSetting(settings: RegStackOptions, path: string, value: unknown): RegStackOptions {
  const [first, second] = path.split('.') as [keyof RegStackOptions, string?];
  if (second === undefined) return { ...settings, [first]: value };
  return { ...settings, [first]: { ...(settings[first] as object | undefined), [second]: value } };
}
