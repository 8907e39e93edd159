import { format, resolveConfig } from 'prettier';

/** A Markdown table in the format of the repository. */
export async function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string> {
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return (await formatted(lines.join('\n'))).trimEnd();
}

/** Markdown in the format of the repository. */
export async function formatted(markdown: string): Promise<string> {
  const config = await resolveConfig(__filename);
  return format(markdown, { ...config, parser: 'markdown' });
}
