import { PASSWORD, someone } from '../support/demo';
import { linkToMove, meanwhile, movedMember, raceTrack } from './race';
import { OTHER_PASSWORD, type Scene } from './scene';

const change = { current_password: PASSWORD, new_password: OTHER_PASSWORD };

describe('requests that stop where it hurts most', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await raceTrack();
  });
  afterAll(() => scene.close());

  /** The owner's way back to the end: address, link, password. */
  const expectOwnerIn = async (email: string): Promise<void> => {
    const reset = { token: await scene.tokenTo(email), new_password: OTHER_PASSWORD };
    expect((await scene.post('/reset-password', reset)).status).toBe(200);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
  };

  it('P9: what a thief’s change of the password still has to clear up is not the owner’s link', async () => {
    const { member, undo, token } = await movedMember(scene);
    const [changed, undone] = await meanwhile(
      scene,
      ['challenges', 'dropAllFor'],
      () => scene.post('/change-password', change, { token }),
      () => scene.post('/undo-email-change', { token: undo }),
    );
    expect([changed.status, undone.status]).toEqual([200, 200]);
    await expectOwnerIn(member.email);
  });

  it('P9: a link that was asked for before the undo does not take the place of the owner’s', async () => {
    const { member, email, undo } = await movedMember(scene);
    const [asked, undone] = await meanwhile(
      scene,
      ['challenges', 'issue'],
      () => scene.post('/forgot-password', { email }),
      () => scene.post('/undo-email-change', { token: undo }),
    );
    expect([asked.status, undone.status]).toEqual([202, 200]);
    await expectOwnerIn(member.email);
  });

  it('P9: an undo that was looked up before a thief’s change of the password is done all the same', async () => {
    const { member, undo, token } = await movedMember(scene);
    const [undone, changed] = await meanwhile(
      scene,
      ['users', 'undoEmailChange'],
      () => scene.post('/undo-email-change', { token: undo }),
      () => scene.post('/change-password', change, { token }),
    );
    expect([changed.status, undone.status]).toEqual([200, 200]);
    await expectOwnerIn(member.email);
  });

  it('W12: a sign-in whose password was checked before a reset opens no session', async () => {
    const { email } = await scene.member();
    await scene.post('/forgot-password', { email });
    const link = await scene.tokenTo(email);
    const [signedIn, reset] = await meanwhile(
      scene,
      ['sessions', 'open'],
      () => scene.login(email, PASSWORD),
      () => scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD }),
    );
    expect([signedIn.status, reset.status]).toEqual([401, 200]);
  });

  it('W12: a reset that still has to clear up leaves a session of the new password alone', async () => {
    const { email } = await scene.member();
    await scene.post('/forgot-password', { email });
    const link = await scene.tokenTo(email);
    const [reset, signedIn] = await meanwhile(
      scene,
      ['sessions', 'closeAllFor'],
      () => scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD }),
      () => scene.login(email, OTHER_PASSWORD),
    );
    expect([reset.status, signedIn.status]).toEqual([200, 200]);
    expect(await scene.isSignedIn(signedIn.json.access_token)).toBe(true);
  });

  it('R55: a session that ends under its own request changes no password', async () => {
    const member = await scene.member();
    const { email, link } = await linkToMove(scene, member);
    const [changed, confirmed] = await meanwhile(
      scene,
      ['users', 'findCredentials'],
      () => scene.post('/change-password', change, { token: member.token }),
      () => scene.post('/confirm-email-change', { token: link }),
    );
    expect([changed.status, confirmed.status]).toEqual([401, 200]);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('R38: an address that was free when its link was looked up, and is not any more, is refused', async () => {
    const [one, other, goal] = [await scene.member(), await scene.member(), someone()];
    const links = [await linkToMove(scene, one, goal), await linkToMove(scene, other, goal)];
    const [late, first] = await meanwhile(
      scene,
      ['users', 'changeEmail'],
      () => scene.post('/confirm-email-change', { token: links[0]!.link }),
      () => scene.post('/confirm-email-change', { token: links[1]!.link }),
    );
    expect([late.status, first.status]).toEqual([400, 200]);
    expect(await scene.isSignedIn(one.token)).toBe(true);
  });
});
