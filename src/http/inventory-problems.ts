// What each refusal of an area's inventory means over HTTP. A code of its contract that is missing here does not compile.
// Data only.

import type { RefusalCode } from "../../durable-objects/area-inventory/contract.ts";
import type { Problem } from "./problem-text.ts";

export const inventoryProblems: Record<RefusalCode, Problem> = {
  area_unknown: { status: 404, es: "La localidad no existe.", en: "The area does not exist." },
  reservation_unknown: {
    status: 404,
    es: "La reserva no existe.",
    en: "The reservation does not exist.",
  },
  ticket_unknown: { status: 404, es: "La boleta no existe.", en: "The ticket does not exist." },
  ticket_revoked: {
    status: 409,
    es: "Esta boleta fue reemplazada por una más nueva.",
    en: "This ticket was replaced by a newer one.",
  },
  ticket_cancelled: {
    status: 409,
    es: "Esta boleta fue anulada.",
    en: "This ticket was cancelled.",
  },
  not_inside: {
    status: 409,
    es: "Nadie con esta boleta está adentro.",
    en: "Nobody with this ticket is inside.",
  },
  already_admitted: {
    status: 409,
    es: "Esta boleta ya ingresó.",
    en: "This ticket was already admitted.",
  },
  area_closed: {
    status: 409,
    es: "La localidad no está a la venta en este momento.",
    en: "The area is not on sale at the moment.",
  },
  sales_not_started: {
    status: 409,
    es: "La venta aún no ha empezado; empieza en `starts_at`.",
    en: "Sales have not started yet; they start at `starts_at`.",
  },
  sales_ended: {
    status: 409,
    es: "La venta terminó en `ended_at`.",
    en: "Sales ended at `ended_at`.",
  },
  quantity_invalid: {
    status: 422,
    es: "Pida entre una y `max` unidades.",
    en: "Ask for between one and `max` units.",
  },
  limit_reached: {
    status: 409,
    es: "El límite es de `max` unidades por `limit`; le quedan `left`.",
    en: "The limit is `max` units per `limit`; you have `left` left.",
  },
  stage_ended: {
    status: 409,
    es: "Esa etapa de venta ya no está vigente; mire el precio actual.",
    en: "That sale stage is not on any more; look at the current price.",
  },
  stage_sold_out: {
    status: 409,
    es: "A ese precio solo quedan `left` unidades.",
    en: "Only `left` units are left at that price.",
  },
  promotion_not_applicable: {
    status: 422,
    es: "El código no aplica a esta compra; `reason` dice por qué.",
    en: "The code does not apply to this order; `reason` says why.",
  },
  promotion_used_up: {
    status: 409,
    es: "El código ya se usó todas las veces posibles.",
    en: "The code was used as often as it can be.",
  },
  price_changed: {
    status: 409,
    es: "El precio cambió: ahora es `total_in_cents`. Confirme antes de reservar.",
    en: "The price changed: it is `total_in_cents` now. Confirm before holding.",
  },
  sold_out: {
    status: 409,
    es: "No quedan suficientes unidades libres.",
    en: "There are not enough units left.",
  },
  not_together: {
    status: 409,
    es: "No quedan tantas unidades juntas; pida menos o acepte separarlas.",
    en: "There are not that many units side by side; ask for fewer or accept to split them.",
  },
  units_taken: {
    status: 409,
    es: "Alguien tomó esas unidades; `alternative_unit_ids` propone las más cercanas.",
    en: "Somebody took those units; `alternative_unit_ids` suggests the nearest ones.",
  },
  units_unknown: {
    status: 422,
    es: "Algunas de esas unidades no son de esta localidad.",
    en: "Some of those units are not in this area.",
  },
  units_conflict: {
    status: 409,
    es: "Unas unidades contradicen a las que la localidad ya tiene.",
    en: "Some units contradict those the area already has.",
  },
  command_reused: {
    status: 422,
    es: "Esa Idempotency-Key ya se usó con otro contenido.",
    en: "That Idempotency-Key was used with other content.",
  },
  hold_expired: {
    status: 410,
    es: "La reserva venció; escoja de nuevo.",
    en: "The hold has expired; choose again.",
  },
  already_paid: {
    status: 409,
    es: "La reserva ya está pagada.",
    en: "The reservation is already paid.",
  },
  refund_due: {
    status: 409,
    es: "No quedan unidades para este pago; se devuelve el dinero.",
    en: "No units are left for this payment; it is being refunded.",
  },
  not_restoring: {
    status: 409,
    es: "La localidad no se está reconstruyendo.",
    en: "The area is not being rebuilt.",
  },
  command_failed: {
    status: 500,
    es: "Algo falló de nuestro lado. Nada cambió; intente de nuevo.",
    en: "Something failed on our side. Nothing changed; try again.",
  },
  service_updating: {
    status: 503,
    es: "Estamos actualizando el sistema; intente de nuevo en un momento.",
    en: "The system is being updated; try again in a moment.",
  },
};
