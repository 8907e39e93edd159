import { loadRegStackConfig } from '../config/load-config';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { SecretCipher } from './secret.cipher';

const cipher = (jwtSecret: string, jwtPreviousSecrets: string[] = []): SecretCipher =>
  new SecretCipher(
    new KeyRing(
      loadRegStackConfig({ jwtSecret, jwtPreviousSecrets }, { env: {} }),
      new InstanceName('default'),
    ),
  );

const [OLD, NEW] = ['the old secret of thirty-two bytes', 'the new secret of thirty-two bytes'];

describe('SecretCipher', () => {
  it('opens what it sealed, for that row only, and never seals twice alike', () => {
    const one = cipher(OLD);
    const sealed = one.seal('outbox', 'Grüße 😀', 'row-1');
    expect(one.open('outbox', sealed, 'row-1')).toBe('Grüße 😀');
    expect(() => one.open('outbox', sealed, 'row-2')).toThrow();
    expect(one.seal('outbox', 'Grüße 😀', 'row-1')).not.toBe(sealed);
  });

  it('refuses what was changed, cut or sealed elsewhere', () => {
    const sealed = cipher(OLD).seal('outbox', 'text', 'row');
    const [kid, nonce, body, tag] = sealed.split('.') as [string, string, string, string];
    const changed = [
      `${kid}.${nonce}.${body}.${tag.slice(0, 8)}`,
      `${kid}.${nonce}.AAAA.${tag}`,
      `x.${nonce}.${body}.${tag}`,
      kid,
      '',
    ];
    for (const text of changed) expect(() => cipher(OLD).open('outbox', text, 'row')).toThrow();
    expect(() => cipher(NEW).open('outbox', sealed, 'row')).toThrow('no key opens');
  });

  it('opens with a former secret, seals with the current one', () => {
    const rotated = cipher(NEW, [OLD]);
    expect(rotated.open('outbox', cipher(OLD).seal('outbox', 'text', 'row'), 'row')).toBe('text');
    expect(cipher(NEW).open('outbox', rotated.seal('outbox', 'text', 'row'), 'row')).toBe('text');
  });

  it('what was sealed for one purpose is of no use for another: mails cannot be read by the keys of factors', () => {
    const one = cipher(OLD);
    expect(one.open('totp', one.seal('totp', 'text', 'row'), 'row')).toBe('text');
    expect(() => one.open('outbox', one.seal('totp', 'text', 'row'), 'row')).toThrow();
    expect(() => one.open('totp', one.seal('outbox', 'text', 'row'), 'row')).toThrow();
  });
});
