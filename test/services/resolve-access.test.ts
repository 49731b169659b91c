// How often a token costs a look-up, and how soon its end is noticed where it was made. Postgres is a counter here: what it
// answers is tested over HTTP.

import { beforeEach, expect, test } from "vitest";
import { DatabaseUnavailable, type Row } from "../../src/ports/database.ts";
import { forgetAccess, resolveAccess } from "../../src/services/auth/resolve-access.ts";

const HALF_A_MINUTE_MS = 30_000;
const session = {
  id: "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77",
  user_id: "00000000-0000-4000-8000-0000000000a1",
  profile_id: "00000000-0000-4000-8000-000000000001",
  role: "gate",
  is_untouched: false,
};
const memberKey = `${session.profile_id}/${session.user_id}`;

let nowMs = Date.now();
let lookUps = 0;
let answer: () => Promise<Row[]>;
let token = "";

beforeEach(() => {
  nowMs = Date.now();
  lookUps = 0;
  answer = async () => [session];
  token = crypto.randomUUID();
});

const scope = {
  query: () => {
    lookUps += 1;
    return answer();
  },
  transaction: () => Promise.reject(new Error("a look-up is one statement")),
};
const dependencies = {
  database: { asSystem: () => scope, asTenant: () => scope, asPublic: () => scope },
  now: () => nowMs,
};
const resolve = () => resolveAccess(dependencies, token);

test("a crowd that brings one token costs one look-up", async () => {
  const crowd = await Promise.all(Array.from({ length: 100 }, resolve));
  expect(crowd.every((access) => access?.profileId === session.profile_id)).toBe(true);
  expect(lookUps).toBe(1);
});

test("a token costs one look-up in half a minute", async () => {
  await resolve();
  nowMs += HALF_A_MINUTE_MS - 1;
  await resolve();
  expect(lookUps).toBe(1);
  nowMs += 1;
  await resolve();
  expect(lookUps).toBe(2);
});

test("so does a token of nobody", async () => {
  answer = async () => [];
  expect(await Promise.all([resolve(), resolve()])).toEqual([null, null]);
  nowMs += HALF_A_MINUTE_MS - 1;
  expect(await resolve()).toBeNull();
  expect(lookUps).toBe(1);
});

test("two tokens are two look-ups", async () => {
  await resolve();
  token = crypto.randomUUID();
  await resolve();
  expect(lookUps).toBe(2);
});

test.each([
  ["the session", session.id],
  ["the member", memberKey],
])("an end of %s is noticed at once", async (_, concern) => {
  expect(await resolve()).not.toBeNull();
  answer = async () => [];
  forgetAccess(dependencies, concern);
  expect(await resolve()).toBeNull();
  expect(lookUps).toBe(2);
});

test("an end that comes while the look-up is under way is noticed by all who wait for it", async () => {
  let letGo = () => {};
  answer = () =>
    new Promise((done) => {
      letGo = () => done([session]);
    });
  const crowd = Promise.all(Array.from({ length: 10 }, resolve));
  await expect.poll(() => lookUps).toBe(1);
  forgetAccess(dependencies, session.id);
  answer = async () => [];
  letGo();
  expect(new Set(await crowd)).toEqual(new Set([null]));
  expect(lookUps).toBe(2);
});

test("somebody else's end costs nothing", async () => {
  await resolve();
  forgetAccess(dependencies, "00000000-0000-4000-8000-0000000000f1");
  await resolve();
  expect(lookUps).toBe(1);
});

test("a look-up that failed is tried again", async () => {
  answer = () => Promise.reject(new DatabaseUnavailable("away"));
  await expect(resolve()).rejects.toThrow(DatabaseUnavailable);
  answer = async () => [session];
  expect(await resolve()).not.toBeNull();
});

test("a crowd is told all the same when the request that asked for it is cut off", async () => {
  answer = () => new Promise(() => {});
  void resolve();
  await expect.poll(() => lookUps).toBe(1);
  answer = async () => [session];
  const crowd = Promise.all(Array.from({ length: 10 }, resolve));
  nowMs += 3_000;
  expect((await crowd).every((access) => access?.profileId === session.profile_id)).toBe(true);
  expect(lookUps).toBe(2);
});

test("a crowd is told that Postgres is away, each by an attempt of its own", async () => {
  answer = () => Promise.reject(new DatabaseUnavailable("away"));
  const crowd = await Promise.allSettled(Array.from({ length: 10 }, resolve));
  expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set(["rejected"]));
});
