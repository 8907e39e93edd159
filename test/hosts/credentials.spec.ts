import { Logger } from '@nestjs/common';
import { RegStackModule, UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Host, replacements, SETTINGS } from '../support/host';

describe('changes of credentials bite on the next request', () => {
  const { mail, clock, store, providers } = replacements();
  let host: Host;
  let users: UsersService;
  beforeAll(async () => {
    host = await Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, providers })] });
    users = host.app.get(UsersService, { strict: false });
  });
  afterAll(() => host.stop());

  const member = async (email: string) => {
    const token = await host.member(mail, email);
    return { email, token, id: (await users.findByEmail(email))!.id };
  };
  const orders = async (token: string): Promise<number> =>
    (await host.call('GET', '/orders', undefined, token)).status;
  const login = (email: string, password: string) =>
    host.call('POST', '/api/auth/login', { email, password });

  it('R55: setting a password ends every session; only the new one signs in', async () => {
    const { email, token, id } = await member('change@example.org');
    await users.setPassword(id, 'a-new-and-longer-password');
    expect(await orders(token)).toBe(401);
    expect((await login(email, PASSWORD)).status).toBe(401);
    expect((await login(email, 'a-new-and-longer-password')).status).toBe(200);
    await expect(users.setPassword(id, 'short')).rejects.toMatchObject({ code: 'password.too_short' });
  });

  it('W12: a session of an older epoch is refused even while its row is there', async () => {
    const { token, id } = await member('epoch@example.org');
    await store.users.changeCredentials(id, 0, { passwordHash: 'x' }, []);
    expect(store.tables.sessions.size).toBeGreaterThan(0);
    expect(await orders(token)).toBe(401);
  });

  it('W15: a disabled account is told so only with the right password', async () => {
    const { email, token, id } = await member('disabled@example.org');
    expect((await users.disable(id))?.isActive).toBe(false);
    expect(await orders(token)).toBe(401);
    const [right, wrong] = [await login(email, PASSWORD), await login(email, 'wrong-password')];
    expect([right.status, right.json.code]).toEqual([403, 'account.disabled']);
    expect([wrong.status, wrong.json.code]).toEqual([401, 'login.invalid_credentials']);
    expect((await users.disable(id))?.isActive).toBe(false);
  });

  it('P1: a change stands and is told of, also when its sessions cannot be removed any more', async () => {
    const { token, id } = await member('housekeeping@example.org');
    const [closing, warned] = [
      jest.spyOn(store.sessions, 'closeAllFor').mockRejectedValue(new Error('gone')),
      jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {}),
    ];
    expect((await users.disable(id))?.isActive).toBe(false);
    expect(warned).toHaveBeenCalledTimes(1);
    for (const spy of [closing, warned]) spy.mockRestore();
    expect(await orders(token)).toBe(401);
  });

  it('an account that is not verified is told so only with the right password, and that costs no attempt', async () => {
    await store.users.create({
      ...(await store.users.findForLogin('change@example.org' as never))!,
      id: '01a00000-0000-7000-8000-000000000001',
      email: 'unverified@example.org' as never,
      isVerified: false,
    });
    await users.setPassword('01a00000-0000-7000-8000-000000000001', PASSWORD);
    expect((await login('unverified@example.org', 'wrong-password')).status).toBe(401);
    for (let n = 0; n < 8; n++) {
      const { status, json } = await login('unverified@example.org', PASSWORD);
      expect([status, json.code]).toEqual([403, 'account.unverified']);
    }
  });

  it('G03 (11): logins with the old password under way while it is changed leave no session of the old epoch', async () => {
    for (let round = 0; round < 10; round++) {
      const { email, id } = await member(`race${round}@example.org`);
      const [answers] = await Promise.all([
        Promise.all(Array.from({ length: 4 }, () => login(email, PASSWORD))),
        users.setPassword(id, 'a-new-and-longer-password'),
      ]);
      const tokens = answers.flatMap(({ json }) => (json.access_token ? [json.access_token as string] : []));
      expect(await Promise.all(tokens.map(orders))).toEqual(tokens.map(() => 401));
    }
  });

  it('a session ends at its time by the clock of the app', async () => {
    const { token } = await member('clock@example.org');
    clock.advance(7199);
    expect(await orders(token)).toBe(200);
    clock.advance(1);
    expect(await orders(token)).toBe(401);
  });
});
