import type { mongo } from 'mongoose';
import type { AccountChanges, ChangeNotices, Removal } from '../../ports/account.repository';
import { attributesDocument } from './attributes';
import type {
  ChangeDocument,
  ChangeNoticeDocument,
  RemovalDocument,
  StepDocument,
  UserDocument,
} from './documents';
import { type Expression, literal, literals } from './expressions';
import { plain } from './plain';
import { intentDocument } from './records';

/** A user who is not being deleted: to everybody else one who is does not exist any more (P6). */
export const PRESENT = { deleting: { $exists: false } } as const;

/** What a change of an account does to its user, in a form that can be kept until it is done. */
export function changeStep(id: string, changes: AccountChanges, notices: ChangeNotices = {}): StepDocument {
  const { fullName: full_name, isActive: is_active, isSuperuser: is_superuser, roles } = changes;
  const change: ChangeDocument = {
    fields: plain({
      ...(full_name !== undefined && { full_name }),
      ...(is_active !== undefined && { is_active }),
      ...(is_superuser !== undefined && { is_superuser }),
    }),
    roles: roles === undefined ? null : rolesDocument(roles),
    attributes: attributesDocument(changes.attributes ?? {}),
    ends_sessions: changes.endSessions ?? false,
    notices: noticesDocument(changes, notices),
  };
  return { ...plain({ user_id: id, epoch: null }), change, removal: null };
}

/** What the first write of a deletion does to its user. */
export function removalStep(id: string, { expectedEpoch, notices, at }: Removal): StepDocument {
  const removal = { ...plain({ at }), notices: notices.map(intentDocument) };
  return { ...plain({ user_id: id, epoch: expectedEpoch }), change: null, removal };
}

/** The user whom a step is about, while there is one. */
export function targetOf({ user_id, epoch }: StepDocument): mongo.Filter<UserDocument> {
  return { ...plain({ _id: user_id, ...(epoch !== null && { auth_epoch: epoch }) }), ...PRESENT };
}

/** The one write that does it; every expression sees the document as it was. */
export function updateOf({ change, removal }: StepDocument, seq: number | null): mongo.Document[] {
  const $set = {
    ...(change && changed(change)),
    ...(removal && marked(removal)),
    ...(seq !== null && literals({ admin_seq: seq })),
  };
  return [{ $set }];
}

/** An attribute is set by its own name, so that parallel changes of others stand. A notice is left where its flag was another one. */
function changed({
  fields,
  roles,
  attributes,
  ends_sessions,
  notices = [],
}: ChangeDocument): Record<string, Expression> {
  const merged = Object.entries(attributes).map(([name, value]) => [
    `attributes.${name}`,
    value === null ? '$$REMOVE' : literal(value),
  ]);
  const disabled = fields.is_active === false ? { $cond: ['$is_active', 1, 0] } : 0;
  return {
    ...literals(fields),
    ...(roles && { roles: literal(roles) }),
    ...Object.fromEntries(merged),
    auth_epoch: { $add: ['$auth_epoch', ends_sessions ? 1 : disabled] },
    ...(notices.length > 0 && { intents: { $concatArrays: [INTENTS, ...notices.map(toldWhereChanged)] } }),
  };
}

/**
 * The addresses are noted as they are now, without one whose undo is over: all that is to go goes by what is noted, whoever finishes it.
 * The secret of an authenticator app goes at once: a boot that misses its key must not wait for a sweeper that never starts. So do
 * recovery codes: they need no key any more.
 */
function marked({ notices, at }: RemovalDocument): Record<string, Expression> {
  const noted = { ...literals({ at }), notice_ids: literal(notices.map(({ _id }) => _id)) };
  const intents = notices.map((notice) => literals({ ...notice }));
  const claims = { $ifNull: ['$claims', ['$email']] };
  const isHeld = [
    { $eq: ['$$one', '$email'] },
    { $ne: ['$$one', '$undo.email'] },
    { $gt: ['$undo.expires_at', literal(at)] },
  ];
  return {
    is_active: false,
    auth_epoch: { $add: ['$auth_epoch', 1] },
    totp: '$$REMOVE',
    recovery: '$$REMOVE',
    intents: { $concatArrays: [INTENTS, intents] },
    deleting: { ...noted, addresses: { $filter: { input: claims, as: 'one', cond: { $or: isHeld } } } },
  };
}

const INTENTS = { $ifNull: ['$intents', []] };

function toldWhereChanged({ flag, value, intent }: ChangeNoticeDocument): Expression {
  const told = [literals({ ...intent })];
  return flag === null ? told : { $cond: [{ $ne: [`$${flag}`, literal(value)] }, told, []] };
}

function noticesDocument(
  changes: AccountChanges,
  { isActive, isSuperuser, endSessions }: ChangeNotices,
): readonly ChangeNoticeDocument[] {
  const cases = [
    ['is_active', changes.isActive, isActive],
    ['is_superuser', changes.isSuperuser, isSuperuser],
    [null, changes.endSessions, endSessions],
  ] as const;
  return cases.flatMap(([flag, value, notice]) =>
    notice && value !== undefined ? [{ ...plain({ flag, value }), intent: intentDocument(notice) }] : [],
  );
}

function rolesDocument(roles: readonly string[]): readonly string[] {
  return roles.map((role) => plain({ role }).role);
}
