// What of an area may not change any more once somebody holds or bought of it. Pure.

import type { Area } from "../../db/areas-repository.ts";

const rules: readonly {
  /** As the API names it. */
  field: string;
  isBroken: (known: Area, wanted: Area) => boolean;
}[] = [
  {
    // A table that was sold for ten admits ten. For more it may be opened at any time.
    field: "unit_capacity",
    isBroken: (known, wanted) => wanted.unitCapacity < known.unitCapacity,
  },
  {
    // It is on people's tickets; half an area would be called otherwise.
    field: "nomenclature_letter",
    isBroken: (known, wanted) => wanted.nomenclatureLetter !== known.nomenclatureLetter,
  },
];

/** The fields that differ and are settled then; empty when sales do not matter to the change. */
export function settledBySales(known: Area, wanted: Area): string[] {
  return rules.filter(({ isBroken }) => isBroken(known, wanted)).map(({ field }) => field);
}
