// A command as a call of the object's method.

import type { AreaInventoryMethods } from "../../durable-objects/area-inventory/contract.ts";
import type { SentCommand } from "./plan.ts";

export function sendTo(object: AreaInventoryMethods, command: SentCommand): Promise<object> {
  switch (command.kind) {
    case "configure-area":
      return object.configureArea(command);
    case "load-units":
      return object.loadUnits(command);
    case "place-hold":
      return object.placeHold(command);
    case "extend-hold":
      return object.extendHold(command);
    case "release-hold":
      return object.releaseHold(command);
    case "commit-hold":
      return object.commitHold(command);
    case "admit-ticket":
      return object.admitTicket(command);
    case "restore-reservations":
      return object.restoreReservations(command);
    default:
      return command satisfies never;
  }
}
