// The only wiring: settings and bindings of one deployment become the ports the product works with.

import type {
  AreaInventoryMethods,
  InventoryEffects,
  InventoryProjection,
} from "../durable-objects/area-inventory/contract.ts";
import { createInventory } from "./adapters/area-inventory-client.ts";
import { createAreaWatches } from "./adapters/area-watch-client.ts";
import { createBuyerIds } from "./adapters/buyer-ids.ts";
import { createCloudflareImages } from "./adapters/cloudflare-images.ts";
import { createEffectQueue, createInventoryEffects } from "./adapters/effect-queue.ts";
import { createMagicLinkTokens } from "./adapters/magic-link-tokens.ts";
import { createR2Media } from "./adapters/r2-media.ts";
import { createR2Uploads } from "./adapters/r2-uploads.ts";
import { createRateLimits } from "./adapters/rate-limits.ts";
import { createReservationTokens } from "./adapters/reservation-tokens.ts";
import { createSesMailer } from "./adapters/ses-mailer.ts";
import { createTicketTokens } from "./adapters/ticket-tokens.ts";
import { createWompiGateway } from "./adapters/wompi/wompi-gateway.ts";
import { type Config, parseConfig } from "./config.ts";
import { createDatabase } from "./db/client.ts";
import { createInventoryProjection } from "./db/inventory-projection.ts";
import type { LimitName } from "./ports/rate-limits.ts";
import type { Dependencies } from "./services/dependencies.ts";

const composed = new WeakMap<Env, Dependencies>();

/** The verbs' dependencies. Built once per isolate; throws `ConfigError` when a setting is missing. */
export function composeDependencies(env: Env): Dependencies {
  const known = composed.get(env);
  if (known !== undefined) return known;
  const dependencies = build(env, parseConfig(env));
  composed.set(env, dependencies);
  return dependencies;
}

function build(env: Env, config: Config): Dependencies {
  return {
    database: createDatabase(config.database),
    inventory: createInventory(env.AREA_INVENTORY, config.database.locationHint),
    areaWatches: createAreaWatches(env.AREA_WATCH, config.database.locationHint),
    wompi: createWompiGateway(config.wompi),
    mailer: createSesMailer(mailSettings(config)),
    media: createR2Media(env.MEDIA),
    directUploads: config.uploads === null ? null : createR2Uploads(config.uploads),
    imageResizer: config.resizesImages ? createCloudflareImages(env.IMAGES) : null,
    effects: createEffectQueue(env.EFFECTS),
    ticketTokens: createTicketTokens({ signingKey: config.ticketSigningKey }),
    reservationTokens: createReservationTokens({ secret: config.reservationTokenSecret }),
    buyerIds: createBuyerIds({ secret: config.reservationTokenSecret }),
    magicLinkTokens: createMagicLinkTokens({ secret: config.reservationTokenSecret }),
    rateLimits: createRateLimits({
      quotas: config.rateLimits.quotas,
      locations: config.rateLimits.areByLocation ? locationLimits(env) : null,
      now: () => Date.now(),
    }),
    now: () => Date.now(),
    settings: {
      publicBaseUrl: config.publicBaseUrl,
      storefrontUrl: config.storefrontUrl,
      holdMs: config.holdMs,
      paymentWindowMs: config.paymentWindowMs,
      fallbackSite: config.developmentSite,
      signInPath: config.signInPath,
      isDevelopment: config.environment === "development",
    },
  };
}

/** What an area's object needs of the outside. */
export function composeAreaInventory(env: Env): {
  projection: InventoryProjection;
  effects: InventoryEffects;
} {
  const { database } = parseConfig(env);
  return {
    projection: createInventoryProjection(createDatabase(database)),
    effects: createInventoryEffects(createEffectQueue(env.EFFECTS)),
  };
}

/** What an area's watch needs of the outside: the area. */
export function composeAreaWatch(
  env: Env,
  areaId: string,
): Pick<AreaInventoryMethods, "changesSince"> {
  const { database } = parseConfig(env);
  return createInventory(env.AREA_INVENTORY, database.locationHint).area(areaId);
}

function mailSettings({ mail: { endpoint, ...mail } }: Config) {
  return endpoint === null ? mail : { ...mail, endpoint };
}

function locationLimits(env: Env): Record<LimitName, RateLimit> {
  return {
    "sign-in-per-address": env.SIGN_IN_LOCATION_PER_ADDRESS,
    "sign-in-per-identity": env.SIGN_IN_LOCATION_PER_IDENTITY,
    "holds-per-address": env.HOLDS_LOCATION_PER_ADDRESS,
    "holds-per-identity": env.HOLDS_LOCATION_PER_IDENTITY,
    "scans-per-address": env.SCANS_LOCATION_PER_ADDRESS,
    "scans-per-identity": env.SCANS_LOCATION_PER_IDENTITY,
    "quotes-per-address": env.QUOTES_LOCATION_PER_ADDRESS,
  };
}
