// The mail of a sign-in link, with the real queue handler, Postgres and mail inbox: what the message may say, and what
// becomes of the link while the mail service, the queue or Postgres is away.

import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { composeDependencies } from "../../src/composition.ts";
import { consumeEffects } from "../../src/effects/consume.ts";
import { requestMagicLink } from "../../src/services/auth/request-magic-link.ts";
import { sha256Hex } from "../../src/shared/digest.ts";
import { PROFILE_ID, database } from "../durable-objects/live-area.ts";

/** The owner that every database is seeded with. */
const EMAIL = "caribe@example.com";
const SITE = { profileId: PROFILE_ID, site: "caribe.example" };
const dependencies = composeDependencies(env);
const system = database.asSystem();

let errorLines: unknown[][] = [];
beforeEach(async () => {
  // Nobody else signs in as the seeded owner; these tests do, more often than an hour allows.
  await system.query("UPDATE magic_links SET used_at = now() WHERE email = $1", [EMAIL]);
  errorLines = [];
  vi.spyOn(console, "error").mockImplementation((...line) => void errorLines.push(line));
});
afterEach(() => vi.restoreAllMocks());

const linkRow = z.object({ id: z.string(), token_hash: z.string() });

/** Asks for a link; what was put on the queue, which keeps it here. */
async function requestLink(email = EMAIL): Promise<unknown[]> {
  const sent: unknown[] = [];
  const effects = { send: async (batch: readonly unknown[]) => void sent.push(...batch) };
  const work: Promise<void>[] = [];
  await requestMagicLink({ ...dependencies, effects }, SITE, {
    email,
    language: "es",
    afterwards: (each) => void work.push(each),
  });
  await Promise.all(work);
  return sent;
}

async function newestLink(): Promise<z.infer<typeof linkRow>> {
  const [row] = await system.query(
    "SELECT id, token_hash FROM magic_links WHERE email = $1 ORDER BY created_at DESC LIMIT 1",
    [EMAIL],
  );
  return linkRow.parse(row);
}

async function deliver(body: unknown, changes: Partial<typeof dependencies> = {}) {
  const message = { id: "m", attempts: 1, timestamp: Date.now(), body };
  const batch = createMessageBatch("waro-tickets-effects", [message]);
  await consumeEffects({ ...dependencies, ...changes }, batch);
  return getQueueResult(batch, createExecutionContext());
}

const inboxShape = z.object({
  emails: z.array(
    z.object({
      destination: z.object({ to: z.array(z.string()) }),
      body: z.object({ text: z.string() }),
    }),
  ),
});

async function mailsWith(text: string) {
  const response = await fetch(`${env.SES_ENDPOINT}/store`);
  const { emails } = inboxShape.parse(await response.json());
  return emails.filter(({ body }) => body.text.includes(text));
}

test("the message names the link by its id, and the link keeps a digest of its token", async () => {
  const sent = await requestLink();
  const { id, token_hash: hash } = await newestLink();
  expect(sent).toEqual([{ kind: "mail-magic-link", profileId: PROFILE_ID, linkId: id }]);
  expect(hash).toBe(await sha256Hex(await dependencies.magicLinkTokens.of(id)));
});

test("a link that the mail service did not take is mailed later, once", async () => {
  const [message] = await requestLink();
  const { id } = await newestLink();
  const token = await dependencies.magicLinkTokens.of(id);
  const mailer = { send: () => Promise.reject(new TypeError("Network connection lost.")) };
  const failed = await deliver(message, { mailer });
  expect(failed).toMatchObject({ explicitAcks: [], retryMessages: [{ msgId: "m" }] });
  expect(JSON.stringify(errorLines)).not.toContain(EMAIL);
  expect(JSON.stringify(errorLines)).not.toContain(token);

  for (let delivery = 0; delivery < 3; delivery += 1)
    expect(await deliver(message)).toMatchObject({ explicitAcks: ["m"] });
  const mails = await mailsWith(`https://caribe.example/auth?token=${token}`);
  expect(mails).toMatchObject([{ destination: { to: [EMAIL] } }]);
});

test.each([
  ["used", "used_at = now()"],
  ["over", "expires_at = now()"],
])("a link that is %s is not mailed any more", async (_, change) => {
  const [message] = await requestLink();
  const { id } = await newestLink();
  await system.query(`UPDATE magic_links SET ${change} WHERE id = $1`, [id]);
  const send = vi.spyOn(dependencies.mailer, "send");
  expect(await deliver(message)).toMatchObject({ explicitAcks: ["m"] });
  expect(send).not.toHaveBeenCalled();
});

describe("whoever asks hears nothing", () => {
  test("of a queue that is away; the log has ids only", async () => {
    const effects = { send: () => Promise.reject(new Error("the queue is away")) };
    const work: Promise<void>[] = [];
    await requestMagicLink({ ...dependencies, effects }, SITE, {
      email: EMAIL,
      language: "es",
      afterwards: (each) => void work.push(each),
    });
    expect(await Promise.all(work)).toEqual([undefined]);
    const { id: linkId } = await newestLink();
    const details = { linkId, profileId: PROFILE_ID, reason: "Error" };
    expect(errorLines).toEqual([["magic link not sent", details]]);
  });

  test("of an address that nobody has, and nothing is kept of it", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    expect(await requestLink(email)).toEqual([]);
    expect(await system.query("SELECT id FROM magic_links WHERE email = $1", [email])).toEqual([]);
  });
});
