import { ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import type { PipeTransform } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { Form, type SentForm } from './form.decorator';
import { MayBeLeftOut, Text } from './text.decorator';

class Sample {
  @Text({ max: 64 }) email!: string;
  @Text({ max: 64 }) current_password!: string;
  @MayBeLeftOut() @Text({ max: 64 }) code?: string;
  @MayBeLeftOut() @Text({ max: 64 }) full_name?: string;
}

class Pages {
  press(@Form(Sample) _form: SentForm<Sample>): void {}
}

type FormPipe = PipeTransform<unknown, SentForm<Sample>> & { readonly fields: readonly string[] };

const pipeOf = (): FormPipe => {
  const metadata = Reflect.getMetadata(ROUTE_ARGS_METADATA, Pages, 'press') as Readonly<
    Record<string, { readonly pipes: readonly [FormPipe] }>
  >;
  return Object.values(metadata)[0]!.pipes[0];
};

const sent = (body: unknown): SentForm<Sample> => pipeOf().transform(body, { type: 'body' });

const refusalOf = async (body: unknown): Promise<unknown> => {
  const error = await sent(body)
    .read()
    .catch((one: unknown) => one);
  return error instanceof AccountError ? [error.code, error.fields.map(({ field }) => field)] : error;
};

describe('a form as it was sent', () => {
  it('says which fields it has', () => {
    expect(pipeOf().fields).toEqual(['email', 'current_password', 'code', 'full_name']);
  });

  it('what was typed is kept to be shown again, but for secrets and for what the form does not have', () => {
    const { typed } = sent({
      email: 'a@example.org',
      current_password: 'x',
      code: '1',
      full_name: '',
      other: 'y',
    });
    expect(typed).toEqual({ email: 'a@example.org' });
  });

  it('a field that was left empty is one that is not there', async () => {
    const form = await sent({ email: 'a', current_password: 'x', full_name: '' }).read();
    expect(form).toMatchObject({ email: 'a', current_password: 'x' });
    expect(form.full_name).toBeUndefined();
    expect(await refusalOf({ email: 'a', current_password: '' })).toEqual([
      'request.invalid',
      ['current_password'],
    ]);
  });

  it.each([[undefined], [null], [{}], [[]], ['text']])(
    '%j is a form in which all is missing',
    async (body) => {
      expect(sent(body).typed).toEqual({});
      expect(await refusalOf(body)).toEqual(['request.invalid', expect.any(Array)]);
    },
  );

  it('a field that it does not have is refused, whatever it is called', async () => {
    for (const name of ['is_superuser', 'constructor', 'toString', 'form_token'])
      expect(await refusalOf({ email: 'a', current_password: 'x', [name]: 'x' })).toEqual([
        'request.invalid',
        ['body'],
      ]);
  });
});
