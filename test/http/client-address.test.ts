// Which addresses count as one client's.

import { describe, expect, test } from "vitest";
import { networkOf } from "../../src/http/client-address.ts";

describe("the network of an address", () => {
  test.each([
    ["190.85.1.2", "190.85.1.2"],
    ["2800:484:1a2b:3c4d:1:2:3:4", "2800:484:1a2b:3c4d"],
    ["2800:484:1a2b:3c4d::1", "2800:484:1a2b:3c4d"],
    ["2800:484::1", "2800:484:0:0"],
    ["2800:484:0:0:ffff::", "2800:484:0:0"],
    ["2800::3c4d:1:2:3:4", "2800:0:0:3c4d"],
    ["::1", "0:0:0:0"],
    ["::", "0:0:0:0"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
