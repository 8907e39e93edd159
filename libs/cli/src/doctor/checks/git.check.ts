import { execFileSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import type { Check } from '../check';
import { fail, pass, skip } from '../../findings/finding';
import { shellPath } from '../../shell-path';

/** The secrets file stays out of the repository. */
export const git: Check = {
  name: 'git',
  run({ files: { secrets } }) {
    if (secrets === null) return skip('there is no secrets file');
    const name = basename(secrets);
    const isTracked = answerOf(secrets, 'ls-files', '--error-unmatch');
    if (isTracked === null) return skip(`${name} is in no git repository`);
    if (isTracked) {
      return fail(
        `${name} is in the git repository: whoever has it knows the secrets`,
        `run: git rm --quiet --cached ${shellPath(secrets)} — and put new secrets into it`,
      );
    }
    if (answerOf(secrets, 'check-ignore', '--quiet') === true) return pass(`${name} is ignored by git`);
    return fail(
      `${name} is not ignored by git: the next "git add ." publishes the secrets`,
      // The last line there may have no end.
      `run: printf '\\n%s\\n' ${name} >> ${shellPath(join(dirname(secrets), '.gitignore'))}`,
    );
  },
};

/** Whether git answers yes about a file; null where there is no git, or no repository that it would use. */
function answerOf(file: string, ...question: readonly string[]): boolean | null {
  try {
    execFileSync('git', [...question, '--', basename(file)], { cwd: dirname(file), stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as { readonly status?: unknown }).status === 1 ? false : null;
  }
}
