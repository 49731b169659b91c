// The sign-in mail: what a member reads, in both languages and both forms, and what a hostile name cannot do to it.

import { describe, expect, it } from "vitest";
import { escapeHtml } from "../../src/templates/escape-html.ts";
import { renderMagicLinkMail } from "../../src/templates/magic-link-mail.ts";

const input = {
  organizerName: "Salón Caribe",
  signInUrl: "https://caribe.example/auth?token=abc&x=1",
  minutes: 15,
  language: "es",
} as const;

describe("the sign-in mail", () => {
  it("says in its subject what it brings, and to whom", () => {
    expect(renderMagicLinkMail(input).subject).toBe("Tu enlace para entrar a Salón Caribe");
    expect(renderMagicLinkMail({ ...input, language: "en" }).subject).toBe(
      "Your link to sign in to Salón Caribe",
    );
    expect(renderMagicLinkMail({ ...input, organizerName: " " }).subject).toContain("WaRo Tickets");
  });

  it("can be read as plain text, word for word", () => {
    expect(renderMagicLinkMail(input).text).toBe(`Tu enlace para entrar a Salón Caribe

Con este enlace entras sin contraseña. Sirve una sola vez y durante 15 minutos.

Entrar: https://caribe.example/auth?token=abc&x=1

Si no lo pediste, ignora este correo: nadie puede entrar sin el enlace. No lo compartas.

WaRo Tickets
`);
    expect(renderMagicLinkMail({ ...input, language: "en" }).text)
      .toBe(`Your link to sign in to Salón Caribe

This link signs you in without a password. It works once, within 15 minutes.

Sign in: https://caribe.example/auth?token=abc&x=1

If you did not ask for it, ignore this mail: nobody can sign in without the link. Do not share it.

WaRo Tickets
`);
  });

  it("links nothing but the sign-in, as a button and to be copied", () => {
    for (const language of ["es", "en"] as const) {
      const { html } = renderMagicLinkMail({ ...input, language });
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
        "https://caribe.example/auth?token=abc&amp;x=1",
        "https://caribe.example/auth?token=abc&amp;x=1",
      ]);
      expect(html).toContain(">https://caribe.example/auth?token=abc&amp;x=1</a>");
      expect(html).toContain(`<html lang="${language}">`);
    }
  });

  it("loads nothing from outside: no image, no script, no style sheet", () => {
    expect(renderMagicLinkMail(input).html).not.toMatch(/<img|<script|<link|src=|url\(|@import/);
  });

  it("shows a hostile name, obeys it never, and keeps it on one line", () => {
    const attack = `"><script>alert('x')</script>&amp;`;
    const organizerName = `Salsa\r\nBcc: todos@example.com\u0000${attack}`;
    const { subject, html, text } = renderMagicLinkMail({ ...input, organizerName });
    expect(html).not.toContain("<script");
    expect(html).toContain(escapeHtml(attack));
    const line = `Tu enlace para entrar a Salsa Bcc: todos@example.com ${attack}`;
    expect(subject).toBe(line);
    expect(text.split("\n")[0]).toBe(line);
  });
});
