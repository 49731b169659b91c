// The mail of an invitation: what somebody reads who has never heard of the product, and what a hostile name cannot do to it.

import { describe, expect, it } from "vitest";
import { renderInvitationMail } from "../../src/templates/invitation-mail.ts";

const input = {
  organizerName: "Salón Caribe",
  role: "gate",
  signInUrl: "https://caribe.example/auth?token=abc&x=1",
  days: 7,
  language: "es",
} as const;

describe("the mail of an invitation", () => {
  it("can be read as plain text, word for word", () => {
    expect(renderInvitationMail(input)).toMatchObject({
      subject: "Salón Caribe te invita a su equipo",
      text: `Salón Caribe te invita a su equipo

Salón Caribe te invita a su equipo en WaRo Tickets, para la portería. Con este enlace aceptas y entras sin contraseña. Sirve una sola vez y durante 7 días.

Aceptar la invitación: https://caribe.example/auth?token=abc&x=1

Si no conoces a quien te invita, ignora este correo. No compartas el enlace.

WaRo Tickets
`,
    });
    expect(renderInvitationMail({ ...input, language: "en" })).toMatchObject({
      subject: "Salón Caribe invites you to their team",
      text: `Salón Caribe invites you to their team

Salón Caribe invites you to their team at WaRo Tickets, for the gate. With this link you accept and sign in without a password. It works once, within 7 days.

Accept the invitation: https://caribe.example/auth?token=abc&x=1

If you do not know who invites you, ignore this mail. Do not share the link.

WaRo Tickets
`,
    });
  });

  it("says as what", () => {
    const texts = (["es", "en"] as const).flatMap((language) =>
      (["owner", "manager", "finance", "gate"] as const).map(
        (role) => renderInvitationMail({ ...input, role, language }).text,
      ),
    );
    expect(new Set(texts).size).toBe(8);
  });

  it("links nothing but the site, in its language", () => {
    for (const language of ["es", "en"] as const) {
      const { html } = renderInvitationMail({ ...input, language });
      expect(new Set([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href))).toEqual(
        new Set(["https://caribe.example/auth?token=abc&amp;x=1"]),
      );
      expect(html).toContain(`<html lang="${language}">`);
    }
  });

  it("takes a name for what it is: text of one line", () => {
    const hostile = renderInvitationMail({
      ...input,
      organizerName: 'A <img src=x onerror="x">\r\nBcc: b@example.com',
    });
    expect(hostile.html).not.toContain("<img");
    expect(hostile.subject).not.toMatch(/[\r\n]/);
    expect(renderInvitationMail({ ...input, organizerName: " " }).subject).toContain(
      "WaRo Tickets",
    );
  });
});
