// Two organizers make the same offer on two sites, over HTTP: the same picture, a stage of the same name, the same codes for
// other discounts, and both publish it. At every step either tries what the other has just made.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { imageOf, openGallery } from "../support/gallery.ts";
import { files } from "../support/images.ts";
import {
  type Attempt,
  type Neighbour,
  bothWays,
  expectNothingFound,
  listed,
  made,
  newNeighbours,
} from "../support/neighbours.ts";
import { expectProblem } from "../support/problems.ts";

const gallery = openGallery();
const CODE = "AMIGOS";

/** An organizer with a draft, what they do differently, and what they have made so far. */
interface Side extends Neighbour {
  nit: string;
  discount: object;
  eventId: string;
  areaId: string;
  imageId: string;
  stageId: string;
  promotionId: string;
}

let sides: [Side, Side];

beforeAll(async () => {
  const [first, second] = await newNeighbours(gallery);
  const name = `Concierto ${crypto.randomUUID().slice(0, 8)}`;
  const withDraft = async (organizer: Neighbour, own: { nit: string; discount: object }) => {
    const draft = await organizer.shop.draftEvent([{ units: 3 }], { name, event_type: "concert" });
    const { eventId, areaIds } = draft;
    const later = { imageId: "", stageId: "", promotionId: "" };
    return { ...organizer, ...own, eventId, areaId: areaIds[0] ?? "", ...later };
  };
  const fixed = { type: "fixed", amount_in_cents: 700_000, per: "order" };
  const tenth = { type: "percentage", basis_points: 1_000 };
  sides = [
    await withDraft(first, { nit: "860034313-7", discount: tenth }),
    await withDraft(second, { nit: "900123456-8", discount: fixed }),
  ];
});
afterAll(async () => {
  await Promise.all([gallery, ...sides.map(({ shop }) => shop)].map((each) => each.close()));
});

const get = ({ shop }: Side, path: string) => shop.asOrganizer("GET", path);
const post = ({ shop }: Side, path: string, body?: object) =>
  shop.asOrganizer("POST", path, { body });
const nothingFound = ({ token, apiToken }: Side, theirs: Side, attempts: Attempt[]) =>
  expectNothingFound([token, apiToken], theirs, attempts);

describe("two organizers and what they offer", () => {
  it("show the same picture as their cover, each a file of its own", async () => {
    const cover = { type: "cover", altText: "Portada" };
    const urls: string[] = [];
    for (const mine of sides) {
      const sent = await gallery.send(mine.eventId, files.jpeg(), { ...cover, token: mine.token });
      const { id, url } = imageOf(sent);
      mine.imageId = id;
      urls.push(url);
    }
    for (const [mine, theirs] of bothWays(sides)) {
      const path = `/v1/events/${mine.eventId}/images`;
      expect(await listed(mine, path, "images")).toEqual([mine.imageId]);
      const stranger = { ...cover, token: mine.token };
      const sent = await gallery.send(theirs.eventId, files.png(), stranger);
      expectProblem(sent, 404, "event_not_found");
      const theirImages = `/v1/events/${theirs.eventId}/images`;
      const upload = { type: "cover", content_type: "image/jpeg", size_bytes: 100 };
      await nothingFound(mine, theirs, [
        ["event_not_found", "GET", theirImages],
        ["event_not_found", "POST", `${theirImages}/uploads`, { body: upload }],
        ...[path, theirImages].flatMap((at): Attempt[] => [
          ["image_not_found", "PATCH", `${at}/${theirs.imageId}`, { body: { alt_text: "x" } }],
          ["image_not_found", "DELETE", `${at}/${theirs.imageId}`],
        ]),
      ]);
    }
    const [first, second] = sides;
    const image = `/v1/events/${first.eventId}/images/${first.imageId}`;
    expect((await first.shop.asOrganizer("DELETE", image)).status).toBe(204);
    expect(await listed(first, `/v1/events/${first.eventId}/images`, "images")).toEqual([]);
    const left = await listed(second, `/v1/events/${second.eventId}/images`, "images");
    expect(left).toEqual([second.imageId]);
    expect(await gallery.isStored(urls[1] ?? "")).toBe(true);
  });

  it("sell the first units for less, by a stage of the same name", async () => {
    const adjustment = { type: "percentage", basis_points: -2_000 };
    const stage = { name: "Preventa", adjustment, quantity: 2 };
    for (const mine of sides)
      mine.stageId = await made(mine, `/v1/events/${mine.eventId}/sale-stages`, stage);
    for (const [mine, theirs] of bothWays(sides)) {
      const own = `/v1/events/${mine.eventId}/sale-stages`;
      const others = `/v1/events/${theirs.eventId}/sale-stages`;
      const path = `/v1/sale-stages/${theirs.stageId}`;
      expect(await listed(mine, own, "sale_stages")).toEqual([mine.stageId]);
      await nothingFound(mine, theirs, [
        ["event_not_found", "GET", others],
        ["event_not_found", "POST", others, { body: stage }],
        ["area_not_found", "POST", own, { body: { ...stage, area_id: theirs.areaId } }],
        ["sale_stage_not_found", "GET", path],
        ["sale_stage_not_found", "PATCH", path, { body: { quantity: 1 } }],
        ["sale_stage_not_found", "DELETE", path],
      ]);
    }
  });

  it("promise different things by the same code", async () => {
    const codes: string[] = [];
    for (const mine of sides) {
      const body = { name: "Amigos", discount: mine.discount, event_id: mine.eventId };
      mine.promotionId = await made(mine, "/v1/promotions", { ...body, code: CODE });
      const again = await post(mine, "/v1/promotions", { ...body, code: CODE });
      expectProblem(again, 409, "promotion_code_taken");

      const bulkId = await made(mine, "/v1/promotions", { ...body, code_prefix: "VIP-" });
      const answer = await post(mine, `/v1/promotions/${bulkId}/codes`, { quantity: 3 });
      expect(answer.status).toBe(201);
      codes.push(...z.object({ codes: z.array(z.string()) }).parse(answer.body).codes);
      const ids = await listed(mine, "/v1/promotions", "promotions");
      expect(ids).toEqual([bulkId, mine.promotionId]);
    }
    expect(new Set(codes).size).toBe(6);
    for (const [mine, theirs] of bothWays(sides)) {
      const path = `/v1/promotions/${theirs.promotionId}`;
      const body = { name: "Ajena", discount: mine.discount };
      const inEvent = { body: { ...body, event_id: theirs.eventId } };
      const inArea = { body: { ...body, area_id: theirs.areaId } };
      expect((await get(mine, `/v1/promotions/${mine.promotionId}`)).body).toMatchObject({
        code: CODE,
        discount: mine.discount,
      });
      await nothingFound(mine, theirs, [
        ["promotion_not_found", "GET", path],
        ["promotion_not_found", "PATCH", path, { body: { code: null } }],
        ["promotion_not_found", "DELETE", path],
        ["promotion_not_found", "GET", `${path}/codes`],
        ["promotion_not_found", "POST", `${path}/codes`, { body: { quantity: 1 } }],
        ["event_not_found", "POST", "/v1/promotions", inEvent],
        ["area_not_found", "POST", "/v1/promotions", inArea],
      ]);
    }
  });

  it("publish it once the law knows who sells it, each on their own word", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      const publish = () => post(mine, `/v1/events/${mine.eventId}/publish`);
      // Also for the second, when the first has said all of it.
      expectProblem(await publish(), 409, "legal_info_required");
      const info = { nit: mine.nit, legal_name: mine.name, address: "Calle 1", city: "Cali" };
      const body = { ...info, pulep_code: "ABC123" };
      expect(await mine.shop.asOrganizer("PUT", "/v1/legal-info", { body })).toMatchObject({
        status: 200,
        body,
      });
      const others = await get(theirs, `/v1/events/${theirs.eventId}`);
      expect(await publish()).toMatchObject({ status: 200, body: { status: "published" } });
      expect((await get(theirs, `/v1/events/${theirs.eventId}`)).body).toEqual(others.body);
      await nothingFound(
        mine,
        theirs,
        ["publish", "unpublish", "postpone", "cancel"].map((move): Attempt => {
          return ["event_not_found", "POST", `/v1/events/${theirs.eventId}/${move}`];
        }),
      );
    }
  });
});
