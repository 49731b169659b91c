// `restore-reservations` decided a second time, from SPEC.md alone: see `plain-decisions.ts`.

import { type AreaModel, unitIdsOf } from "./area-model.ts";
import { type Of, refused } from "./refused.ts";

export function restore(
  model: AreaModel,
  command: Of<"restore-reservations">,
  nowMs: number,
): object {
  const { settings } = model;
  if (settings === null) return refused({ code: "area_unknown" });
  if (settings.isRestoring !== true && command.isMending !== true)
    return refused({ code: "not_restoring" });
  const missing = command.reservations.filter(
    ({ reservationId }) => !model.reservations.has(reservationId),
  );
  // First on paper: a sale that collides refuses the whole chunk.
  const free = new Set(model.units.map(({ unitId }) => unitId).filter((id) => model.isFree(id)));
  const restored = [];
  for (const reservation of missing) {
    const isOver = reservation.state === "held" && nowMs >= reservation.expiresAtMs;
    const takes = !isOver && (reservation.state === "held" || reservation.state === "sold");
    const wanted = takes ? unitIdsOf(reservation) : [];
    const inTheWay = wanted.filter((unitId) => !free.has(unitId));
    if (inTheWay.length > 0 && reservation.state === "sold")
      return refused({ code: "units_conflict", unitIds: inTheWay });
    if (inTheWay.length === 0) for (const unitId of wanted) free.delete(unitId);
    restored.push(
      inTheWay.length === 0 && !isOver
        ? reservation
        : { ...reservation, state: "expired" as const },
    );
  }

  for (const reservation of restored) {
    const { reservationId, state } = reservation;
    if (state === "held" || state === "sold") model.take(reservation);
    else model.put(reservation);
    model.restored.add(reservationId);
    const isToDeliver = state === "sold" && reservation.tickets.length > 0;
    if (isToDeliver || state === "refund-due") model.announced.push(reservationId);
  }
  // A code that was used is a code there is.
  for (const key of model.taken().keys()) {
    if (key.startsWith("code:")) model.codes.add(key.slice("code:".length));
  }
  model.hasChanged = true;
  model.sequenceAtLeast = Math.max(model.sequenceAtLeast, command.sequenceAtLeast);
  return { ok: true, restored: restored.length };
}
