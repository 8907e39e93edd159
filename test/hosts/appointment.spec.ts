import { UsersService } from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import { OTHER_PASSWORD, type Scene, someone } from '../flows/scene';
import { openShop } from './shop';

describe('UsersService.promoteExisting()', () => {
  let scene: Scene;
  let store: MemoryStore;
  let users: UsersService;
  beforeAll(async () => {
    ({ scene, store } = await openShop());
    users = scene.stage.host.app.get(UsersService, { strict: false });
  });
  afterAll(() => scene.close());

  const promote = (email: string, password = OTHER_PASSWORD) => users.promoteExisting({ email, password });
  const member = async () => {
    const one = await scene.member();
    return { ...one, id: (await users.findByEmail(one.email))!.id };
  };

  it('takes whoever has the address, in whatever case it is typed, and answers the public user', async () => {
    const { id, email } = await member();
    const appointed = await promote(email.toUpperCase());
    expect(appointed?.user).toEqual(await users.findById(id));
    expect(appointed?.user).toMatchObject({ id, email, isSuperuser: true });
  });

  it('W11: takes nobody who moves away from the address at that moment', async () => {
    const moving = await member();
    const find = store.users.findForLogin.bind(store.users);
    const look = jest.spyOn(store.users, 'findForLogin').mockImplementation(async (email) => {
      const found = await find(email);
      if (found?.id === moving.id) await scene.move(moving, someone());
      return found;
    });
    expect(await promote(moving.email)).toBeNull();
    look.mockRestore();
    expect(await users.findById(moving.id)).toMatchObject({ isSuperuser: false });
  });

  it('begins again where somebody else was first, and gives up in the end', async () => {
    const { id, email } = await member();
    const raise = () => store.users.changeCredentials(id, store.tables.users.get(id)!.authEpoch, {}, []);
    const appoint = store.users.appoint.bind(store.users);
    const race = jest.spyOn(store.users, 'appoint');
    race.mockImplementation(async (...appointment) => {
      await raise();
      return appoint(...appointment);
    });
    await expect(promote(email)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await users.findById(id)).toMatchObject({ isSuperuser: false });
    race.mockClear();
    race.mockImplementation(async (...appointment) => {
      if (race.mock.calls.length < 3) await raise();
      return appoint(...appointment);
    });
    expect((await promote(email))?.user).toMatchObject({ id, isSuperuser: true });
    race.mockRestore();
  });

  it('the rules of addresses and passwords apply', async () => {
    const { email } = await member();
    for (const [address, password, code] of [
      ['nonsense', OTHER_PASSWORD, 'email.invalid'],
      [email, 'short', 'password.too_short'],
      [email, email, 'password.too_personal'],
    ] as const)
      await expect(promote(address, password)).rejects.toMatchObject({ code });
    expect(await users.findByEmail(email)).toMatchObject({ isSuperuser: false });
  });
});
