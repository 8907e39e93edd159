import type { Person, World } from './draft';

const person = (name: string, isAdmin: boolean): Person => ({
  email: `${name}@example.org`,
  password: 'a password',
  isAdmin,
  id: `00000000-0000-7000-8000-00000000000${isAdmin ? 1 : 0}`,
  sessionId: '00000000-0000-7000-8000-000000000002',
  token: 'a.b.c',
  cookie: 'session=a.b.c',
  forms: { bearer: 'f'.repeat(43), cookie: 'g'.repeat(43) },
  codes: isAdmin ? [] : ['aaaa-bbbb-cccc-dddd-eeee-ffff'],
  app: null,
  phone: null,
});

/** A world for requests that are not sent. */
export const sampleWorld = (seed: string, more: Partial<World> = {}): World => ({
  seed,
  host: '127.0.0.1:1',
  port: 1,
  people: [person('member', false), person('admin', true)],
  waiting: (['sign-in', 'enrolment'] as const).map((kind) => ({
    kind,
    token: 'w'.repeat(43),
    codes: [],
    setup: null,
  })),
  unproved: '00000000-0000-7000-8000-000000000004',
  attempts: ['00000000-0000-7000-8000-000000000003'],
  cursor: '00000000-0000-7000-8000-000000000000.kid.signature',
  links: Array.from({ length: 9 }, () => 'x'.repeat(43)),
  stranger: { cookie: `form=${'s'.repeat(43)}`, token: 't'.repeat(43) },
  cookies: ['link', 'session', 'form'],
  guarded: ['GET /api/auth/me'],
  ...more,
});
