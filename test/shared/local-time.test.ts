// A moment on the clocks of a place.

import { expect, test } from "vitest";
import { localTime } from "../../src/shared/local-time.ts";

test.each([
  ["2031-03-20T01:00:00.000Z", "America/Bogota", "2031-03-19T20:00:00-05:00"],
  ["2031-03-20T05:00:00.999Z", "America/Bogota", "2031-03-20T00:00:00-05:00"],
  ["2031-07-01T12:00:00.000Z", "Europe/Madrid", "2031-07-01T14:00:00+02:00"],
  ["2031-12-31T23:30:00.000Z", "Europe/Madrid", "2032-01-01T00:30:00+01:00"],
  ["2031-07-01T12:00:00.000Z", "Asia/Kolkata", "2031-07-01T17:30:00+05:30"],
  ["2031-07-01T12:00:00.000Z", "UTC", "2031-07-01T12:00:00+00:00"],
])("%s in %s is %s", (moment, timeZone, expected) => {
  expect(localTime(new Date(moment), timeZone)).toBe(expected);
  expect(new Date(expected).getTime()).toBe(Math.trunc(Date.parse(moment) / 1000) * 1000);
});
