import { LANGUAGE } from './messages';

/** A time as people say it in their language, never shorter than it is: it is how long to wait. */
export function duration(seconds: number): string {
  const [unit, size] =
    seconds >= 7200
      ? (['hour', 3600] as const)
      : seconds >= 120
        ? (['minute', 60] as const)
        : (['second', 1] as const);
  const format = new Intl.NumberFormat(LANGUAGE, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.ceil(seconds / size));
}

const MOMENT = new Intl.DateTimeFormat(LANGUAGE, {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** HTML of an instant as people write it, in UTC: whose clock it is read by, the script knows, which puts it so. */
export function moment(instant: Date): string {
  return `<time datetime="${instant.toISOString()}">${MOMENT.format(instant)} UTC</time>`;
}
