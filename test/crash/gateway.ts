// The gateway after the crashes: what its tries could not deliver while nobody was there is sent again, as the real one
// does for a day. Uses the sandbox's control calls, which are no part of Wompi.

import { z } from "zod";
import { ask } from "./requests.ts";

const deliveriesShape = z.object({
  data: z.array(z.object({ transaction_id: z.string(), state: z.string() })),
});

/** Sends the event again of every one of these transactions for which no further try is planned. */
export async function remind(wompi: string, transactionIds: readonly string[]): Promise<void> {
  if (transactionIds.length === 0) return;
  const answer = await ask({ method: "GET", address: `${wompi}/sandbox/events` });
  const { data } = deliveriesShape.parse(answer?.body);
  const waiting = new Set(
    data.flatMap((one) => (one.state === "waiting" ? [one.transaction_id] : [])),
  );
  for (const id of transactionIds) {
    if (waiting.has(id)) continue;
    await ask({ method: "POST", address: `${wompi}/sandbox/transactions/${id}/resend`, body: {} });
  }
}
