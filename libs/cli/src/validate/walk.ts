import { type CheckResult, fail, type Finding, skip } from '../findings/finding';
import { Refusal } from '../refusal';
import { STEPS } from './steps';
import type { Visit } from './visit';

/**
 * Goes through an installation step by step. One that fails ends none of the others, so that the account is deleted in the end.
 * @throws Refusal where somebody has ended it at a prompt
 */
export async function walk(visit: Visit): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const step of STEPS) {
    const { name, needs } = step;
    const isPossible = needs?.isThere(visit) ?? true;
    const finding = isPossible ? await tried(() => step.run(visit)) : skip(`needs ${needs!.name}`);
    results.push({ check: name, ...finding });
  }
  return results;
}

async function tried(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return fail(
      `no answer (${reasonOf(error)})`,
      'check the URL, and that the app runs and can be reached from here',
    );
  }
}

/** `fetch` tells what went wrong in the cause. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'unknown');
}
