// From which site a public request comes: Origin, then Referer, then Host.

import type { MiddlewareHandler } from "hono";
import { resolveSite } from "../services/public/resolve-site.ts";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string; site: string } };

export const requireSite: MiddlewareHandler<SiteEnv> = async (context, next) => {
  const { headers, url } = context.req.raw;
  const hosts = [headers.get("origin"), headers.get("referer"), url].flatMap(hostOf);
  const site = await resolveSite(context.var.dependencies, hosts);
  if (!site.ok) return answerProblem(context, site.refusal);
  context.set("profileId", site.value.profileId);
  context.set("site", site.value.site);
  await next();
  return undefined;
};

/** The host of an address, in lower case; none when it is no address. */
export function hostOf(address: string | null): string[] {
  if (address === null || !URL.canParse(address)) return [];
  const { host } = new URL(address);
  return host === "" ? [] : [host.toLowerCase()];
}
