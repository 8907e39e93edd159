import { loadRegStackConfig } from '../config/load-config';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { MessageCipher } from './message.cipher';

const cipher = (jwtSecret: string, jwtPreviousSecrets: string[] = []): MessageCipher =>
  new MessageCipher(
    new KeyRing(
      loadRegStackConfig({ jwtSecret, jwtPreviousSecrets }, { env: {} }),
      new InstanceName('default'),
    ),
  );

const [OLD, NEW] = ['the old secret of thirty-two bytes', 'the new secret of thirty-two bytes'];

describe('MessageCipher', () => {
  it('opens what it sealed, for that row only, and never seals twice alike', () => {
    const one = cipher(OLD);
    const sealed = one.seal('Grüße 😀', 'row-1');
    expect(one.open(sealed, 'row-1')).toBe('Grüße 😀');
    expect(() => one.open(sealed, 'row-2')).toThrow();
    expect(one.seal('Grüße 😀', 'row-1')).not.toBe(sealed);
  });

  it('refuses what was changed, cut or sealed elsewhere', () => {
    const sealed = cipher(OLD).seal('text', 'row');
    const [kid, nonce, body, tag] = sealed.split('.') as [string, string, string, string];
    const changed = [
      `${kid}.${nonce}.${body}.${tag.slice(0, 8)}`,
      `${kid}.${nonce}.AAAA.${tag}`,
      `x.${nonce}.${body}.${tag}`,
      kid,
      '',
    ];
    for (const text of changed) expect(() => cipher(OLD).open(text, 'row')).toThrow();
    expect(() => cipher(NEW).open(sealed, 'row')).toThrow('no key opens');
  });

  it('opens with a former secret, seals with the current one', () => {
    const rotated = cipher(NEW, [OLD]);
    expect(rotated.open(cipher(OLD).seal('text', 'row'), 'row')).toBe('text');
    expect(cipher(NEW).open(rotated.seal('text', 'row'), 'row')).toBe('text');
  });
});
