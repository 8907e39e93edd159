import { getConnectionToken } from '@nestjs/mongoose';
import { hostConnectionToken } from './tokens';

it('“default” is the connection without a name, every other one has its own token', () => {
  expect(hostConnectionToken('default')).toBe(getConnectionToken());
  expect(hostConnectionToken('accounts')).toBe(getConnectionToken('accounts'));
});
