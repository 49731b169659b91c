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

  /** Units by state, counted row by row: what the area's own counters must agree with. */
  countedUnits(): Record<string, number> {
    const rows = this.ctx.storage.sql
      .exec<{ state: string; units: number }>(
        "SELECT state, count(*) AS units FROM unit GROUP BY state",
      )
      .toArray();
    return Object.fromEntries(rows.map(({ state, units }) => [state, units]));
  }

  startCounting(): void {
    RowCounter.start(this.ctx.storage);
  }

  stopCounting(): CountedRows {
    return RowCounter.stop();
  }
}
