/**
 * What the name of an attribute may be: the same key in every database, nothing that needs care as part of a path in SQLite's JSON or
 * in an update of MongoDB (no dot, no dollar, no quote), and no longer than a name in PostgreSQL.
 */
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
