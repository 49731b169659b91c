// Tickets as codes, over HTTP against a running stack: who may see one, and that each is admitted once by its organizer's gate.

import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { readQr } from "../../dev/read-qr.ts";
import type { Answer } from "../support/api.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { claimsOf, reservationToken } from "../support/signed.ts";
import { type EventOnSale, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asBuyer, asOrganizer } = shop;
const otherToken = inject("otherOrganizerToken");
const variables = inject("workerVariables");
const signingKey = createPrivateKey({
  key: Buffer.from(variables["TICKET_SIGNING_KEY"] ?? "", "base64"),
  format: "der",
  type: "pkcs8",
});

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const admittedShape = z.object({ admitted_at: z.string() });

type Bought = Awaited<ReturnType<typeof shop.buy>>;
interface Ticket {
  id: string;
  areaId: string;
  label: string;
  token: string;
}

/** As the product signs one, written here again. */
function ticketToken(
  ticket: { id: string; areaId: string; serial?: number },
  key = signingKey,
): string {
  const bytes = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");
  const serial = Buffer.alloc(4);
  serial.writeUInt32BE(ticket.serial ?? 1);
  const payload = Buffer.concat([Buffer.from([1]), bytes(ticket.id), bytes(ticket.areaId), serial]);
  const signed = `W1.${payload.toString("base64url")}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

async function buyTickets(
  units: number,
): Promise<{ event: EventOnSale; bought: Bought; tickets: Ticket[] }> {
  const event = await shop.publishEvent([{ units }]);
  const bought = await shop.buy(event, [{ area_id: event.areaIds[0] ?? "", quantity: units }]);
  const { reservation } = bought;
  const tickets = await Promise.all(
    reservation.units.map(async ({ reservation_unit_id: id, area_id: areaId, label }) => {
      const { body } = await asBuyer(reservation.token, "GET", `/v1/qr/${id}`);
      return { id, areaId, label, token: readQr(z.string().parse(body)) };
    }),
  );
  return { event, bought, tickets };
}

const scan = (body: unknown): Promise<Answer> => asOrganizer("POST", "/v1/qr/validate", { body });

async function storedTicket(id: string) {
  const { rows } = await shop.database.query<{ status: string; admitted_at: Date | null }>(
    "SELECT status, admitted_at FROM reservation_units WHERE id = $1",
    [id],
  );
  return rows[0];
}

afterAll(() => shop.close());

describe("the image of a ticket", () => {
  let sold: Awaited<ReturnType<typeof buyTickets>>;
  let other: Awaited<ReturnType<typeof buyTickets>>;
  const firstOf = ({ tickets }: typeof sold) => tickets[0]?.id ?? "";
  beforeAll(async () => {
    [sold, other] = await Promise.all([buyTickets(2), buyTickets(1)]);
  });

  test("is an SVG that runs nothing, kept by nobody but its buyer", async () => {
    const { token } = sold.bought.reservation;
    const answer = await asBuyer(token, "GET", `/v1/qr/${firstOf(sold)}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/svg+xml");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("cache-control")).toBe("private, max-age=300");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.body).not.toMatch(/script|href|onload/i);
  });

  test("says what the key of this stack signs for this ticket, each another", () => {
    for (const ticket of sold.tickets) expect(ticket.token).toBe(ticketToken(ticket));
    expect(new Set(sold.tickets.map(({ token }) => token)).size).toBe(2);
  });

  test("is there behind the links of the mail", async () => {
    const [mail] = await shop.mails(sold.bought.email);
    const links = [...(mail?.body.text ?? "").matchAll(/Ver QR: (\S+)/g)].map(
      ([, link]) => link ?? "",
    );
    expect(links).toHaveLength(2);
    for (const link of links) {
      const response = await fetch(link);
      expect(response.status).toBe(200);
      expect(sold.tickets.map(({ token }) => token)).toContain(readQr(await response.text()));
    }
  });

  test("is refused without a token, or with one that is forged or expired", async () => {
    const path = `/v1/qr/${firstOf(sold)}`;
    const { token } = sold.bought.reservation;
    const secret = variables["RESERVATION_TOKEN_SECRET"] ?? "";
    expectProblem(await call("GET", path), 401, "reservation_token_required");
    expectProblem(await call("GET", `${path}?token=`), 401, "reservation_token_forged");
    expectProblem(
      await call("GET", `${path}?token=${token.slice(0, -2)}`),
      401,
      "reservation_token_forged",
    );
    const expired = reservationToken({ ...claimsOf(token), x: 1 }, secret);
    expectProblem(await call("GET", `${path}?token=${expired}`), 401, "reservation_token_expired");
  });

  test("of another reservation, or of a ticket nobody has, is not found", async () => {
    const { token } = other.bought.reservation;
    expectProblem(await asBuyer(token, "GET", `/v1/qr/${firstOf(sold)}`), 404, "ticket_not_found");
    expectProblem(await asBuyer(token, "GET", `/v1/qr/${UNKNOWN_ID}`), 404, "ticket_not_found");
  });

  test.each(["1", "%00", `${UNKNOWN_ID}'--`, "validate"])(
    "with the id %s is refused",
    async (id) => {
      expectInvalid(
        await asBuyer(other.bought.reservation.token, "GET", `/v1/qr/${id}`),
        "param.reservation_unit_id",
      );
    },
  );

  test("is not there before it is paid", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const { token, units } = await shop.hold(event, [
      { area_id: event.areaIds[0] ?? "", quantity: 1 },
    ]);
    await shop.unitsBecome(event.areaIds[0] ?? "", "r");
    const answer = await asBuyer(token, "GET", `/v1/qr/${units[0]?.reservation_unit_id}`);
    expectProblem(answer, 409, "ticket_not_ready");
    expect(answer.body).toMatchObject({ may_retry: true });
  });
});

describe("the gate", () => {
  test("admits a ticket once and then says when and where that was", async () => {
    const { tickets } = await buyTickets(1);
    const [ticket] = tickets;
    const first = await scan({ token: ticket?.token, gate: " Puerta norte " });
    expect(first).toMatchObject({
      status: 200,
      body: {
        result: "admitted",
        reservation_unit_id: ticket?.id,
        area_id: ticket?.areaId,
        label: "A-1-1",
      },
    });
    const { admitted_at: admittedAt } = admittedShape.parse(first.body);
    const second = await scan({ token: ticket?.token, gate: "Puerta sur" });
    expectProblem(second, 409, "already_admitted");
    expect(second.body).toMatchObject({
      admitted_at: admittedAt,
      gate: "Puerta norte",
      may_retry: false,
    });
    const stored = await until("Postgres to know", async () => {
      const row = await storedTicket(ticket?.id ?? "");
      return row?.status === "used" ? row : undefined;
    });
    expect(stored.admitted_at?.toISOString()).toBe(admittedAt);
  });

  test("admits one of twenty scans that come at once", async () => {
    const { tickets } = await buyTickets(1);
    const body = { token: tickets[0]?.token };
    const answers = await Promise.all(Array.from({ length: 20 }, () => scan(body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 409, "already_admitted");
    }
  });

  test("answers a scan that is sent again as it did first", async () => {
    const { tickets } = await buyTickets(1);
    const body = { token: tickets[0]?.token, scan_id: crypto.randomUUID(), gate: "A" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => scan(body)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, body: answers[0]?.body });
    const shouted = await scan({ ...body, scan_id: body.scan_id.toUpperCase() });
    expect(shouted.body).toEqual(answers[0]?.body);
    expectProblem(await scan({ ...body, scan_id: crypto.randomUUID() }), 409, "already_admitted");
  });

  test("one scan id admits no second ticket's buyer twice", async () => {
    const { tickets } = await buyTickets(2);
    const scanId = crypto.randomUUID();
    for (const { token, label } of tickets) {
      expect(await scan({ token, scan_id: scanId })).toMatchObject({
        status: 200,
        body: { label },
      });
    }
    for (const { token } of tickets) expectProblem(await scan({ token }), 409, "already_admitted");
  });

  describe("turns away", () => {
    let sold: Awaited<ReturnType<typeof buyTickets>>;
    let ticket: Ticket;
    beforeAll(async () => {
      sold = await buyTickets(2);
      ticket = sold.tickets[0] ?? { id: "", areaId: "", label: "", token: "" };
    });
    // Nothing below let anybody in.
    afterAll(async () => {
      expect(await storedTicket(ticket.id)).toEqual({ status: "confirmed", admitted_at: null });
      expect((await scan({ token: ticket.token })).status).toBe(200);
    });

    test("who has no session, or one that is not real", async () => {
      const body = { token: ticket.token };
      expectProblem(await call("POST", "/v1/qr/validate", { body }), 401, "session_required");
      for (const token of ["short", `${inject("organizerToken")}\t`]) {
        expectProblem(
          await call("POST", "/v1/qr/validate", { body, headers: { authorization: token } }),
          401,
          "session_required",
        );
      }
      expectProblem(
        await call("POST", "/v1/qr/validate", { body, token: "x".repeat(43) }),
        401,
        "session_invalid",
      );
    });

    test("buyers: a reservation's token opens no gate", async () => {
      const { token } = sold.bought.reservation;
      const answer = await asBuyer(token, "POST", "/v1/qr/validate", {
        body: { token: ticket.token },
      });
      expectProblem(answer, 401, "session_required");
    });

    test("another organizer's gate, which learns nothing", async () => {
      const body = { token: ticket.token };
      const answer = await call("POST", "/v1/qr/validate", { token: otherToken, body });
      expectProblem(answer, 404, "ticket_unknown");
      const made = { token: ticketToken({ ...ticket, id: UNKNOWN_ID }) };
      const unknown = await call("POST", "/v1/qr/validate", { token: otherToken, body: made });
      const { request_id: _one, ...first } = z
        .looseObject({ request_id: z.string() })
        .parse(answer.body);
      const { request_id: _two, ...second } = z
        .looseObject({ request_id: z.string() })
        .parse(unknown.body);
      expect(first).toEqual(second);
    });

    const forged: [string, () => string][] = [
      ["words", () => "boleta"],
      ["an address", () => "https://example.com/W1"],
      ["half a code", () => ticket.token.slice(0, 70)],
      ["a code without its signature", () => ticket.token.slice(0, ticket.token.lastIndexOf("."))],
      [
        "a code with an empty signature",
        () => `${ticket.token.slice(0, ticket.token.lastIndexOf("."))}.`,
      ],
      [
        "another ticket under this signature",
        () => swapParts(sold.tickets[1]?.token ?? "", ticket.token),
      ],
      [
        "a code signed with another key",
        () => ticketToken(ticket, generateKeyPairSync("ed25519").privateKey),
      ],
      ["a signature of zeros", () => ticket.token.replace(/[^.]+$/, "A".repeat(86))],
      ["another version", () => ticket.token.replace("W1.", "W2.")],
      ["lower case", () => ticket.token.toLowerCase()],
      ["space around the code", () => ` ${ticket.token} `],
      ["a line break after the code", () => `${ticket.token}\n`],
      ["a NUL after the code", () => `${ticket.token}\u0000`],
      ["the code twice", () => ticket.token.repeat(2)],
      ["a padded code", () => `${ticket.token}==`],
      [
        "base64 with + and /",
        () => ticket.token.replaceAll("-", "+").replaceAll("_", "/").replace("W1", "W1 "),
      ],
      ["a lone surrogate", () => "\ud800"],
      ["SQL", () => "' OR 1=1 --"],
    ];
    test.each(forged)("%s", async (_what, token) => {
      expectProblem(await scan({ token: token() }), 422, "ticket_forged");
    });

    test.each([
      [
        "a ticket that does not exist",
        () => ({ ...ticket, id: UNKNOWN_ID }),
        404,
        "ticket_unknown",
      ],
      [
        "a ticket of an area that does not exist",
        () => ({ ...ticket, areaId: UNKNOWN_ID }),
        404,
        "ticket_unknown",
      ],
      ["an older serial", () => ({ ...ticket, serial: 0 }), 409, "ticket_revoked"],
      ["a newer serial", () => ({ ...ticket, serial: 2 }), 409, "ticket_revoked"],
    ] as const)("%s, even signed with the right key", async (_what, claims, status, code) => {
      expectProblem(await scan({ token: ticketToken(claims()) }), status, code);
    });

    test("a ticket that is held and not paid", async () => {
      const event = await shop.publishEvent([{ units: 1 }]);
      const areaId = event.areaIds[0] ?? "";
      const { units } = await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
      const token = ticketToken({ id: units[0]?.reservation_unit_id ?? "", areaId });
      expectProblem(await scan({ token }), 404, "ticket_unknown");
    });

    test.each(badBodies)("$what", async ({ body, headers = {}, status, code }) => {
      expectProblem(await asOrganizer("POST", "/v1/qr/validate", { body, headers }), status, code);
    });

    test.each([
      ["body.token", () => ({ token: "" })],
      ["body.token", () => ({ token: 7 })],
      ["body.token", () => ({ token: [ticket.token] })],
      ["body.token", () => ({ token: "W".repeat(513) })],
      ["body.scan_id", () => ({ token: ticket.token, scan_id: "1" })],
      ["body.scan_id", () => ({ token: ticket.token, scan_id: null })],
      ["body.gate", () => ({ token: ticket.token, gate: "a".repeat(61) })],
      ["body.gate", () => ({ token: ticket.token, gate: "Puerta\u0000" })],
      ["body.gate", () => ({ token: ticket.token, gate: "\ud800" })],
      ["body.gate", () => ({ token: ticket.token, gate: 1 })],
      ["body.serial", () => ({ token: ticket.token, serial: 2 })],
    ])("a question with a wrong %s (%#)", async (path, body) => {
      expectInvalid(await scan(body()), path);
    });

    test.each([
      ["GET", "/v1/qr"],
      ["GET", "/v1/qr/"],
      ["PUT", "/v1/qr/validate"],
      ["POST", "/v1/qr/validate/"],
      ["POST", `/v1/qr/${UNKNOWN_ID}`],
    ])("%s %s, which is no address", async (method, path) => {
      expectProblem(await asOrganizer(method, path), 404, "route_not_found");
    });
  });
});

/** The payload of one token with the signature of another. */
function swapParts(payload: string, signature: string): string {
  return [...payload.split(".").slice(0, 2), signature.split(".")[2]].join(".");
}
