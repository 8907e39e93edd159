import { type Mail, MailRejectedError } from '@regstack/nestjs';
import type { Scene } from './scene';

/** What a mailer says that has looked at the mail: none of it may be seen by anybody. */
const TELLING = 'refused: alice@example.org, secret link';

/** Does something while mails are refused for good (`dead`) or not taken now (`waiting`). Answers the mails that were tried. */
export async function whileMails(
  become: 'dead' | 'waiting',
  { stage }: Scene,
  act: () => Promise<unknown>,
): Promise<readonly Mail[]> {
  const tried: Mail[] = [];
  const deliver = jest.spyOn(stage.mail, 'deliver').mockImplementation(async (mail) => {
    tried.push(mail);
    throw become === 'dead'
      ? new MailRejectedError(TELLING)
      : Object.assign(new Error(TELLING), { code: 'ECONNREFUSED' });
  });
  await act();
  await stage.quiet();
  deliver.mockRestore();
  return tried;
}
