/** What has become of a message: it waits, it went out, or it was given up (dead letter). */
export const MESSAGE_STATES = ['queued', 'sent', 'dead'] as const;

/** One of {@link MESSAGE_STATES}. */
export type MessageState = (typeof MESSAGE_STATES)[number];
