// Outgoing mail as effects see it.

export interface Attachment {
  fileName: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface Mail {
  to: string;
  subject: string;
  html: string;
  text: string;
  attachments: readonly Attachment[];
}

export interface Mailer {
  /** Hands the mail to the provider; its id there. Throws when the provider did not take it. Never retries by itself. */
  send(mail: Mail): Promise<{ messageId: string }>;
}
