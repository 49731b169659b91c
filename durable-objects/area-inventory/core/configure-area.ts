// The organizer's settings reach the area. Older versions than the one in force are answered, not applied.

import type { Commands, Outcome } from "./commands.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function configureArea(
  view: View,
  command: Commands["configure-area"],
): Decision<Outcome<"configure-area">> {
  const area = view.area();
  if (area !== null && area.settings.version >= command.settings.version) {
    return unchanged({ ok: true, version: area.settings.version });
  }
  return {
    outcome: { ok: true, version: command.settings.version },
    changes: [{ kind: "settings", settings: command.settings }],
    effects: [],
  };
}
