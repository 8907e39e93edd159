import * as fc from 'fast-check';
import { AccountError } from './errors';
import { callingCodeOf, canonicalPhoneNumber, type PhoneNumber } from './phone-number';

const REFUSED = expect.objectContaining({
  code: 'phone.invalid',
  fields: [expect.objectContaining({ field: 'phone_number' })],
}) as unknown;

const refusalOf = (text: string): unknown => {
  try {
    return canonicalPhoneNumber(text);
  } catch (error) {
    return error;
  }
};

describe('canonicalPhoneNumber', () => {
  it.each([
    ['as it is', '+4915112345678'],
    ['with spaces', '+49 151 12345678'],
    ['with dashes', '+49-151-1234-5678'],
    ['with dots', '+49.151.12345678'],
    ['with slashes', '+49/151/12345678'],
    ['with the zero of calls from inside', '+49 (0)151 12345678'],
    ['with spaces that do not break', '+49\u00a0151\u00a012345678'],
    ['with a space of no width', '+49\u200b15112345678'],
    ['in Arabic digits', '+٤٩١٥١١٢٣٤٥٦٧٨'],
    ['in full-width digits', '+４９１５１１２３４５６７８'],
    ['with one full-width digit', '+49151123456７8'],
  ])('%s: one number has one form', (_, text) => {
    expect(canonicalPhoneNumber(text)).toBe('+4915112345678');
  });

  it.each([
    ['nothing', ''],
    ['a plus', '+'],
    ['words', 'my number'],
    ['without a country', '0151 12345678'],
    ['with the prefix of calls to abroad', '0049 151 12345678'],
    ['two pluses', '++4915112345678'],
    ['a plus in the middle', '+49 +15112345678'],
    ['another text behind it', '+49 151 12345678 and more'],
    ['another text before it', 'call +49 151 12345678'],
    ['letters for digits', '+1 800 FLOWERS'],
    ['as a link', 'tel:+4915112345678'],
    ['no country has this code', '+999123456789'],
    ['too short', '+49151'],
    ['too long', '+49151123456789012345'],
    ['an extension', '+49 151 12345678 ext 5'],
    ['an extension, short', '+4915112345678x1'],
    ['an extension as in a link', '+4915112345678;ext=5'],
    ['an extension as in a phone', '+49 151 12345678,,12'],
    ['an extension by a hash', '+1 2025550143#12'],
    ['a NUL before it', '\0+4915112345678'],
    ['a NUL in it', '+49151\u000012345678'],
    ['a tab', '+49\t15112345678'],
    ['a line break in it', '+49151\n12345678'],
    ['turned around', '\u202e+4915112345678'],
    ['a lone surrogate', '+4915112345678\ud800'],
    ['a satellite', '+870773111632'],
    ['a personal number', '+447012345678'],
    ['a number of no country', '+80012345678'],
    ['one that a country allows for and E.164 does not', '+49152288173861111'],
    ['as many digits as a field holds', `+49${'1'.repeat(61)}`],
    ['far more than a field holds', `+49151${'1'.repeat(100_000)}`],
    ['far more spaces than a field holds', `+49${' '.repeat(100_000)}15112345678`],
  ])('refuses %s', (_, text) => {
    expect(refusalOf(text)).toEqual(REFUSED);
  });

  it('sixty-four characters are enough for a number, however it is typed', () => {
    const typed = `+49${' '.repeat(50)}15112345678`;
    expect(typed).toHaveLength(64);
    expect(canonicalPhoneNumber(typed)).toBe('+4915112345678');
  });

  it.each([
    ['premium rate, USA', '+1 900 555 0123'],
    ['premium rate, United Kingdom', '+44 90 1234 5678'],
    ['premium rate, Russia', '+7 809 555 3535'],
    ['premium rate, anywhere', '+979 123 456 789'],
    ['shared cost', '+808 1234 5678'],
    ['toll-free, Germany', '+49 800 1234567'],
    ['toll-free, Russia', '+7 800 555 3535'],
    ['toll-free, anywhere', '+800 1234 5678'],
    ['a pager', '+44 7640 123456'],
  ])('W17: refuses %s', (_, text) => {
    expect(refusalOf(text)).toEqual(REFUSED);
  });

  it.each([
    ['a telephone', '+49 00 151 12345678'],
    ['a telephone, deeper', '+49 000 151 12345678'],
    ['premium rate', '+49 00 900 1234567'],
    ['premium rate, with the prefix of calls from inside', '+49 0 900 1234567'],
    ['premium rate, USA', '+1 1 900 555 0123'],
  ])(
    'W17: no number has a second form, in which it would be counted apart or pass for another: %s',
    (_, text) => {
      expect(refusalOf(text)).toEqual(REFUSED);
    },
  );

  it('never quotes what was typed', () => {
    expect(JSON.stringify(refusalOf('+49 151 SECRET'))).not.toContain('SECRET');
  });

  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...Array.from('+0123456789')), maxLength: 20 }),
    fc
      .array(fc.constantFrom(...Array.from('0123456789 -()./;x#,٣７\u200b\t\0'), 'ext'), { maxLength: 30 })
      .map((parts) => `+${parts.join('')}`),
    fc
      .string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 6, maxLength: 15 })
      .map((digits) => `+${digits}`),
  );

  it('whatever is typed is a number in E.164, the same when it is typed again, or refused as one', () => {
    let numbers = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const result = refusalOf(text);
        if (result instanceof AccountError) return expect(result).toEqual(REFUSED);
        numbers += 1;
        expect(result).toMatch(/^\+[1-9]\d{4,14}$/);
        expect(refusalOf(result as string)).toBe(result);
        return expect(callingCodeOf(result as PhoneNumber)).toMatch(/^[1-9]\d{0,2}$/);
      }),
      { numRuns: 10_000 },
    );
    expect(numbers).toBeGreaterThan(500);
  });
});

describe('callingCodeOf', () => {
  it.each([
    ['Germany', '+4915112345678', '49'],
    ['the USA', '+12025550143', '1'],
    ['Jamaica, which shares it', '+18765551234', '1'],
    ['Russia', '+79161234567', '7'],
    ['Kazakhstan, which shares it', '+77012345678', '7'],
    ['Italy', '+393123456789', '39'],
  ])('of %s', (_, number, code) => {
    expect(callingCodeOf(canonicalPhoneNumber(number))).toBe(code);
  });
});
