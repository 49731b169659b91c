// The ticket mail: what a buyer reads, in both forms, and what a hostile name cannot do to it.

import { describe, expect, it } from "vitest";
import { escapeHtml } from "../../src/templates/escape-html.ts";
import { renderTicketMail, type TicketMailInput } from "../../src/templates/ticket-mail.ts";

const ticket = (seat: number) => ({
  label: `Mesa 4, silla ${seat}`,
  areaName: "VIP Occidental",
  qrUrl: `https://api.warotickets.com/v1/qr/${seat}?t=W1.a&x=1`,
});
const input: TicketMailInput = {
  buyerName: "María José",
  eventName: "Noche de Salsa",
  startsAt: new Date("2026-12-13T01:00:00Z"),
  timeZone: "America/Bogota",
  tickets: [ticket(1), ticket(2)],
};

describe("the ticket mail", () => {
  it("says in its subject what it brings", () => {
    expect(renderTicketMail(input).subject).toBe("Tus boletas para Noche de Salsa");
    expect(renderTicketMail({ ...input, tickets: [ticket(1)] }).subject).toBe(
      "Tu boleta para Noche de Salsa",
    );
  });

  it("tells the time of the event's own place", () => {
    const bogota =
      "Sábado, 12 de diciembre de 2026 · 8:00\u00a0p.\u00a0m. (hora estándar de Colombia)";
    const { html, text } = renderTicketMail(input);
    expect(text).toContain(bogota);
    expect(html).toContain(bogota);
    const madrid = renderTicketMail({ ...input, timeZone: "Europe/Madrid" }).text;
    expect(madrid).toContain("Domingo, 13 de diciembre de 2026 · 2:00\u00a0a.\u00a0m.");
  });

  it("can be read as plain text, word for word", () => {
    const { text } = renderTicketMail({
      ...input,
      reservationUrl: "https://warotickets.com/r/1?a=1&b=2",
    });
    expect(text.replaceAll("\u00a0", " ")).toBe(`Tus 2 boletas están listas

Hola, María José. Tu compra quedó confirmada. ¡Nos vemos en el evento!

Noche de Salsa
Sábado, 12 de diciembre de 2026 · 8:00 p. m. (hora estándar de Colombia)

Mesa 4, silla 1 · VIP Occidental
Ver QR: https://api.warotickets.com/v1/qr/1?t=W1.a&x=1

Mesa 4, silla 2 · VIP Occidental
Ver QR: https://api.warotickets.com/v1/qr/2?t=W1.a&x=1

Los códigos QR también van adjuntos como imágenes SVG: guárdalos para mostrarlos sin conexión.

Ver la reserva: https://warotickets.com/r/1?a=1&b=2

Cada boleta admite un solo ingreso: vale el primer escaneo del código. No lo publiques ni lo compartas con quien no vaya a usarlo.

WaRo Tickets
`);
  });

  it("links every ticket to its QR, says the SVGs are attached and that a ticket admits once", () => {
    const { html } = renderTicketMail(input);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      "https://api.warotickets.com/v1/qr/1?t=W1.a&amp;x=1",
      "https://api.warotickets.com/v1/qr/2?t=W1.a&amp;x=1",
    ]);
    expect(html).toContain("adjuntos como imágenes SVG");
    expect(html).toContain("admite un solo ingreso");
  });

  it("speaks of one ticket in the singular", () => {
    const { text } = renderTicketMail({ ...input, tickets: [ticket(1)] });
    expect(text).toMatch(/^Tu boleta está lista\n/);
    expect(text).toContain("El código QR también va adjunto");
  });

  it("explains replaced units only when there are any", () => {
    const explanation = "Te asignamos un reemplazo equivalente";
    const replaced = renderTicketMail({ ...input, unitsReplaced: true });
    expect(replaced.html).toContain(explanation);
    expect(replaced.text).toContain(explanation);
    const usual = renderTicketMail({ ...input, unitsReplaced: false });
    expect(usual.html + usual.text).not.toContain(explanation);
  });

  it("shows the reservation's link only when there is one", () => {
    expect(renderTicketMail({ ...input, reservationUrl: "https://w.co/r?a=1&b=2" }).html).toContain(
      'href="https://w.co/r?a=1&amp;b=2"',
    );
    expect(renderTicketMail(input).html).not.toContain("Ver la reserva");
  });

  it("loads nothing from outside: no image, no script, no style sheet", () => {
    expect(renderTicketMail(input).html).not.toMatch(/<img|<script|<link|src=|url\(|@import/);
  });

  it("declares its language and its characters", () => {
    expect(renderTicketMail(input).html).toMatch(
      /^<!doctype html>\n<html lang="es">\n<head>\n<meta charset="utf-8">/,
    );
  });
});

describe("a hostile text", () => {
  const attack = `"><script>alert('x')</script>&amp;`;

  it("is shown, never obeyed, wherever it stands", () => {
    const { html } = renderTicketMail({
      ...input,
      buyerName: `1${attack}`,
      eventName: `2${attack}`,
      tickets: [{ label: `3${attack}`, areaName: `4${attack}`, qrUrl: `https://a.co/5${attack}` }],
      reservationUrl: `https://a.co/6${attack}`,
    });
    expect(html).not.toContain("<script");
    for (const digit of "123456") expect(html).toContain(`${digit}${escapeHtml(attack)}`);
  });

  it("cannot add a line to the subject or to the plain text", () => {
    const { subject, text } = renderTicketMail({
      ...input,
      eventName: "Salsa\r\nBcc: todos@example.com\u0000\u2028fin",
    });
    expect(subject).toBe("Tus boletas para Salsa Bcc: todos@example.com fin");
    expect(text).toContain("\nSalsa Bcc: todos@example.com fin\n");
  });

  it("is escaped in every character that means something in HTML", () => {
    expect(escapeHtml(`&<>"'a&amp;`)).toBe("&amp;&lt;&gt;&quot;&#39;a&amp;amp;");
  });
});

it("a mail without tickets, or in an unknown time zone, is a bug", () => {
  expect(() => renderTicketMail({ ...input, tickets: [] })).toThrow(/at least one ticket/);
  expect(() => renderTicketMail({ ...input, timeZone: "America/Macondo" })).toThrow(RangeError);
});
