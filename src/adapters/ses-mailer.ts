// Amazon SES as a Mailer, through its v2 API. It sends one request per mail, never again: SendEmail has no idempotency
// token, so whoever retries must be willing to send twice.
// Source: docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html; signing name `ses`.

import { AwsClient } from "aws4fetch";
import * as z from "zod";
import type { Mailer } from "../ports/mailer.ts";
import { toBase64 } from "../shared/base64url.ts";

export interface SesSettings {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** Origin of a local inbox; Amazon's own address when left out. */
  endpoint?: string | undefined;
  /** A verified sender, such as boletas@warotickets.com or "WaRo Tickets <boletas@warotickets.com>". */
  from: string;
  /** How long one send may take, 10 s by default. */
  timeoutMilliseconds?: number;
}

const acceptedSchema = z.object({ MessageId: z.string() });

/** Errors name SES's error and nothing of the mail, so they may be logged. `fetcher` is replaced by fault tests only. */
export function createSesMailer(settings: SesSettings, fetcher: typeof fetch = fetch): Mailer {
  const { accessKeyId, secretAccessKey, region } = settings;
  // The service is named because a local endpoint gives nothing to guess it from; aws4fetch's own retries, ten by
  // default, would send the mail as often.
  const signer = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: "ses",
    retries: 0,
  });
  const origin = settings.endpoint ?? `https://email.${region}.amazonaws.com`;
  const url = new URL("/v2/email/outbound-emails", origin).href;

  return {
    async send(mail) {
      const request = await signer.sign(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          FromEmailAddress: settings.from,
          Destination: { ToAddresses: [mail.to] },
          Content: {
            Simple: {
              Subject: utf8(mail.subject),
              Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
              Attachments: mail.attachments.map((attachment) => ({
                FileName: attachment.fileName,
                ContentType: attachment.contentType,
                ContentDisposition: "ATTACHMENT",
                ContentTransferEncoding: "BASE64",
                RawContent: toBase64(attachment.bytes),
              })),
            },
          },
        }),
      });
      const signal = AbortSignal.timeout(settings.timeoutMilliseconds ?? 10_000);
      const response = await fetcher(request, { redirect: "manual", signal });
      const body = await response.text();
      if (!response.ok) throw new Error(`SES refused the mail: ${errorName(response)}`);
      return { messageId: readMessageId(body) };
    },
  };
}

function utf8(text: string) {
  return { Data: text, Charset: "UTF-8" };
}

/** Amazon puts the name in a header, at times followed by a colon and an address. The body may quote recipients: not read. */
function errorName(response: Response): string {
  const name = /^\w+/.exec(response.headers.get("x-amzn-ErrorType") ?? "")?.[0];
  return name === undefined ? `HTTP ${response.status}` : `${name} (HTTP ${response.status})`;
}

/** Throws when it is missing: then the endpoint is something other than SES, and no mail was taken. */
function readMessageId(body: string): string {
  try {
    return acceptedSchema.parse(JSON.parse(body)).MessageId;
  } catch {
    throw new Error("SES answered without a message id");
  }
}
