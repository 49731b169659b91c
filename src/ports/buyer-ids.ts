// Who a buyer is to the limits of an organizer, without saying who they are.

import type { Buyer } from "./payments.ts";

export interface BuyerIds {
  /** The same for the same document at the same organizer. */
  of(profileId: string, buyer: Pick<Buyer, "documentType" | "documentNumber">): Promise<string>;
}
