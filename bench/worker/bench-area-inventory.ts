// The product's object with three questions added that only the bench asks. Adds nothing to the path of a command; rows
// are counted only between `startCounting` and `stopCounting`.

import { AreaInventory } from "../../src/index.ts";
import { type CountedRows, RowCounter } from "./row-counter.ts";

export class BenchAreaInventory extends AreaInventory {
  /** Batches that Postgres does not have yet. */
  outboxRows(): number {
    return this.ctx.storage.sql.exec<{ rows: number }>("SELECT count(*) AS rows FROM outbox").one()
      .rows;
  }

  /** Units by state, counted seat by seat: what the area's own counters must agree with. */
  countedUnits(): Record<string, number> {
    const names = ["available", "held", "sold", "blocked"];
    const counts: Record<string, number> = {};
    const blocks = this.ctx.storage.sql.exec<{ states: ArrayBuffer }>("SELECT states FROM block");
    for (const { states } of blocks) {
      for (const state of new Uint8Array(states)) {
        const name = names[state] ?? "unknown";
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    return counts;
  }

  startCounting(): void {
    RowCounter.start(this.ctx.storage);
  }

  stopCounting(): CountedRows {
    return RowCounter.stop();
  }
}
