/** Connections of every load. */
export const CONNECTIONS = 32;

/** Accounts that each connection signs in to, one after the other. */
export const ACCOUNTS_PER_CONNECTION = 16;

/** Group of their addresses. */
export const LOGIN_GROUP = 'login';

/** Route of the sign-in. */
export const LOGIN_PATH = '/api/auth/login';
