// The shop of the first organizer on the stack that serves the test run.

import { inject } from "vitest";
import { openShop } from "./shop.ts";

export function openStackShop(organizerToken: string = inject("organizerToken")) {
  return openShop({
    api: inject("apiUrl"),
    wompi: inject("wompiUrl"),
    mail: inject("mailUrl"),
    database: inject("databaseUrl"),
    organizerToken,
  });
}
