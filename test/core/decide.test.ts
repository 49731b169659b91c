import { expect, test } from "vitest";
import { isCommandKind } from "../../durable-objects/area-inventory/core/decide.ts";

test.each(["place-hold", "project-again", "expire-holds"])("[INV58] %s is known", (kind) => {
  expect(isCommandKind(kind)).toBe(true);
});

// What every object has is not a command either.
test.each(["", "Place-hold", "refund-everything", "constructor", "toString", "__proto__"])(
  "[INV58] %j is no command of this version",
  (kind) => {
    expect(isCommandKind(kind)).toBe(false);
  },
);
