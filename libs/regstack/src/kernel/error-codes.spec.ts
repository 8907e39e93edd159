import { reasonOf } from './error-codes';

describe('reasonOf', () => {
  it.each<[what: string, error: unknown, told: string]>([
    ['its name', new TypeError('alice@example.org'), 'TypeError'],
    [
      'codes',
      Object.assign(new Error(), { code: 'ECONNREFUSED', responseCode: 421 }),
      'Error ECONNREFUSED 421',
    ],
    ['no sentence', Object.assign(new Error(), { code: '550 <alice@example.org>\n' }), 'Error'],
    ['no address', Object.assign(new Error(), { name: 'alice@example.org' }), 'unknown'],
    ['nothing long', Object.assign(new Error(), { code: 'A'.repeat(65) }), 'Error'],
    ['nothing of what is no error', 'alice@example.org', 'unknown'],
    [
      'nothing of what throws',
      Object.defineProperty(new Error(), 'code', { get: () => JSON.parse('') }),
      'unknown',
    ],
  ])('tells %s', (_, error, told) => expect(reasonOf(error)).toBe(told));
});
