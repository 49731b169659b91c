// What an API token looks like: told from a session's at a glance, by people, by programs that look for leaked secrets, and
// by whoever has to look one of the two up.

const PREFIX = "waro_api_";

export function toApiToken(secret: string): string {
  return `${PREFIX}${secret}`;
}

export function isApiToken(token: string): boolean {
  return token.startsWith(PREFIX);
}
