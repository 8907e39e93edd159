import { ATTRIBUTE_NAME } from '../../kernel/attribute-name';
import type { UserAttributes } from '../../kernel/regstack-user';

/**
 * Attributes as a document holds them: their values as JSON has them, so that what comes back is the same with every database. One
 * that is undefined is not named.
 * @throws TypeError for a name that could be a path or an operator
 */
export function attributesDocument(attributes: UserAttributes): Record<string, unknown> {
  const wrong = Object.keys(attributes).find((name) => !ATTRIBUTE_NAME.test(name));
  if (wrong !== undefined) throw new TypeError('the name of an attribute is not a plain one');
  return JSON.parse(JSON.stringify(attributes)) as Record<string, unknown>;
}
