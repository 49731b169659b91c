// Every verb that is done for somebody asks what they may do before it touches anything, whatever the route in front of it did.

import { describe, expect, test } from "vitest";
import { Actor, NotAllowed } from "../../src/services/actor.ts";
import { filesUnder } from "../tidy/files.ts";

/** By their signature: whoever takes an actor. */
const verbs = filesUnder("src/services", ".ts").filter(({ text }) =>
  /^export (?:async )?function \w+\([^)]*\bactor\??: Actor\b/m.test(text),
);

const powerless = new Actor({
  kind: "api-client",
  tokenId: "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77",
  profileId: "00000000-0000-4000-8000-000000000001",
  scopes: [],
});

/** May be taken apart, but neither called nor looked into. */
function untouchable(): unknown {
  const touched = () => {
    throw new Error("a verb touched something before it asked");
  };
  const inner = new Proxy(touched, { get: touched, apply: touched, has: touched });
  return new Proxy({}, { get: () => inner, ownKeys: () => [] });
}

async function call(path: string): Promise<unknown> {
  const module: Record<string, unknown> = await import(`../../${path}`);
  const name = path.replace(/^.*\/([\w-]+)\.ts$/, "$1");
  const verb = module[name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  if (typeof verb !== "function") throw new Error(`${path} has no function of its own name`);
  return verb(untouchable(), powerless, untouchable());
}

test("there are verbs to look at", () => {
  expect(verbs.length).toBeGreaterThan(30);
});

describe("for somebody who may do nothing", () => {
  test.each(verbs.map(({ path }) => path))("%s does nothing", async (path) => {
    const outcome = await call(path).then(
      () => "done",
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(NotAllowed);
  });
});
