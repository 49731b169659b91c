// What the verbs work with: ports only, wired in composition.ts, handed in by the route.

import type { Inventory } from "../../durable-objects/area-inventory/contract.ts";
import type { AreaWatches } from "../ports/area-watches.ts";
import type { BuyerIds } from "../ports/buyer-ids.ts";
import type { Database } from "../ports/database.ts";
import type { EffectQueue } from "../ports/effects.ts";
import type { MagicLinkTokens } from "../ports/magic-link-tokens.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { DirectUploads, ImageResizer, MediaStore } from "../ports/media.ts";
import type { PaymentGateway } from "../ports/payments.ts";
import type { RateLimits } from "../ports/rate-limits.ts";
import type { ReservationTokens, TicketTokens } from "../ports/tokens.ts";

export interface Dependencies {
  database: Database;
  inventory: Inventory;
  areaWatches: AreaWatches;
  wompi: PaymentGateway;
  mailer: Mailer;
  media: MediaStore;
  /** Null: this deployment takes files through the Worker only. */
  directUploads: DirectUploads | null;
  /** Null: images come in the size they have. */
  imageResizer: ImageResizer | null;
  effects: EffectQueue;
  ticketTokens: TicketTokens;
  reservationTokens: ReservationTokens;
  buyerIds: BuyerIds;
  magicLinkTokens: MagicLinkTokens;
  rateLimits: RateLimits;
  /** Milliseconds since 1970. */
  now: () => number;
  settings: {
    publicBaseUrl: string;
    storefrontUrl: string | null;
    holdMs: number;
    paymentWindowMs: number;
    /** Stands in for an unknown site; development only. */
    fallbackSite: string | null;
    /** Where a site takes the token of a sign-in link. */
    signInPath: string;
    /** Sites on this machine are then reached without TLS. */
    isDevelopment: boolean;
  };
}
