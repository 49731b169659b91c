// `npm run audit` against a running stack, as a program: what it prints, and how it ends.

import { execFile } from "node:child_process";
import { afterAll, describe, expect, inject, test } from "vitest";
import { auditsOf } from "../support/audit.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const office = auditsOf(shop);

afterAll(() => shop.close());

interface Ended {
  code: number | string | null;
  lines: string[];
}

function run(options: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { ...process.env, SESSION_TOKEN: inject("organizerToken"), ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, ["dev/audit.ts", ...options], { env }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.trimEnd().split("\n");
      resolve({ code: error === null ? 0 : (error.code ?? null), lines });
    });
  });
}

const here = ["--api", inject("apiUrl")];

describe("the audit command", () => {
  test("names what differs in words, repairs it, and then finds nothing", async () => {
    const { event, areaId } = await office.openArea(2);
    const held = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
    await shop.unitsBecome(areaId, "ra");
    await office.deleteReservation(held.id);
    const missing = `area ${areaId}: a reservation is missing in Postgres; reservation ${held.id}; object: held — `;
    const totals = { areas: 1, reservations: 1, units: 2 };

    const found = await run([...here, "--event", event.eventId, "--json"]);
    expect(found.lines).toEqual([
      `${missing}--repair would mend it`,
      "1 areas, 1 reservations, 2 units: 1 differences, 0 repaired",
      JSON.stringify({ ...totals, differences: 1, repaired: 0 }),
    ]);
    expect(found.code).toBe(1);

    const repaired = await run([...here, "--area", areaId, "--repair", "--json"]);
    expect(repaired.lines).toEqual([
      `${missing}repaired`,
      "1 areas, 1 reservations, 2 units: 1 differences, 1 repaired",
      JSON.stringify({ ...totals, differences: 1, repaired: 1 }),
    ]);
    expect(repaired.code).toBe(0);

    const healthy = await run(["--area", areaId], { API_URL: inject("apiUrl") });
    expect(healthy).toEqual({
      code: 0,
      lines: ["1 areas, 1 reservations, 2 units: nothing differs"],
    });
  });

  test("goes through every area of the organizer", async () => {
    // One with few areas.
    const SESSION_TOKEN = inject("otherOrganizerToken");
    const theirs = openStackShop(SESSION_TOKEN);
    const [first, second] = [
      await theirs.draftEvent([{ units: 1 }]),
      await theirs.publishEvent([{ units: 1 }]),
    ];
    const [areaId = ""] = second.areaIds;
    await office.sql("UPDATE areas SET price = 7 WHERE id = $1", areaId);
    const { code, lines } = await run([...here, "--json"], { SESSION_TOKEN });
    const { rows } = await theirs.database.query(
      "SELECT id FROM areas WHERE profile_id = (SELECT profile_id FROM areas WHERE id = $1)",
      [first.areaIds[0]],
    );
    await theirs.close();
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ areas: rows.length });
    expect(lines).toContainEqual(
      expect.stringContaining(`area ${areaId}: the area's object has other`),
    );
    expect(lines.join("\n")).toContain("for a person to decide");
    expect(code).toBe(1);
  }, 120_000);

  test.each([
    [["--area", crypto.randomUUID()], "404 area_not_found"],
    [["--wrong"], "--wrong"],
  ])("says why it could not tell: %j", async (options, reason) => {
    const { code, lines } = await run([...here, ...options]);
    expect(code).toBe(2);
    expect(lines.join("\n")).toContain(reason);
  });

  test("says that a session is needed elsewhere", async () => {
    const { SESSION_TOKEN: _token, ...environment } = process.env;
    const ended = await new Promise<Ended>((resolve) => {
      const options = { env: environment };
      execFile(process.execPath, ["dev/audit.ts", ...here], options, (error, _out, stderr) =>
        resolve({ code: error?.code ?? null, lines: [stderr.trim()] }),
      );
    });
    expect(ended).toEqual({
      code: 2,
      lines: ["SESSION_TOKEN must be the session of an owner or manager there."],
    });
  });
});
