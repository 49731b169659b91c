// What each refusal code means over HTTP: its status and its text in both languages. A code of `shared/refusals.ts` that is
// missing here does not compile. Data only.

import type { RefusalCode } from "../shared/refusals.ts";
import { imageProblems } from "./image-problems.ts";
import { inventoryProblems } from "./inventory-problems.ts";
import { peopleProblems } from "./people-problems.ts";
import type { Problem } from "./problem-text.ts";

export const problems: Record<RefusalCode, Problem> = {
  ...inventoryProblems,
  ...imageProblems,
  ...peopleProblems,
  malformed_json: {
    status: 400,
    es: "El cuerpo no es JSON válido.",
    en: "The body is not valid JSON.",
  },
  validation_failed: {
    status: 422,
    es: "Hay campos que corregir; `errors` dice cuáles.",
    en: "Some fields need correcting; `errors` says which.",
  },
  body_too_large: {
    status: 413,
    es: "El cuerpo es demasiado grande.",
    en: "The body is too large.",
  },
  unsupported_media_type: {
    status: 415,
    es: "Envíe el cuerpo como application/json, o como lo diga la ruta.",
    en: "Send the body as application/json, or as the route says.",
  },
  route_not_found: { status: 404, es: "Esa dirección no existe.", en: "There is no such address." },
  upgrade_required: {
    status: 426,
    es: "Esta dirección se abre como WebSocket.",
    en: "This address is opened as a WebSocket.",
  },
  internal_error: {
    status: 500,
    es: "Algo falló de nuestro lado. Cite `request_id` al reportarlo.",
    en: "Something failed on our side. Quote `request_id` when you report it.",
  },
  service_overloaded: {
    status: 503,
    es: "Hay demasiada demanda; intente en unos segundos.",
    en: "Demand is too high; try again in a few seconds.",
  },
  database_unavailable: {
    status: 503,
    es: "La base de datos no responde; intente en unos segundos.",
    en: "The database does not answer; try again in a few seconds.",
  },
  gateway_unavailable: {
    status: 503,
    es: "La pasarela de pagos no responde; intente en unos segundos.",
    en: "The payment gateway does not answer; try again in a few seconds.",
  },
  reservation_token_required: {
    status: 401,
    es: "Falta el encabezado Reservation-Token.",
    en: "The header Reservation-Token is missing.",
  },
  reservation_token_forged: {
    status: 401,
    es: "El token de la reserva no es válido.",
    en: "The reservation token is not valid.",
  },
  reservation_token_expired: {
    status: 401,
    es: "El token de la reserva venció.",
    en: "The reservation token has expired.",
  },
  idempotency_key_invalid: {
    status: 400,
    es: "Idempotency-Key debe tener de 16 a 255 caracteres visibles; use un UUID al azar.",
    en: "Idempotency-Key must be 16 to 255 visible characters; use a random UUID.",
  },
  site_unknown: {
    status: 404,
    es: "Este sitio no pertenece a ningún organizador.",
    en: "This site belongs to no organizer.",
  },
  event_not_found: { status: 404, es: "El evento no existe.", en: "The event does not exist." },
  area_not_found: { status: 404, es: "La localidad no existe.", en: "The area does not exist." },
  reservation_not_found: {
    status: 404,
    es: "La reserva no existe.",
    en: "The reservation does not exist.",
  },
  payment_not_found: { status: 404, es: "El pago no existe.", en: "The payment does not exist." },
  ticket_not_found: { status: 404, es: "La boleta no existe.", en: "The ticket does not exist." },
  ticket_not_ready: {
    status: 409,
    es: "La boleta se está preparando; intente en unos segundos.",
    en: "The ticket is being prepared; try again in a few seconds.",
  },
  ticket_forged: {
    status: 422,
    es: "Este código no es una boleta.",
    en: "This code is not a ticket.",
  },
  slug_taken: {
    status: 409,
    es: "Otro evento suyo ya usa ese slug.",
    en: "Another event of yours has that slug.",
  },
  area_name_taken: {
    status: 409,
    es: "El evento ya tiene una localidad con ese nombre.",
    en: "The event already has an area with that name.",
  },
  unit_labels_taken: {
    status: 409,
    es: "Algunas de esas sillas ya existen en la localidad; no se creó ninguna.",
    en: "Some of those units exist in the area already; none was created.",
  },
  csv_invalid: {
    status: 422,
    es: "El archivo tiene líneas con errores (`lines`); no se creó ninguna unidad.",
    en: "The file has lines with errors (`lines`); no unit was created.",
  },
  units_too_many: {
    status: 422,
    es: "Son demasiadas unidades para una sola llamada.",
    en: "These are too many units for one call.",
  },
  sale_stage_not_found: {
    status: 404,
    es: "La etapa de venta no existe.",
    en: "The sale stage does not exist.",
  },
  sale_stages_too_many: {
    status: 409,
    es: "El evento ya tiene `max` etapas de venta; borre las que no use.",
    en: "The event has `max` sale stages already; delete those not in use.",
  },
  promotion_not_found: {
    status: 404,
    es: "La promoción no existe.",
    en: "The promotion does not exist.",
  },
  promotions_too_many: {
    status: 409,
    es: "Ya hay `max` promociones sin terminar; borre las que no use.",
    en: "There are `max` promotions that are not over; delete those not in use.",
  },
  promotion_code_taken: {
    status: 409,
    es: "Otra promoción suya ya usa ese código, o uno de los dos empieza por el prefijo del otro.",
    en: "Another promotion of yours has that code, or one of the two begins with the other's prefix.",
  },
  promotion_without_codes: {
    status: 409,
    es: "La promoción no tiene `code_prefix`, así que no lleva códigos de un solo uso.",
    en: "The promotion has no `code_prefix`, so it has no one-use codes.",
  },
  promotion_codes_limited: {
    status: 429,
    es: "Demasiados códigos equivocados; espere `retry_after_seconds` segundos, o compre sin código.",
    en: "Too many wrong codes; wait `retry_after_seconds` seconds, or buy without a code.",
  },
  inventory_behind: {
    status: 503,
    es: "El cambio quedó guardado, pero la venta aún no lo tiene; no lo repita: publique el evento de nuevo.",
    en: "The change is saved, but the sale does not have it yet; do not repeat it: publish the event again.",
  },
  areas_untold: {
    status: 503,
    es: "El evento ya tiene su nuevo estado, pero no todas sus áreas lo han recibido; lo reciben en uno o dos minutos, o al repetir la solicitud.",
    en: "The event has its new status, but not all of its areas have heard of it; they will within a minute or two, or when the request is repeated.",
  },
  event_ended: { status: 409, es: "El evento ya terminó.", en: "The event is over." },
  event_without_units: {
    status: 409,
    es: "Cree al menos una localidad con unidades antes de publicar.",
    en: "Create at least one area with units before publishing.",
  },
  event_not_started: {
    status: 409,
    es: "El evento aún no ha empezado; si no se va a hacer, cancélelo.",
    en: "The event has not started yet; if it will not take place, cancel it.",
  },
  event_on_sale: {
    status: 409,
    es: "El evento está a la venta; retírelo de la venta primero.",
    en: "The event is on sale; unpublish it first.",
  },
  event_status_not_allowed: {
    status: 409,
    es: "El evento está en `event_status`; desde ahí solo puede pasar a `allowed`.",
    en: "The event is `event_status`; from there it can only become one of `allowed`.",
  },
  event_has_sales: {
    status: 409,
    es: "El evento tiene `sold` boletas vendidas, `held` unidades reservadas y `payments` pagos en curso; no se borró nada.",
    en: "The event has `sold` tickets sold, `held` units held and `payments` payments on their way; nothing was deleted.",
  },
  area_has_sales: {
    status: 409,
    es: "La localidad tiene `sold` boletas vendidas, `held` unidades reservadas y `payments` pagos en curso; así no se puede borrar, ni cambiar `fields`. No cambió nada.",
    en: "The area has `sold` tickets sold, `held` units held and `payments` payments on their way; it cannot be deleted, nor `fields` be changed. Nothing changed.",
  },
  precondition_failed: {
    status: 412,
    es: "Alguien lo cambió después de que usted lo leyó; léalo de nuevo. No cambió nada.",
    en: "Somebody changed it after you read it; read it again. Nothing changed.",
  },
  legal_info_not_found: {
    status: 404,
    es: "Aún no ha guardado su información legal.",
    en: "Your legal information has not been saved yet.",
  },
  legal_info_required: {
    status: 409,
    es: "La ley pide información legal para vender este tipo de evento; falta lo que dice `missing`.",
    en: "The law asks for legal information to sell this type of event; what `missing` says is not there.",
  },
  notice_malformed: {
    status: 400,
    es: "El aviso no se entiende.",
    en: "The notice cannot be understood.",
  },
  notice_forged: {
    status: 401,
    es: "La firma del aviso no es válida.",
    en: "The notice's signature is not valid.",
  },
  amount_too_small: {
    status: 422,
    es: "El valor es menor al mínimo de la pasarela.",
    en: "The amount is below the gateway's minimum.",
  },
};
