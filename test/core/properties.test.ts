// Random sequences of commands and jumps of the clock, against a model that knows no SQL and says beforehand what each
// command must answer. fast-check prints the seed and the shortest sequence that fails.

import fc from "fast-check";
import { expect, test } from "vitest";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import { AreaHarness, seats } from "../support/area-harness.ts";
import { AreaModel, ROW, UNITS, firstChanges, settingsWith } from "../support/area-model.ts";
import { type Step, anyJumpMs, anySteps, commandOf } from "../support/area-steps.ts";
import { judge } from "../support/area-verdicts.ts";

const open = () => AreaHarness.open(seats(UNITS, 0, ROW), settingsWith(firstChanges, 1));

/** What is taken of what is limited, but for what nothing is left of. */
function takenOf(area: AreaHarness): [string, number][] {
  const rows = area.storage.database
    .prepare("SELECT key, taken FROM quota WHERE taken <> 0 ORDER BY key")
    .all();
  return rows.map(({ key, taken }) => [String(key), Number(taken)]);
}

// Left to itself, fast-check makes mostly short ones.
const history = fc.array(fc.record({ jumpMs: anyJumpMs, steps: anySteps }), {
  maxLength: 50,
  size: "max",
});

test("[INV1, INV2, INV4, INV5, INV7, INV15, INV46, INV51, INV62, INV63, INV67, INV69, INV70, INV71, INV72, INV73, INV74, INV75] whatever is asked, in whatever order and at whatever time, the model agrees", () => {
  fc.assert(
    fc.property(history, (played) => {
      const area = open();
      const model = new AreaModel();
      const all = played.flatMap(({ jumpMs, steps }) =>
        steps.map((step, index) => ({ step, jumpMs: index === 0 ? jumpMs : 0 })),
      );
      for (const [index, { jumpMs, step }] of all.entries()) {
        area.wait(jumpMs);
        model.expire(area.nowMs);
        const command = commandOf(step, index + 2);
        const outcome = area.run(command.kind, command);
        judge({ model, nowMs: area.nowMs, outcome }, command, step.changes);
        expect(area.counts()).toEqual(model.counts());
        for (const [reservationId, { state, expiryMs }] of model.parts)
          expect(area.reservation(reservationId)).toMatchObject({ state, expiresAtMs: expiryMs });
        const taken = [...model.taken()].filter(([, quantity]) => quantity > 0);
        expect(takenOf(area)).toEqual(taken.toSorted(([left], [right]) => (left < right ? -1 : 1)));
      }
    }),
    { numRuns: 80 },
  );
}, 60_000);

test("[INV33, INV34] together or one by one, the same commands give the same answers and the same area", () => {
  const waitingOf = (step: Step, settingsVersion: number, answers: unknown[]) => {
    const command = commandOf(step, settingsVersion);
    return waitingFor(command.kind, command, (outcome) => void answers.push(outcome));
  };
  const batches = fc.array(
    fc.record({ jumpMs: anyJumpMs, groups: fc.array(anySteps, { minLength: 1, maxLength: 8 }) }),
    { maxLength: 10, size: "max" },
  );
  fc.assert(
    fc.property(batches, (played) => {
      const together = open();
      const oneByOne = open();
      let version = 1;
      for (const { jumpMs: waitMs, groups } of played) {
        const steps = groups.flat();
        const answers: [unknown[], unknown[]] = [[], []];
        const versions = steps.map(() => (version += 1));
        const nowMs = together.nowMs + waitMs;
        const rowsBefore = together.outbox().length;
        together.drain(
          steps.map((next, index) => waitingOf(next, versions[index] ?? 0, answers[0])),
          nowMs,
        );
        for (const [index, next] of steps.entries()) {
          oneByOne.drain([waitingOf(next, versions[index] ?? 0, answers[1])], nowMs);
        }
        expect(answers[0]).toEqual(answers[1]);
        expect(together.outbox().length - rowsBefore).toBeLessThanOrEqual(1);
        const { outbox: _rows, area: _area, ...left } = together.dump();
        const { outbox: _otherRows, area: _otherArea, ...right } = oneByOne.dump();
        expect(left).toEqual(right);
        expect(together.area()).toEqual(oneByOne.area());
      }
    }),
    { numRuns: 20 },
  );
}, 60_000);
