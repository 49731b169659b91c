// What may go wrong on the way to an area's inventory. The inventory itself is durable-objects/area-inventory/contract.ts.

/** The object's queue is full; more calls would make it worse, so nobody repeats this one. */
export class InventoryOverloaded extends Error {
  constructor(cause: unknown) {
    super("the area's inventory is overloaded", { cause });
    this.name = "InventoryOverloaded";
  }
}
