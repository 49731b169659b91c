// How long what somebody signs in with works.

/** A sign-in link. */
export const LINK_SECONDS = 15 * 60;
/** A session, from the last day it was used. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
