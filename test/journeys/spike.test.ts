// Few seats, a crowd, and everything buyers do to a shop: `npm run spike` at a small scale, on a stack of its own, because
// holds must end within seconds and its objects are read once the runtime has stopped.

import { expect, it } from "vitest";
import { figuresOf, isAsPromised } from "../spike/report.ts";
import { type Spike, runSpike, startSpikeStack } from "../spike/run.ts";

const spike: Spike = {
  buyers: 400,
  seats: 60,
  areas: 5,
  seed: 7,
  limitSeconds: 90,
  log: () => undefined,
};

it("sells every seat once and finds every peso, whatever 400 buyers do", async () => {
  const stack = await startSpikeStack(spike);
  try {
    const outcome = await runSpike(stack, spike);
    const { ledger } = outcome.sale;
    expect(outcome.givenUp).toBeNull();
    expect(outcome.oversold).toEqual([]);
    expect(outcome.lost).toEqual([]);
    expect(outcome.money.astray).toEqual([]);
    expect(outcome.money.taken).toBe(outcome.money.tickets + outcome.money.returned);
    const figures = figuresOf(spike, outcome);
    expect(figures).toMatchObject({ buyers: 400, sold: 60, oversold: 0, lost: 0 });
    expect(isAsPromised(figures)).toBe(true);
    // Otherwise nothing of this was put to the test.
    expect(ledger.buyersCome).toBe(400);
    expect(ledger.refusals.get("sold_out")).toBeGreaterThan(0);
    expect(figures.refunded).toBeGreaterThan(0);
  } finally {
    await stack.remove();
  }
}, 240_000);
