// The tests of the core alone, for `npm run mutate`: no stack, no other project. Left out is what only chance finds, and
// what takes longer than all the rest.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/core/**/*.test.ts"],
    exclude: ["test/core/properties.test.ts"],
    testTimeout: 30_000,
  },
});
