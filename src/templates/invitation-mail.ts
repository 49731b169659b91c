// The mail that invites somebody to an organizer's team: subject, HTML and plain text, in Spanish or English. It may not read
// settings or build addresses.

import { magicLinkMailHtml } from "./magic-link-mail-html.ts";
import type { MagicLinkMailTexts } from "./magic-link-mail.ts";
import { oneLine } from "./one-line.ts";

type TeamRole = "owner" | "manager" | "finance" | "gate";

export interface InvitationMailInput {
  organizerName: string;
  role: TeamRole;
  signInUrl: string;
  /** How long the invitation stands. */
  days: number;
  language: "es" | "en";
}

const spanishRoles: Record<TeamRole, string> = {
  owner: "con todos los permisos",
  manager: "para administrar sus eventos",
  finance: "para ver sus ventas",
  gate: "para la portería",
};
const englishRoles: Record<TeamRole, string> = {
  owner: "with every permission",
  manager: "to manage their events",
  finance: "to look after their sales",
  gate: "for the gate",
};

export function renderInvitationMail({
  organizerName,
  role,
  signInUrl,
  days,
  language,
}: InvitationMailInput): { subject: string; html: string; text: string } {
  const name = oneLine(organizerName) || "WaRo Tickets";
  const texts =
    language === "en"
      ? english(name, englishRoles[role], days)
      : spanish(name, spanishRoles[role], days);
  const { heading, invitation, action, unasked } = texts;
  const paragraphs = [heading, invitation, `${action}: ${signInUrl}`, unasked, "WaRo Tickets"];
  return {
    subject: heading,
    html: magicLinkMailHtml({ signInUrl, language }, texts),
    text: `${paragraphs.join("\n\n")}\n`,
  };
}

function spanish(name: string, role: string, days: number): MagicLinkMailTexts {
  return {
    heading: `${name} te invita a su equipo`,
    invitation: `${name} te invita a su equipo en WaRo Tickets, ${role}. Con este enlace aceptas y entras sin contraseña. Sirve una sola vez y durante ${days} días.`,
    action: "Aceptar la invitación",
    byHand: "¿No funciona el botón? Copia esta dirección en tu navegador:",
    unasked: "Si no conoces a quien te invita, ignora este correo. No compartas el enlace.",
  };
}

function english(name: string, role: string, days: number): MagicLinkMailTexts {
  return {
    heading: `${name} invites you to their team`,
    invitation: `${name} invites you to their team at WaRo Tickets, ${role}. With this link you accept and sign in without a password. It works once, within ${days} days.`,
    action: "Accept the invitation",
    byHand: "The button does not work? Copy this address into your browser:",
    unasked: "If you do not know who invites you, ignore this mail. Do not share the link.",
  };
}
