import { PASSWORD } from '../support/demo';
import { OTHER_PASSWORD, Scene } from './scene';

describe('password', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene.close());

  it('W04, R28: a reset link sets one password, once', async () => {
    const { email, token } = await scene.member();
    await scene.post('/forgot-password', { email });
    const link = await scene.linkTo(email);
    expect((await scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD })).status).toBe(
      200,
    );
    const again = await scene.post('/reset-password', { token: link, new_password: PASSWORD });
    expect([again.status, again.json.code]).toEqual([400, 'token.invalid']);
    expect(await scene.isSignedIn(token)).toBe(false);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
  });
});
