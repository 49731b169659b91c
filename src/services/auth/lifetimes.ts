// How long what somebody signs in with works, and how much of it there may be.

/** A sign-in link. */
export const LINK_SECONDS = 15 * 60;
/** A session, from the last day it was used. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** An invitation to a team, and the link of its mail. */
export const INVITATION_SECONDS = 7 * 24 * 60 * 60;

/** How many links an address gets in an hour: nobody can fill an inbox, nor keep its owner from a link for longer than that. */
export const LINKS_PER_HOUR_MAX = 5;
