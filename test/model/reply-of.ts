import type { Answer } from '../flows/scene';
import type { Reply } from './terms';

/** What the model knows of an answer. */
export const replyOf = ({ status, json }: Pick<Answer, 'status' | 'json'>): Reply => ({
  status,
  ...(status >= 400 ? { code: json?.code } : {}),
  ...(json?.id ? { user: userIn(json) } : {}),
  ...(json?.methods ? { methods: json.methods } : {}),
  ...(json?.items ? { items: json.items.length } : {}),
});

const userIn = ({ email, is_verified, is_mfa_enabled, phone_number, attributes }: Answer['json']) => ({
  email,
  is_verified,
  is_mfa_enabled,
  phone_number,
  attributes,
});
