// Units from a CSV file, over HTTP against a running stack: all of its lines or none, each wrong one named.

import { afterAll, describe, expect, inject, test } from "vitest";
import { linesOf, openLayouts } from "../support/layouts.ts";
import { openTeam } from "../support/members.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";

const layouts = openLayouts();
const { csv, labels, emptyArea, stored } = layouts;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const nothing = { units: 0, capacity: 0, batches: 0 };

afterAll(() => layouts.close());

describe("a CSV file", () => {
  test("as Excel in Spanish writes it becomes units in its order", async () => {
    const areaId = await emptyArea({ letter: "B" });
    const file = '\uFEFFFila;Número;Etiqueta\r\nA;2;\r\nA;1;"Mesa ""1"""\r\nPalco 3;1;\r\n';
    expect(await csv(areaId, file)).toMatchObject({
      status: 201,
      body: { created: 3, capacity: 3 },
    });
    expect(await labels(areaId)).toEqual(["B-A-2", 'Mesa "1"', "B-Palco 3-1"]);
    const { body } = await layouts.asOrganizer("GET", `/v1/areas/${areaId}/units`);
    expect(body).toMatchObject({
      units: [
        { row_name: "A", number: 2 },
        { row_name: "A", number: 1 },
        { row_name: "Palco 3", number: 1 },
      ],
    });
  });

  test("goes on sale at once, and says who sits beside whom", async () => {
    const areaId = await emptyArea({ isPublished: true });
    const file = "row,number\nA,1\nA,3\nB,5\nB,3\nB,1\n";
    expect((await csv(areaId, file, { query: "?numbering=by_twos" })).status).toBe(201);
    const { rows } = await layouts.database.query<{ event: string }>(
      "SELECT cluster_id AS event FROM areas WHERE id = $1",
      [areaId],
    );
    const answer = await layouts.call("POST", "/v1/reservations", {
      body: {
        event_id: rows[0]?.event,
        items: [{ area_id: areaId, quantity: 3, together: true }],
      },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { units: [{ label: "A-B-5" }, { label: "A-B-3" }, { label: "A-B-1" }] },
    });
  });

  test("with wrong lines is refused with all of them, and nothing is written", async () => {
    const areaId = await emptyArea();
    const file = "row,number\nA,1\nA,x\nA,1\n,2\n";
    for (const query of ["", "?preview=true"]) {
      const answer = await csv(areaId, file, { query });
      expectProblem(answer, 422, "csv_invalid");
      expect(answer.body).toMatchObject({
        lines_total: 3,
        lines: [
          { line: 3, column: "number", reason: "number_invalid" },
          { line: 4, column: "number", reason: "unit_twice" },
          { line: 5, column: "row", reason: "row_invalid" },
        ],
      });
    }
    expect(await stored(areaId)).toEqual(nothing);
  });

  test("whose labels are taken names them by their lines, as its preview does", async () => {
    const areaId = await emptyArea();
    await csv(areaId, "row,number\nA,2\n");
    const before = await stored(areaId);
    // The third comes to the same label as the first by another way.
    const file = "row,number,label\nA,1,A-A-9\n\nA,2,\nA,9,\n";
    const preview = await csv(areaId, file, { query: "?preview=true" });
    const refusal = { labels: ["A-A-2", "A-A-9"], lines: [4, 5] };
    expect(preview).toMatchObject({
      status: 200,
      body: { count: 3, duplicates: 2, first_labels: ["A-A-9", "A-A-2", "A-A-9"] },
    });
    expect(preview.body).toMatchObject({ refusal: { code: "unit_labels_taken", ...refusal } });
    const answer = await csv(areaId, file);
    expectProblem(answer, 409, "unit_labels_taken");
    expect(answer.body).toMatchObject(refusal);
    expect(await stored(areaId)).toEqual(before);
  });

  test("that is sent again with its key is carried out once; another under the key is refused", async () => {
    const areaId = await emptyArea();
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    const file = "row,number\nA,1\n";
    const first = await csv(areaId, file, key);
    expect(await csv(areaId, file, key)).toMatchObject({ status: 201, body: first.body });
    expectProblem(await csv(areaId, "row,number\nA,2\n", key), 422, "command_reused");
    expect(await stored(areaId)).toEqual({ units: 1, capacity: 1, batches: 1 });
  });

  test(
    "of a hundred thousand lines, megabytes of it, is written in seconds with its progress told",
    { timeout: 120_000 },
    async () => {
      const areaId = await emptyArea();
      const lines = Array.from({ length: 100_000 }, (_, index) => {
        const number = (index % 500) + 1;
        return `Fila ${Math.floor(index / 500)},${number},Silla preferencial ${index}`;
      });
      const file = `row,number,label\n${lines.join("\n")}\n`;
      const startedMs = performance.now();
      const answer = await csv(areaId, file, { headers: { accept: "application/x-ndjson" } });
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      console.log(`100,000 units from ${(file.length / 1e6).toFixed(1)} MB in ${seconds} s`);
      expect(linesOf(answer).at(-1)).toEqual({ result: { created: 100_000, capacity: 100_000 } });
      expect(await stored(areaId)).toMatchObject({ units: 100_000, capacity: 100_000 });
      // One clash, in the last line: none is written.
      const other = await emptyArea();
      await csv(other, "row,number,label\nX,1,Silla preferencial 99999\n");
      const refused = await csv(other, file);
      expectProblem(refused, 409, "unit_labels_taken");
      expect(refused.body).toMatchObject({ lines: [100_001] });
      expect(await stored(other)).toMatchObject({ units: 1, capacity: 1 });
    },
  );

  test("with a line too many, or too large, is refused", async () => {
    const areaId = await emptyArea();
    const many = `row,number\n${Array.from({ length: 100_001 }, (_, index) => `A,${index + 1}`).join("\n")}`;
    expectProblem(await csv(areaId, many), 422, "units_too_many");
    const large = await csv(areaId, "x".repeat(8 * 1024 * 1024 + 1));
    expectProblem(large, 413, "body_too_large");
    expect(large.body).toMatchObject({ max_bytes: 8 * 1024 * 1024 });
    expect(await stored(areaId)).toEqual(nothing);
  });

  test("of unknown length is cut off at the same size", async () => {
    const areaId = await emptyArea();
    const megabyte = new Uint8Array(1024 * 1024).fill(120);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > 12) controller.close();
        else controller.enqueue(megabyte);
      },
    });
    const response = await fetch(`${inject("apiUrl")}/v1/areas/${areaId}/units/csv`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${inject("organizerToken")}`,
        "content-type": "text/csv",
      },
      body,
      duplex: "half",
    });
    expect(response.status).toBe(413);
    await response.arrayBuffer();
  });

  test.each([
    ["JSON", "application/json"],
    ["a form", "multipart/form-data; boundary=x"],
    ["anything", "application/octet-stream"],
  ])("must not come as %s", async (_what, type) => {
    const answer = await csv(UNKNOWN_ID, "row,number\nA,1", { headers: { "content-type": type } });
    expectProblem(answer, 415, "unsupported_media_type");
  });

  test("needs to know how units are numbered", async () => {
    const answer = await csv(UNKNOWN_ID, "row,number\nA,1", { query: "?numbering=x" });
    expectInvalid(answer, "query.numbering");
  });

  test("is taken from the area's organizer alone, and from no gate", async () => {
    const areaId = await emptyArea();
    const file = "row,number\nA,1\n";
    const team = openTeam(layouts);
    const { token } = await team.newSession(await team.newMember(undefined, "gate"));
    for (const query of ["", "?preview=true"]) {
      const theirs = { query, token: inject("otherOrganizerToken") };
      expectProblem(await csv(areaId, file, theirs), 404, "area_not_found");
      expectProblem(await csv(areaId, file, { query, token }), 403, "role_not_allowed");
      expectProblem(await csv(UNKNOWN_ID, file, { query }), 404, "area_not_found");
    }
    const path = `/v1/areas/${areaId}/units/csv`;
    const anonymous = { body: file, headers: { "content-type": "text/csv" } };
    expectProblem(await layouts.call("POST", path, anonymous), 401, "session_required");
    expect(await stored(areaId)).toEqual(nothing);
  });
});
