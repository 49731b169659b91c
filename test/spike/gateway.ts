// What the gateway itself has of the sale's money, asked as a merchant may ask Wompi: by reference, with the private key.

import { z } from "zod";
import { askUntilAnswered } from "../crash/requests.ts";

const transactionShape = z.object({
  id: z.string(),
  reference: z.string(),
  amount_in_cents: z.number(),
  status: z.enum(["PENDING", "APPROVED", "DECLINED", "ERROR", "VOIDED"]),
});
const transactionsShape = z.object({ data: z.array(transactionShape) });

export type GatewayTransaction = z.infer<typeof transactionShape>;

/** Every transaction there is for these payments. */
export async function readTransactions(
  { wompi, privateKey }: { wompi: string; privateKey: string },
  paymentIds: readonly string[],
): Promise<GatewayTransaction[]> {
  const transactions: GatewayTransaction[] = [];
  for (const paymentId of paymentIds) {
    const answer = await askUntilAnswered({
      method: "GET",
      address: `${wompi}/v1/transactions?reference=${paymentId}`,
      headers: { authorization: `Bearer ${privateKey}` },
    });
    transactions.push(...transactionsShape.parse(answer?.body).data);
  }
  return transactions;
}
