import type { Answer } from './answers';

/** A form on a page, with what is in its fields. */
export interface ShownForm {
  readonly action: string;
  /** What a browser would send of it as it is: hidden fields, and what stands in the others already. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of all its fields, of those that nothing would be sent of as well. */
  readonly names: readonly string[];
}

/** Which form of a page is meant: by a field that it has, by its action, or by both. */
export interface WhichForm {
  readonly has?: string;
  readonly action?: string;
}

/** A page as it is shown. */
export class ShownPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;

  /** @param path that it was found under, with the query */
  constructor(
    readonly path: string,
    { status, headers, text }: Answer,
  ) {
    this.status = status;
    this.headers = headers;
    this.html = text;
  }

  /** Its text as somebody reads it. */
  get text(): string {
    return textOf(/<body>([\s\S]*)<\/body>/.exec(this.html)?.[1] ?? this.html);
  }

  /** Its title, without the name of the app. */
  get title(): string {
    return textOf(/<title>(?:Error: )?([\s\S]*?)<\/title>/.exec(this.html)?.[1] ?? '').split(' · ')[0]!;
  }

  /** What is wrong, as a screen reader is told, or null; without the list of fields. */
  get alert(): string | null {
    return this.told('alert');
  }

  /** What has been done, likewise. */
  get done(): string | null {
    return this.told('status');
  }

  /** What is said beside a field, tied to it, or null. */
  errorBeside(field: string): string | null {
    const tag = tagsIn(this.html).find(({ name, invalid }) => name === field && invalid);
    const id = tag?.describedBy.find((one) => one.endsWith('-error'));
    return id === undefined
      ? null
      : textOf(new RegExp(` id="${id}"[^>]*>([\\s\\S]*?)</p>`).exec(this.html)![1]!);
  }

  /** Whether a section (`details`) is open. */
  isOpen(id: string): boolean {
    return / open\b/.exec(new RegExp(`<details[^>]* id="${id}"([^>]*)>`).exec(this.html)![1]!) !== null;
  }

  /** Names of the fields of a form that something is wrong with. */
  errorsIn(which: WhichForm): readonly string[] {
    const form = this.form(which);
    const html = this.html.split(`action="${form.action}"`)[1]!.split('</form>')[0]!;
    return tagsIn(html).flatMap(({ name, invalid }) => (invalid ? [name] : []));
  }

  /** All forms, from top to bottom. */
  get forms(): readonly ShownForm[] {
    return [...this.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, body]) => ({
      action: attribute(head!, 'action') ?? this.path,
      ...fieldsOf(body!),
    }));
  }

  /** The first form of these, or null. */
  find({ has, action }: WhichForm): ShownForm | null {
    const isIt = (form: ShownForm): boolean =>
      (has === undefined || form.names.includes(has)) &&
      (action === undefined || form.action.split('?')[0] === action.split('?')[0]);
    return this.forms.find(isIt) ?? null;
  }

  /** The first form of these. */
  form(which: WhichForm): ShownForm {
    const form = this.find(which);
    if (!form) throw new Error(`${this.path} (${this.status}) has no form ${JSON.stringify(which)}`);
    return form;
  }

  /** Where the links lead, by their text. */
  get links(): Readonly<Record<string, string>> {
    const links = this.html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g);
    return Object.fromEntries([...links].map(([, head, text]) => [textOf(text!), attribute(head!, 'href')!]));
  }

  private told(role: string): string | null {
    const found = new RegExp(`<(\\w+)[^>]* role="${role}"[^>]*>([\\s\\S]*?)</\\1>`).exec(this.html);
    return found && textOf(found[2]!.replace(/<ul>[\s\S]*<\/ul>/, ''));
  }
}

interface Tag {
  readonly name: string;
  readonly value: string | null;
  readonly invalid: boolean;
  readonly describedBy: readonly string[];
}

/** The fields in a piece of a page. Nothing would be sent of a box that is not ticked. */
function tagsIn(html: string): readonly Tag[] {
  const all = html.matchAll(/<(input|select|textarea)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g);
  return [...all].map(([, kind, head, body = '']) => ({
    name: attribute(head!, 'name') ?? '',
    value: valueOf(kind!, head!, body),
    invalid: attribute(head!, 'aria-invalid') === 'true',
    describedBy: (attribute(head!, 'aria-describedby') ?? '').trim().split(/\s+/),
  }));
}

function valueOf(kind: string, head: string, body: string): string | null {
  if (kind === 'textarea') return decoded(body);
  if (kind === 'select') {
    const options = [...body.matchAll(/<option\b([^>]*)>/g)].map(([, option]) => option!);
    return attribute(options.find((one) => / selected\b/.test(one)) ?? options[0] ?? '', 'value') ?? '';
  }
  const isBox = /checkbox|radio/.test(attribute(head, 'type') ?? '');
  if (isBox) return / checked\b/.test(head) ? (attribute(head, 'value') ?? 'on') : null;
  return attribute(head, 'value') ?? '';
}

function fieldsOf(html: string): Pick<ShownForm, 'values' | 'names'> {
  const tags = tagsIn(html).filter(({ name }) => name !== '');
  const sent = tags.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
  return { values: Object.fromEntries(sent), names: tags.map(({ name }) => name) };
}

function attribute(head: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1];
  return found === undefined ? null : decoded(found);
}

/** Elements within a line part no words. */
const INLINE = /<\/?(?:a|b|code|em|span|strong|time)\b[^>]*>/g;

function textOf(html: string): string {
  return decoded(html.replace(INLINE, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&#34;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function decoded(html: string): string {
  return html.replace(/&(?:lt|gt|#34|#39|amp);/g, (entity) => ENTITIES[entity]!);
}
