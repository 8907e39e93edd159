import { Body, type PipeTransform, Query, type Type } from '@nestjs/common';
import { nestedFields } from './nested-fields';
import { shape } from './shape.pipe';

/** Never shown again, whoever typed them. */
const SECRET = /password|token|^code$/;

/** A form as somebody has sent it. */
export interface SentForm<T> {
  /** What was typed, but for secrets: to be shown again beside what is wrong with it. */
  readonly typed: Readonly<Record<string, string>>;
  /**
   * Its fields, held to their shape. A field that was left empty is one that is not there.
   * @throws AccountError `request.invalid`
   */
  read(): Promise<T>;
}

/** The form of a page, checked where the page can show what is wrong with it: `press(@Form(LoginRequest) form: SentForm<LoginRequest>)`. */
export function Form<T extends object>(type: Type<T>): ParameterDecorator {
  return Body(sent(type));
}

/** The same for a form that asks (`method="get"`) and stands in the query: what else stands there, such as `?done=`, is not of it. */
export function QueryForm<T extends object>(type: Type<T>): ParameterDecorator {
  const form = sent(type);
  const isOfForm = ([name]: readonly [string, unknown]): boolean => form.fields.includes(name);
  const pipe: FormPipe<T> = {
    fields: form.fields,
    transform: (query) => form.transform(Object.fromEntries(Object.entries(query ?? {}).filter(isOfForm))),
  };
  return Query(pipe);
}

interface FormPipe<T> extends PipeTransform<unknown, SentForm<T>> {
  transform(sent: unknown): SentForm<T>;
  /** Names of the fields that the form may have. */
  readonly fields: readonly string[];
}

function sent<T extends object>(type: Type<T>): FormPipe<T> {
  const checked = shape(type);
  const { fields } = checked;
  return {
    fields,
    transform(body) {
      const filled = Object.entries(body ?? {}).filter(([, value]) => value !== '');
      const typed = filled.filter(([name, value]) => !SECRET.test(name) && typeof value === 'string');
      return {
        typed: Object.fromEntries(
          typed.filter(([name]) => fields.includes(name.split('.', 1)[0]!)),
        ) as Record<string, string>,
        read: () => checked.transform(nestedFields(filled), { type: 'body' }),
      };
    },
  };
}
