// What each refusal means over HTTP that is about who asks: sessions, teams, API tokens and how often. Data only.

import type { RefusalCode } from "../shared/refusals.ts";
import type { Problem } from "./problem-text.ts";

export const peopleProblems = {
  session_required: {
    status: 401,
    es: "Inicie sesión: falta Authorization: Bearer o la cookie de la sesión.",
    en: "Sign in: Authorization: Bearer or the session's cookie is missing.",
  },
  session_invalid: {
    status: 401,
    es: "La sesión o el token de API no es válido o terminó.",
    en: "The session or API token is invalid or over.",
  },
  role_not_allowed: {
    status: 403,
    es: "Su rol no permite esta acción.",
    en: "Your role does not allow this.",
  },
  scope_not_allowed: {
    status: 403,
    es: "Este token de API no tiene el permiso `permission`.",
    en: "This API token does not have the permission `permission`.",
  },
  origin_not_allowed: {
    status: 403,
    es: "Esta página no puede usar la cookie de la sesión: su Origin no es de un sitio del organizador.",
    en: "This page may not use the session's cookie: its Origin is no site of the organizer.",
  },
  magic_link_invalid: {
    status: 401,
    es: "El enlace no sirve: ya se usó, venció o es de otro sitio. Pida uno nuevo.",
    en: "The link does not work: it was used, is over or belongs to another site. Ask for a new one.",
  },
  session_not_found: { status: 404, es: "La sesión no existe.", en: "The session does not exist." },
  rate_limited: {
    status: 429,
    es: "Demasiadas solicitudes; espere `retry_after_seconds` segundos.",
    en: "Too many requests; wait `retry_after_seconds` seconds.",
  },
  member_not_found: {
    status: 404,
    es: "Esa persona no es de su equipo.",
    en: "That person is not in your team.",
  },
  invitation_not_found: {
    status: 404,
    es: "La invitación no existe o ya fue respondida.",
    en: "The invitation does not exist or was answered.",
  },
  already_member: {
    status: 409,
    es: "Esa persona ya es de su equipo; cambie su rol.",
    en: "That person is in your team already; change their role.",
  },
  last_owner: {
    status: 409,
    es: "Es la única persona propietaria del equipo; nombre antes a otra.",
    en: "This is the team's only owner; make somebody else an owner first.",
  },
  invitations_too_many: {
    status: 409,
    es: "Ya hizo `max` invitaciones en un día; siga mañana.",
    en: "You have made `max` invitations within a day; go on tomorrow.",
  },
  organizer_without_site: {
    status: 409,
    es: "Su organización no tiene un sitio activo donde se pueda iniciar sesión.",
    en: "Your organization has no active site to sign in on.",
  },
  api_token_not_found: {
    status: 404,
    es: "El token de API no existe o ya fue revocado.",
    en: "The API token does not exist or was revoked.",
  },
  api_tokens_too_many: {
    status: 409,
    es: "Ya hay `max` tokens de API; revoque los que no use.",
    en: "There are `max` API tokens already; revoke those not in use.",
  },
} satisfies Partial<Record<RefusalCode, Problem>>;
