// Every command decided a second time, from SPEC.md alone, plainly and slowly. The real objects must agree with every
// outcome and with every row that follows from it.

import type {
  AreaSettings,
  Command,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { Ticket } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";
import { type Of, commit, extend, hold, refused, release } from "./plain-decisions-for-buyers.ts";

/** The outcome the command must have; the caller has let holds expire. */
export function decidePlainly(model: AreaModel, command: Command, nowMs: number): object {
  switch (command.kind) {
    case "configure-area":
      return configure(model, command.settings);
    case "load-units":
      return load(model, command.units);
    case "place-hold":
      return hold(model, command, nowMs);
    case "extend-hold":
      return extend(model, command, nowMs);
    case "release-hold":
      return release(model, command.reservationId);
    case "commit-hold":
      return commit(model, command);
    case "admit-ticket":
      return admit(model, command, nowMs);
    case "restore-reservations":
      return refused({ code: model.settings === null ? "area_unknown" : "not_restoring" });
    case "expire-holds":
      return { ok: true, expired: 0 };
    default:
      return command satisfies never;
  }
}

function configure(model: AreaModel, settings: AreaSettings) {
  if (model.settings === null || settings.version > model.settings.version) {
    model.settings = settings;
    model.hasChanged = true;
  }
  return { ok: true, version: model.settings.version };
}

function load(model: AreaModel, units: readonly Unit[]) {
  if (model.settings === null) return refused({ code: "area_unknown" });
  const isKnown = (unit: Unit) =>
    model.units.some(
      ({ position, unitId }) => position === unit.position && unitId === unit.unitId,
    );
  const conflicting = units.filter(
    (unit) =>
      !isKnown(unit) &&
      model.units.some(
        ({ position, unitId }) => position === unit.position || unitId === unit.unitId,
      ),
  );
  if (conflicting.length > 0)
    return refused({ code: "units_conflict", unitIds: conflicting.map((unit) => unit.unitId) });

  const added = units.filter((unit) => !isKnown(unit));
  const lastKnown = model.units.at(-1)?.position ?? -1;
  const isBroken =
    new Set(added.map((unit) => unit.position)).size < added.length ||
    new Set(added.map((unit) => unit.unitId)).size < added.length ||
    added.some((unit) => unit.position < lastKnown);
  if (isBroken) return refused({ code: "command_failed" });
  if (added.length > 0) model.hasChanged = true;
  model.units = [...model.units, ...added].sort((left, right) => left.position - right.position);
  return { ok: true, units: model.units.length };
}

function admit(model: AreaModel, command: Of<"admit-ticket">, nowMs: number) {
  const { scanId, profileId, reservationUnitId, serial, gate } = command;
  const reservation = [...model.reservations.values()].find(({ tickets }) =>
    tickets.some((each) => each.reservationUnitId === reservationUnitId),
  );
  const ticket = reservation?.tickets.find((each) => each.reservationUnitId === reservationUnitId);
  if (model.settings?.profileId !== profileId || reservation === undefined || !ticket)
    return refused({ code: "ticket_unknown" });
  if (ticket.serial !== serial) return refused({ code: "ticket_revoked" });
  const unit = reservation.units.find((each) => each.reservationUnitId === reservationUnitId);
  const answer = { ok: true, reservationUnitId, label: unit?.label };
  const { admittedAtMs } = ticket;
  if (admittedAtMs !== null && ticket.scanId === scanId) return { ...answer, admittedAtMs };
  if (admittedAtMs !== null)
    return refused({ code: "already_admitted", admittedAtMs, gate: ticket.gate ?? "" });
  const admitted: Ticket = { ...ticket, admittedAtMs: nowMs, scanId, gate };
  const tickets = reservation.tickets.map((each) => (each === ticket ? admitted : each));
  model.put({ ...reservation, tickets });
  return { ...answer, admittedAtMs: nowMs };
}
