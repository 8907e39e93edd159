import { Equals, IsIn, IsInt, IsOptional, IsString, Length, Max, ValidateIf } from 'class-validator';
import { Attribute } from './attribute.decorator';
import { AttributeSchema } from './attribute.schema';

class ShopAttributes {
  @Attribute('registration') @Equals(true) terms_accepted!: boolean;
  @Attribute('registration', 'owner', 'admin') @IsOptional() @IsIn(['en', 'de']) language?: string = 'en';
  @Attribute('admin') @IsOptional() @IsString() @Length(1, 100) company?: string;
  @Attribute('admin')
  @ValidateIf(({ company }: ShopAttributes) => company !== undefined)
  @IsInt()
  @Max(1000, { message: 'must not be more than the company has' })
  seats?: number;
  @Attribute() @IsOptional() notes?: unknown;
  /** Not declared: ours to forget. */
  local = 'never stored';
}

const refusal = (...fields: [field: string, message: RegExp | string][]): unknown =>
  expect.objectContaining({
    code: 'request.invalid',
    fields: fields.map(([field, message]) => ({
      field,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })),
  });

const NOT_HERE = 'is not known, or not to be set here';
const NO_JSON = 'must be well-formed JSON of at most 1024 bytes';

describe('AttributeSchema', () => {
  const shop = new AttributeSchema(ShopAttributes);

  it('who registers gives theirs; what the class sets is stored where nothing else is given, and nothing undeclared', async () => {
    expect(await shop.check({ terms_accepted: true }, 'registration')).toEqual({
      terms_accepted: true,
      language: 'en',
    });
    expect(await shop.check({ terms_accepted: true, language: 'de' }, 'registration')).toEqual({
      terms_accepted: true,
      language: 'de',
    });
    expect(shop.initial()).toEqual({ language: 'en' });
  });

  it('at registration what is missing is checked, and null is as good as missing', async () => {
    for (const given of [{}, { terms_accepted: null }, { terms_accepted: false }])
      await expect(shop.check(given, 'registration')).rejects.toEqual(
        refusal(['attributes.terms_accepted', /equal to true/]),
      );
    expect(await shop.check({ terms_accepted: true, language: null }, 'registration')).toEqual({
      terms_accepted: true,
      language: 'en',
    });
  });

  it.each([
    ['registration', 'company'],
    ['registration', 'notes'],
    ['owner', 'company'],
    ['owner', 'terms_accepted'],
    ['owner', 'notes'],
    ['admin', 'terms_accepted'],
    ['admin', 'notes'],
  ] as const)('%s must not write %s', async (writer, name) => {
    const given = { ...(writer === 'registration' && { terms_accepted: true }), [name]: true };
    await expect(shop.check(given, writer)).rejects.toEqual(refusal([`attributes.${name}`, NOT_HERE]));
  });

  it('the code of the app writes all that is declared', async () => {
    const given = {
      terms_accepted: true,
      language: 'de',
      company: 'Plum',
      seats: 3,
      notes: { any: ['thing'] },
    };
    expect(await shop.check(given, 'app')).toEqual(given);
  });

  it.each(['local', 'unknown', '__proto__', 'constructor', 'toString', 'language ', ''])(
    'nobody writes %j, and its name is not said again',
    async (name) => {
      const given = JSON.parse(`{${JSON.stringify(name)}: "x"}`) as Record<string, unknown>;
      for (const writer of ['registration', 'owner', 'admin', 'app'] as const)
        await expect(shop.check(given, writer)).rejects.toEqual(refusal(['attributes', NOT_HERE]));
    },
  );

  it('of several that are not theirs each is named once', async () => {
    const given = { company: 'Plum', notes: 1, unknown: 1, other: 2 };
    await expect(shop.check(given, 'owner')).rejects.toEqual(
      refusal(['attributes.company', NOT_HERE], ['attributes.notes', NOT_HERE], ['attributes', NOT_HERE]),
    );
  });

  it('a change is checked for what it names; what is there already breaks no rule', async () => {
    expect(await shop.check({ language: 'de' }, 'owner', {})).toEqual({ language: 'de' });
    expect(await shop.check({ language: 'de' }, 'owner', { language: 'fr', company: 7 })).toEqual({
      language: 'de',
    });
    await expect(shop.check({ language: 'fr' }, 'owner')).rejects.toEqual(
      refusal(['attributes.language', /one of the following values/]),
    );
  });

  it('null removes one, whatever its rules; a rule that asks for it says so', async () => {
    expect(await shop.check({ language: null }, 'owner', { language: 'de' })).toEqual({ language: null });
    await expect(shop.check({ terms_accepted: null }, 'app', { terms_accepted: true })).rejects.toEqual(
      refusal(['attributes.terms_accepted', /equal to true/]),
    );
  });

  it('rules that look at several fields see those that are there', async () => {
    expect(await shop.check({ seats: 'many' }, 'admin', {})).toEqual({ seats: 'many' });
    await expect(shop.check({ seats: 2000 }, 'admin', { company: 'Plum' })).rejects.toEqual(
      refusal(['attributes.seats', 'must not be more than the company has']),
    );
    expect(await shop.check({ seats: 2000, company: null }, 'admin', { company: 'Plum' })).toEqual({
      seats: 2000,
      company: null,
    });
  });

  it('no refusal holds a value', async () => {
    const secret = 'typed-by-somebody';
    for (const given of [{ language: secret }, { company: secret.repeat(10) }, { [secret]: secret }]) {
      const error: unknown = await shop.check(given, 'admin').catch((reason: unknown) => reason);
      expect(JSON.stringify(error)).not.toContain(secret);
      expect(String((error as Error).stack)).not.toContain(secret);
    }
  });

  it.each([
    ['too long', 'x'.repeat(1023)],
    ['too long in bytes', 'ä'.repeat(512)],
    ['NUL', 'a\0'],
    ['half a character', '\ud83d'],
    ['no JSON', Number.NaN],
    ['no data', new Date()],
  ])('%s is refused before any rule', async (_, value) => {
    await expect(shop.check({ notes: value }, 'app')).rejects.toEqual(refusal(['attributes.notes', NO_JSON]));
  });

  it('fits exactly', async () => {
    expect(await shop.check({ notes: 'x'.repeat(1022) }, 'app')).toEqual({ notes: 'x'.repeat(1022) });
  });

  it('without a class nobody has attributes', async () => {
    const none = new AttributeSchema(null);
    for (const writer of ['registration', 'owner', 'admin', 'app'] as const) {
      expect(await none.check({}, writer)).toEqual({});
      await expect(none.check({ language: 'de' }, writer)).rejects.toEqual(refusal(['attributes', NOT_HERE]));
    }
    expect(none.initial()).toEqual({});
  });

  it('a class may extend another, and its parent knows nothing of it', () => {
    class More extends ShopAttributes {
      @Attribute('owner') @IsOptional() hobby?: string = 'chess';
    }
    expect(new AttributeSchema(More).initial()).toEqual({ language: 'en', hobby: 'chess' });
    expect(new AttributeSchema(ShopAttributes).initial()).toEqual({ language: 'en' });
  });

  describe('refuses to boot with', () => {
    const declaring = (...names: string[]) => {
      class Declared {}
      for (const name of names) Attribute('owner')(Declared.prototype, name);
      return () => new AttributeSchema(Declared);
    };

    it.each(['a.b', '$set', '_id', '1st', 'a b', 'ä', '', 'x'.repeat(64), 'a-b'])('the name %j', (name) => {
      expect(declaring(name)).toThrow(`attributes: the name ${name} must match`);
    });

    it('too many, or none', () => {
      const names = Array.from({ length: 65 }, (_, n) => `a${n}`);
      expect(declaring(...names)).toThrow('attributes: at most 64 can be declared');
      expect(declaring(...names.slice(1))).not.toThrow();
      expect(declaring()).toThrow('attributes: no field of Declared is marked with @Attribute()');
      expect(declaring('x'.repeat(63))).not.toThrow();
    });
  });
});
