import type { Locator } from 'playwright-core';

/** Fills a field in, as its kind asks for: a box is ticked by any text. */
export async function fill(field: Locator, value: string): Promise<void> {
  const kind = await field.evaluate((one) => (one as unknown as { type: string }).type);
  if (kind === 'checkbox') await field.setChecked(value !== '');
  else if (kind.startsWith('select')) await field.selectOption(value);
  else await field.fill(value);
}

/** What a form carries unseen, but for what is too short to be a secret. */
export async function hiddenIn(form: Locator): Promise<string[]> {
  const hidden = await form.locator('input[type="hidden"]').all();
  const values = await Promise.all(hidden.map((one) => one.inputValue()));
  return values.filter((value) => value.length >= 20);
}
