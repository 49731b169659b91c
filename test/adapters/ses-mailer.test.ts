// The SES mailer against a real local inbox, which checks what is sent but no signatures, and against a server that
// records requests, on which the signature is computed again independently.

import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { startMailInbox } from "../../dev/mail-inbox.ts";
import { createSesMailer } from "../../src/adapters/ses-mailer.ts";
import type { Mail } from "../../src/ports/mailer.ts";
import { startTestServer, type Answer, type TestServer } from "../support/http-server.ts";
import { expectedAuthorization } from "../support/signature-v4.ts";

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const settings = {
  ...credentials,
  region: "us-east-1",
  from: "WaRo Tickets <boletas@warotickets.com>",
};
// Every value a byte can have, and the markup an SVG has.
const bytes = Uint8Array.from([...Array(256).keys(), ...new TextEncoder().encode("<svg>ñ</svg>")]);
const mail: Mail = {
  to: "maria@example.com",
  subject: "Tus boletas para Ñoño & Cía",
  html: "<p>¡Hola, <b>María</b>!</p>",
  text: "¡Hola, María!",
  attachments: [
    { fileName: "boleta-1.svg", contentType: "image/svg+xml", bytes },
    { fileName: "boleta-2.svg", contentType: "image/svg+xml", bytes: new Uint8Array() },
  ],
};
const accepted: Answer = { body: '{"MessageId":"message-1"}' };

const text = (data: string) => ({ Data: data, Charset: "UTF-8" });

const attachment = (name: string, content: Uint8Array) => ({
  FileName: name,
  ContentType: "image/svg+xml",
  ContentDisposition: "ATTACHMENT",
  ContentTransferEncoding: "BASE64",
  RawContent: Buffer.from(content).toString("base64"),
});

const rejection = (status: number, errorType?: string): Answer => ({
  status,
  headers: errorType === undefined ? {} : { "x-amzn-ErrorType": errorType },
  body: '{"message":"Email address is not verified: maria@example.com"}',
});

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function mailerAnswered(answer: Answer | null, timeoutMilliseconds = 5000) {
  server = await startTestServer(() => answer);
  const mailer = createSesMailer({ ...settings, endpoint: server.url, timeoutMilliseconds });
  return { mailer, requests: server.requests };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, "127.0.0.1"), "listening");
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

it(
  "a mail arrives in the inbox whole, with its attachments byte for byte",
  { timeout: 60_000 },
  async () => {
    const port = await freePort();
    const inbox = await startMailInbox({ port });
    try {
      const { messageId } = await createSesMailer({
        ...settings,
        endpoint: `http://127.0.0.1:${port}`,
      }).send(mail);
      const store = z
        .object({
          emails: z.array(
            z.looseObject({ attachments: z.array(z.looseObject({ content: z.string() })) }),
          ),
        })
        .parse(await (await fetch(`http://127.0.0.1:${port}/store`)).json());
      expect(store.emails).toHaveLength(1);
      expect(store.emails[0]).toMatchObject({
        messageId,
        from: settings.from,
        destination: { to: ["maria@example.com"], cc: [], bcc: [] },
        subject: mail.subject,
        body: { html: mail.html, text: mail.text },
        attachments: [
          {
            filename: "boleta-1.svg",
            contentType: "image/svg+xml",
            contentDisposition: "ATTACHMENT",
          },
          { filename: "boleta-2.svg", contentType: "image/svg+xml", size: 0 },
        ],
      });
      const content = store.emails[0]?.attachments[0]?.content ?? "";
      expect(new Uint8Array(Buffer.from(content, "base64"))).toEqual(bytes);
    } finally {
      await inbox.stop();
    }
  },
);

describe("the request", () => {
  it("is one SendEmail in the shape Amazon documents", async () => {
    const { mailer, requests } = await mailerAnswered(accepted);
    expect(await mailer.send(mail)).toEqual({ messageId: "message-1" });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", path: "/v2/email/outbound-emails" });
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      FromEmailAddress: settings.from,
      Destination: { ToAddresses: ["maria@example.com"] },
      Content: {
        Simple: {
          Subject: text(mail.subject),
          Body: { Html: text(mail.html), Text: text(mail.text) },
          Attachments: [
            attachment("boleta-1.svg", bytes),
            attachment("boleta-2.svg", new Uint8Array()),
          ],
        },
      },
    });
  });

  it.each(["us-east-1", "sa-east-1"])(
    "carries the signature of Signature Version 4 for ses in %s",
    async (region) => {
      server = await startTestServer(() => accepted);
      await createSesMailer({ ...settings, region, endpoint: server.url }).send(mail);
      const [request] = server.requests;
      if (request === undefined) throw new Error("no request");
      expect(request.headers.authorization).toMatch(/SignedHeaders=host;x-amz-date,/);
      expect(request.headers.authorization).toContain(`/${region}/ses/aws4_request`);
      const expected = (changes: object = {}) =>
        expectedAuthorization(request, { ...credentials, region, service: "ses", ...changes });
      expect(request.headers.authorization).toBe(expected());
      expect(request.headers.authorization).not.toBe(expected({ secretAccessKey: "another" }));
      expect(request.headers.authorization).not.toBe(expected({ service: "email" }));
      expect(
        expectedAuthorization(
          { ...request, body: `${request.body} ` },
          { ...credentials, region, service: "ses" },
        ),
      ).not.toBe(expected());
    },
  );

  it("goes to Amazon's own address of the region when no endpoint is given", async () => {
    const asked: string[] = [];
    const mailer = createSesMailer(
      { ...settings, region: "sa-east-1", endpoint: undefined },
      async (input) => {
        asked.push(input instanceof Request ? input.url : String(input));
        return new Response(accepted.body);
      },
    );
    await mailer.send(mail);
    expect(asked).toEqual(["https://email.sa-east-1.amazonaws.com/v2/email/outbound-emails"]);
  });
});

describe("a mail that was not taken", () => {
  it.each([
    [
      "MessageRejected",
      rejection(400, "MessageRejected"),
      "SES refused the mail: MessageRejected (HTTP 400)",
    ],
    [
      "an error type with its address",
      rejection(429, "TooManyRequestsException:http://internal.amazon.com/maria@example.com"),
      "SES refused the mail: TooManyRequestsException (HTTP 429)",
    ],
    ["no error type", rejection(500), "SES refused the mail: HTTP 500"],
    [
      "a redirect",
      { status: 302, headers: { Location: "/elsewhere" } },
      "SES refused the mail: HTTP 302",
    ],
    ["garbage that looks like success", { body: "<html>" }, "SES answered without a message id"],
    ["success without an id", { body: "{}" }, "SES answered without a message id"],
  ])(
    "because of %s is one error without addresses, after exactly one request",
    async (_, answer, message) => {
      const { mailer, requests } = await mailerAnswered(answer);
      const error: unknown = await mailer.send(mail).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ message });
      expect(requests).toHaveLength(1);
    },
  );

  it("in time is an error, and is not sent again", async () => {
    const { mailer, requests } = await mailerAnswered(null, 30);
    await expect(mailer.send(mail)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(requests.length).toBeLessThanOrEqual(1);
  });
});
