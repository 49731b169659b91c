// The address a mailed link leads to: the site's sign-in page, with the link's token behind it. The token is made anew from
// the link's id, so that no message has to carry it.

import type { Dependencies } from "../services/dependencies.ts";
import { isLocalSite } from "../shared/local-site.ts";

export async function signInUrl(
  { magicLinkTokens, settings }: Dependencies,
  site: string,
  linkId: string,
): Promise<string> {
  const scheme = settings.isDevelopment && isLocalSite(site) ? "http" : "https";
  const token = await magicLinkTokens.of(linkId);
  return `${scheme}://${site}${settings.signInPath}?token=${token}`;
}
