// Things that happen outside after Postgres has the rows: as data, carried by the effects queue.

import * as z from "zod";

export const effectSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("deliver-tickets"),
    profileId: z.uuid(),
    reservationId: z.uuid(),
  }),
  z.object({
    kind: z.literal("refund-payment"),
    profileId: z.uuid(),
    paymentId: z.uuid(),
  }),
  z.object({
    kind: z.literal("mail-magic-link"),
    profileId: z.uuid(),
    linkId: z.uuid(),
  }),
  z.object({
    kind: z.literal("mail-invitation"),
    profileId: z.uuid(),
    linkId: z.uuid(),
  }),
]);

export type Effect = z.infer<typeof effectSchema>;

export interface EffectQueue {
  send(effects: readonly Effect[]): Promise<void>;
}
