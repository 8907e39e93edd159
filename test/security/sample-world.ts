import type { Person, World } from './draft';

const person = (name: string, isAdmin: boolean): Person => ({
  email: `${name}@example.org`,
  password: 'a password',
  isAdmin,
  id: `00000000-0000-7000-8000-00000000000${isAdmin ? 1 : 0}`,
  sessionId: '00000000-0000-7000-8000-000000000002',
  token: 'a.b.c',
  cookie: 'session=a.b.c',
});

/** A world for requests that are not sent. */
export const sampleWorld = (seed: string, more: Partial<World> = {}): World => ({
  seed,
  host: '127.0.0.1:1',
  port: 1,
  people: [person('member', false), person('admin', true)],
  unproved: '00000000-0000-7000-8000-000000000004',
  attempts: ['00000000-0000-7000-8000-000000000003'],
  cursor: '00000000-0000-7000-8000-000000000000.kid.signature',
  links: Array.from({ length: 9 }, () => 'x'.repeat(43)),
  cookies: ['link', 'session'],
  guarded: ['GET /api/auth/me'],
  ...more,
});
