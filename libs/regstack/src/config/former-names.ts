/** A setting of the Python project that is called otherwise here. */
interface FormerName {
  readonly key: string;
  /** What its `true` and `false` become. */
  readonly whenTrue: unknown;
  readonly whenFalse: unknown;
}

const FORMER: ReadonlyMap<string, FormerName> = new Map([
  ['behind_proxy', { key: 'trusted_proxies', whenTrue: 1, whenFalse: 0 }],
  ['email.smtp_starttls', { key: 'email.smtp_tls', whenTrue: 'starttls', whenFalse: 'none' }],
]);

/** Settings of the Python project that mean nothing here, with what serves instead. */
const REPLACED: readonly (readonly [name: RegExp, replacement: string])[] = [
  [/^transport$/, 'nothing: an API client gets a bearer token'],
  [/^cookie_domain$/, 'nothing: cookies belong to the host of base_url alone'],
  [/^[a-z_]+_collection$/, 'table_prefix'],
  [/^extra_static_dirs$/, 'static files that the app serves itself'],
  [/^email_link_prefix$/, 'ui_prefix, or verify_url_template and its like'],
  [/^(email|sms)\.log_bodies$/, 'the console backend, which prints all of a message'],
];

/**
 * The setting and the value that a line means; a name that was never called otherwise stays as it is, and so does a value that is
 * no switch, for the rules of the setting to refuse.
 */
export function formerName(key: string, value: unknown): { readonly key: string; readonly value: unknown } {
  if (key === 'sms.backend' && value === 'null') return { key, value: 'console' };
  const former = FORMER.get(key);
  if (!former) return { key, value };
  const isSwitch = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
  const text = isSwitch ? String(value).toLowerCase() : '';
  if (['true', '1'].includes(text)) return { key: former.key, value: former.whenTrue };
  return { key: former.key, value: ['false', '0'].includes(text) ? former.whenFalse : value };
}

/** What serves instead of a name that means nothing here; null for one that is not known to mean nothing. */
export function replacementOf(key: string): string | null {
  return REPLACED.find(([name]) => name.test(key))?.[1] ?? null;
}
