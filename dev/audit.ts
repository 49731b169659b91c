// `npm run audit`: asks a deployment whether its areas' objects and Postgres say the same, and prints what differs.
//   --event ID, --area ID   only these; every area of the organizer unless told
//   --repair                repairs what is certain
//   --api ADDRESS           another deployment than the local stack; API_URL says it too
//   --json                  the last line is one JSON object
// The session of an owner or manager is read from SESSION_TOKEN; the local stack has one of its own.
// Ends with 0 when nothing differs any more, 1 when something does, 2 when it could not be told.

import { parseArgs } from "node:util";
import { z } from "zod";
import { auditShape, describeDifference } from "./audit-words.ts";
import { call } from "./journey.ts";
import { Problem, sentenceFor } from "./problem.ts";
import { findRunningStack } from "./running-stack.ts";

interface Place {
  api: string;
  token: string;
}

const totals = { areas: 0, reservations: 0, units: 0, differences: 0, repaired: 0 };

function readOptions() {
  try {
    return parseArgs({
      options: {
        event: { type: "string" },
        area: { type: "string" },
        api: { type: "string" },
        repair: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    }).values;
  } catch (thrown) {
    throw new Problem(thrown instanceof Error ? thrown.message : "These options make no sense.");
  }
}

type Options = ReturnType<typeof readOptions>;

async function placeFor({ api = process.env["API_URL"] }: Options): Promise<Place> {
  const token = process.env["SESSION_TOKEN"];
  if (api !== undefined) {
    if (token !== undefined) return { api: api.replace(/\/+$/, ""), token };
    throw new Problem("SESSION_TOKEN must be the session of an owner or manager there.");
  }
  const stack = await findRunningStack();
  if (stack === null)
    throw new Problem("No stack is running: `npm start` starts one, --api names another.");
  return { api: stack.api, token: token ?? stack.organizerToken };
}

async function ask<Shape>(
  shape: z.ZodType<Shape>,
  { api, token }: Place,
  [method, path, body]: readonly [method: string, path: string, body?: object],
): Promise<Shape> {
  const answer = await call(`${api}/v1${path}`, method, { token, body });
  if (answer.status < 300) return shape.parse(answer.body);
  const { data } = z.object({ code: z.string() }).safeParse(answer.body);
  throw new Problem(`${method} ${path} was answered ${answer.status} ${data?.code ?? ""}.`);
}

const withId = z.object({ id: z.string() });
const nextCursor = z.string().nullable();
const eventPage = z.object({ events: z.array(withId), next_cursor: nextCursor });
const areaPage = z.object({ areas: z.array(withId), next_cursor: nextCursor });

/** The ids of a whole list, page by page. */
async function idsOf(
  read: (query: string) => Promise<{ ids: string[]; next: string | null }>,
): Promise<string[]> {
  const all: string[] = [];
  let query = "?limit=100";
  for (;;) {
    const { ids, next } = await read(query);
    all.push(...ids);
    if (next === null) return all;
    query = `?limit=100&cursor=${next}`;
  }
}

async function areasFor(place: Place, { event, area }: Options): Promise<string[]> {
  if (area !== undefined) return [area];
  const idOf = ({ id }: { id: string }) => id;
  const eventIds =
    event === undefined
      ? await idsOf(async (query) => {
          const page = await ask(eventPage, place, ["GET", `/events${query}`]);
          return { ids: page.events.map(idOf), next: page.next_cursor };
        })
      : [event];
  const areaIds: string[] = [];
  for (const eventId of eventIds) {
    const ofEvent = await idsOf(async (query) => {
      const page = await ask(areaPage, place, ["GET", `/events/${eventId}/areas${query}`]);
      return { ids: page.areas.map(idOf), next: page.next_cursor };
    });
    areaIds.push(...ofEvent);
  }
  return areaIds;
}

async function auditArea(place: Place, areaId: string, repair: boolean): Promise<void> {
  totals.areas += 1;
  let cursor: string | null = null;
  do {
    const body = { repair, ...(cursor !== null && { cursor }) };
    const audit: z.infer<typeof auditShape> = await ask(auditShape, place, [
      "POST",
      `/areas/${areaId}/audit`,
      body,
    ]);
    totals.reservations += audit.reservations;
    totals.units += audit.units;
    totals.differences += audit.differences.length;
    totals.repaired += audit.differences.filter((found) => found.is_repaired).length;
    for (const found of audit.differences)
      console.log(`area ${areaId}: ${describeDifference(found, repair)}`);
    if (audit.in_flight > 0)
      console.log(`area ${areaId}: ${audit.in_flight} were on their way and could not be compared`);
    const { oldest_at: oldestAt = null, batches = 0 } = audit.outbox ?? {};
    if (oldestAt !== null && audit.next_cursor === null)
      console.log(`area ${areaId}: ${batches} batches wait for Postgres since ${oldestAt}`);
    cursor = audit.next_cursor;
  } while (cursor !== null);
}

async function main(): Promise<void> {
  const options = readOptions();
  const place = await placeFor(options);
  for (const areaId of await areasFor(place, options))
    await auditArea(place, areaId, options.repair);
  const { areas, reservations, units, differences, repaired } = totals;
  console.log(
    `${areas} areas, ${reservations} reservations, ${units} units: ` +
      (differences === 0 ? "nothing differs" : `${differences} differences, ${repaired} repaired`),
  );
  if (options.json) console.log(JSON.stringify(totals));
  process.exitCode = differences > repaired ? 1 : 0;
}

try {
  await main();
} catch (thrown) {
  console.error(sentenceFor(thrown));
  process.exitCode = 2;
}
