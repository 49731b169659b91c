// The mail that lets a member sign in: subject, HTML and plain text, in Spanish or English. It may not read settings or build
// addresses.

import { magicLinkMailHtml } from "./magic-link-mail-html.ts";
import { oneLine } from "./one-line.ts";

export interface MagicLinkMailInput {
  organizerName: string;
  signInUrl: string;
  /** How long the link works. */
  minutes: number;
  language: "es" | "en";
}

/** What the mail says, written once for its two forms. Plain text: the HTML form escapes it. */
export interface MagicLinkMailTexts {
  heading: string;
  invitation: string;
  action: string;
  byHand: string;
  unasked: string;
}

export function renderMagicLinkMail({
  organizerName,
  signInUrl,
  minutes,
  language,
}: MagicLinkMailInput): { subject: string; html: string; text: string } {
  const name = oneLine(organizerName) || "WaRo Tickets";
  const texts = language === "en" ? english(name, minutes) : spanish(name, minutes);
  const { heading, invitation, action, unasked } = texts;
  const paragraphs = [heading, invitation, `${action}: ${signInUrl}`, unasked, "WaRo Tickets"];
  return {
    subject: heading,
    html: magicLinkMailHtml({ signInUrl, language }, texts),
    text: `${paragraphs.join("\n\n")}\n`,
  };
}

function spanish(name: string, minutes: number): MagicLinkMailTexts {
  return {
    heading: `Tu enlace para entrar a ${name}`,
    invitation: `Con este enlace entras sin contraseña. Sirve una sola vez y durante ${minutes} minutos.`,
    action: "Entrar",
    byHand: "¿No funciona el botón? Copia esta dirección en tu navegador:",
    unasked:
      "Si no lo pediste, ignora este correo: nadie puede entrar sin el enlace. No lo compartas.",
  };
}

function english(name: string, minutes: number): MagicLinkMailTexts {
  return {
    heading: `Your link to sign in to ${name}`,
    invitation: `This link signs you in without a password. It works once, within ${minutes} minutes.`,
    action: "Sign in",
    byHand: "The button does not work? Copy this address into your browser:",
    unasked:
      "If you did not ask for it, ignore this mail: nobody can sign in without the link. Do not share it.",
  };
}
