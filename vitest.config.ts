// Three kinds of tests: plain Node (pure code, adapters, the sandbox), inside the Workers runtime (the Durable Object, dead
// letters), and over HTTP against the whole local stack. One stack, with its own ports, data and database, serves a run.

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["./test/support/global-setup.ts"],
    projects: [
      {
        extends: false,
        test: {
          name: "node",
          include: [
            "test/{core,shared,services,http,adapters,templates,dev,tidy,simulation}/**/*.test.ts",
          ],
          testTimeout: 30_000,
        },
      },
      {
        extends: false,
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: inject("workerVariables") },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/{durable-objects,effects}/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        extends: false,
        test: {
          name: "stack",
          include: ["test/{routes,journeys}/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
