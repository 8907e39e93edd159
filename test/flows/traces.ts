/** Which of these ids and addresses stand somewhere in the rows of a database, in any form in which one could keep them. */
export function tracesOf(rows: string, ...texts: readonly string[]): readonly string[] {
  const all = rows.toLowerCase();
  return texts.filter((text) => formsOf(text).some((form) => all.includes(form.toLowerCase())));
}

function formsOf(text: string): readonly string[] {
  const hex = text.replaceAll('-', '');
  const binary = /^[0-9a-f]{32}$/.test(hex) ? [hex, Buffer.from(hex, 'hex').toString('latin1')] : [];
  return [text, ...binary];
}
