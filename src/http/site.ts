// From which site a public request comes: Origin, then Referer, then Host. Decides only what is shown to everybody: private
// routes take the organizer from the session. Kept for a short while per isolate and per location.

import type { Context, MiddlewareHandler } from "hono";
import { z } from "@hono/zod-openapi";
import { type ResolvedSite, resolveSite } from "../services/public/resolve-site.ts";
import { createExpiringCache } from "../shared/expiring-cache.ts";
import type { AppEnv } from "./app-env.ts";
import { keepInLocation, readFromLocation } from "./location-cache.ts";
import { answerProblem } from "./problem.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string; site: string } };

const KEPT_SECONDS = 60;
const limits = { keptMs: KEPT_SECONDS * 1000, entriesMax: 1_000 };
const known = createExpiringCache<ResolvedSite>(limits);
/** Apart from the known ones, so that made-up hosts do not push those out. */
const strangers = createExpiringCache<true>(limits);

const siteShape = z.object({ site: z.string(), profileId: z.string() });

export const requireSite: MiddlewareHandler<SiteEnv> = async (context, next) => {
  const { headers, url } = context.req.raw;
  const { settings, now } = context.var.dependencies;
  const hosts = [headers.get("origin"), headers.get("referer"), url].flatMap(hostOf);
  if (settings.fallbackSite !== null) hosts.push(settings.fallbackSite);
  const site = recall(hosts, now()) ?? (await findOut(context, hosts));
  if (site === "unknown") return answerProblem(context, { code: "site_unknown" });
  context.set("profileId", site.profileId);
  context.set("site", site.site);
  await next();
  return undefined;
};

/** The host of an address, in lower case; none when it is no address. */
export function hostOf(address: string | null): string[] {
  if (address === null || !URL.canParse(address)) return [];
  const { host } = new URL(address);
  return host === "" ? [] : [host.toLowerCase()];
}

/** Undefined as soon as there is a host that must be looked up. */
function recall(hosts: readonly string[], nowMs: number): ResolvedSite | "unknown" | undefined {
  const host = hosts.find((each) => strangers.get(each, nowMs) === undefined);
  return host === undefined ? "unknown" : known.get(host, nowMs);
}

/** In the location, else in Postgres. */
async function findOut(
  context: Context<SiteEnv>,
  hosts: readonly string[],
): Promise<ResolvedSite | "unknown"> {
  const { dependencies } = context.var;
  const nowMs = dependencies.now();
  const first = hosts.find((host) => strangers.get(host, nowMs) === undefined);
  const kept = first === undefined ? null : await readKept(first);
  const site = kept ?? (await resolveSite(dependencies, hosts));
  if (site !== null) known.set(site.site, site, nowMs);
  if (kept !== null) return kept;
  const before = site === null ? hosts : hosts.slice(0, hosts.indexOf(site.site));
  for (const host of before) strangers.set(host, true, nowMs);
  if (site === null) return "unknown";
  context.executionCtx.waitUntil(
    keepInLocation(nameOf(site.site), JSON.stringify(site), { seconds: KEPT_SECONDS }),
  );
  return site;
}

async function readKept(host: string): Promise<ResolvedSite | null> {
  const kept = await readFromLocation(nameOf(host));
  const parsed = siteShape.safeParse(await kept?.json());
  return parsed.success ? parsed.data : null;
}

function nameOf(host: string): string {
  return `site ${host}`;
}
