import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { newId } from '../kernel/ids';
import { AuditNames } from './audit-names';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';

const SECRET = 'the first secret, thirty-two bytes';
const NEXT = 'the other secret, thirty-two bytes';

const namesOf = (options: RegStackOptions = {}): AuditNames =>
  new AuditNames(
    new KeyRing(
      loadRegStackConfig({ jwtSecret: SECRET, ...options }, { env: {} }),
      new InstanceName('default'),
    ),
  );

describe('AuditNames', () => {
  const names = namesOf();
  const id = newId(new Date());

  it('R40: a name is the same each time, tells no id, and leads back to it', () => {
    const name = names.of(id);
    expect(names.of(id)).toBe(name);
    expect(name).not.toContain(id.slice(0, 8));
    expect(Buffer.from(name.split('.')[1]!, 'base64url').toString('latin1')).not.toContain(id.slice(0, 8));
    expect(names.idBehind(name)).toBe(id);
    expect(names.of(newId(new Date()))).not.toBe(name);
  });

  it('whatever else a host gives for an id comes back too', () => {
    for (const one of ['', 'x', 'a job', '\u0000', 'ä😀', 'x'.repeat(500)])
      expect(names.idBehind(names.of(one))).toBe(one);
  });

  it('R61: after a change of the secret both names are looked for, and the former one is read while its secret is there', () => {
    const former = names.of(id);
    const changed = namesOf({ jwtSecret: NEXT, jwtPreviousSecrets: [SECRET] });
    expect(changed.allOf(id)).toEqual([changed.of(id), former]);
    expect(changed.idBehind(former)).toBe(id);
    expect(namesOf({ jwtSecret: NEXT }).idBehind(former)).toBe(former);
  });

  it('what is no name of ours stays as it is', () => {
    const name = names.of(id);
    const [kid] = name.split('.');
    for (const odd of ['', 'x', id, kid!, `${kid}.`, `${kid}.AAAA`, `${name}A`, name.slice(0, -2)])
      expect(names.idBehind(odd)).toBe(odd);
  });
});
