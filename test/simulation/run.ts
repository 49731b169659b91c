// Runs a plan: its steps against the objects and the Worker, then, with all faults switched off, on to the end, where
// everything must have come to rest and Postgres must be what the objects are.

import { AreaObject } from "./area-object.ts";
import { checkAll } from "./checks.ts";
import { checkRest } from "./checks-at-rest.ts";
import { EventLoop } from "./event-loop.ts";
import { Crashed } from "./object-storage.ts";
import { Outside } from "./outside.ts";
import { type Plan, type Step, isFault } from "./plan.ts";
import { PostgresModel } from "./postgres-model.ts";
import { Referee, type Violation } from "./referee.ts";
import { Watch } from "./watch.ts";
import { Worker } from "./worker.ts";

export interface RunReport {
  steps: number;
  commands: number;
  faults: number;
  violation: Violation | null;
}

export async function runPlan(plan: Plan): Promise<RunReport> {
  const world = new World(plan);
  const uninstall = world.loop.install();
  // The objects log what fails; here failing is the rule.
  const platformError = console.error;
  console.error = () => undefined;
  try {
    await world.run();
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.referee.object("INV3", `the run broke: ${told}`);
  } finally {
    console.error = platformError;
    uninstall();
    world.close();
  }
  return {
    steps: world.referee.step,
    commands: world.commands,
    faults: plan.steps.slice(0, world.referee.step).filter((step) => isFault(step)).length,
    violation: world.referee.violation,
  };
}

class World {
  readonly loop = new EventLoop();
  readonly referee = new Referee();
  readonly #plan: Plan;
  readonly #postgres = new PostgresModel();
  readonly #areas: AreaObject[];
  readonly #watch: Watch;
  readonly #worker: Worker;
  /** Steps whose caller still waits. */
  #underWay = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    const { loop, referee } = this;
    let peopleMax = 1;
    for (const step of plan.steps) {
      if (step.kind !== "send") continue;
      const { command } = step;
      // Units come from Postgres, even those that a mistaken chunk names.
      if (command.kind === "load-units")
        this.#postgres.addUnits(command.units.map((unit) => unit.unitId));
      if (command.kind === "configure-area")
        peopleMax = Math.max(peopleMax, command.settings.peoplePerUnit ?? 1);
    }
    this.#areas = plan.areas.map(({ areaId }) => {
      const outside = new Outside(areaId, { loop, referee, postgres: this.#postgres });
      return new AreaObject(areaId, { loop, referee, outside });
    });
    this.#watch = new Watch(referee, peopleMax);
    const [areas, postgres, watch] = [this.#areas, this.#postgres, this.#watch];
    this.#worker = new Worker({ areas, loop, referee, watch, postgres });
    loop.afterTurn = () => {
      for (const area of this.#areas) area.finishTurn();
    };
    loop.isStopped = () => referee.violation !== null;
    loop.mayThrow = (error) => error instanceof Crashed;
  }

  get commands(): number {
    return this.#areas.reduce((sum, area) => sum + area.commands, 0);
  }

  async run(): Promise<void> {
    for (const step of this.#plan.steps) {
      await this.loop.runUntil(step.atMs);
      if (this.referee.violation !== null) return;
      this.referee.step += 1;
      this.#begin(step);
    }
    for (const { outside, faults } of this.#areas) {
      outside.fates = [];
      outside.queueFates = [];
      Object.assign(faults, { crash: null, fails: false });
    }
    await this.loop.runOut();
    // An alarm that the platform lost is found by whoever comes next.
    for (const area of this.#areas) if (area.alarm.wasLost) void area.read();
    await this.loop.runOut();
    if (this.referee.violation !== null) return;
    if (this.#underWay > 0)
      this.referee.object("INV3", `${this.#underWay} callers were never answered`);
    for (const area of this.#areas) {
      checkAll(this.referee, area);
      checkRest(this.referee, area, this.#postgres);
    }
    this.#watch.finish();
    this.#worker.finish();
  }

  close(): void {
    for (const area of this.#areas) area.close();
  }

  #begin(step: Step): void {
    this.#underWay += 1;
    this.#act(step).then(
      () => {
        this.#underWay -= 1;
      },
      (error: unknown) => this.referee.object("INV3", `a step broke: ${String(error)}`),
    );
  }

  async #act(step: Step): Promise<void> {
    switch (step.kind) {
      case "send":
        return this.#worker.sendAsIs(step);
      case "reserve":
        return this.#worker.reserve(step);
      case "start-payment":
        return this.#worker.startPayment(step);
      case "settle":
        return this.#worker.settle(step);
      case "give-back":
        return this.#worker.giveBack(step);
      case "lose":
        return this.#worker.lose(step);
      case "read":
        return this.#area(step.area).read();
      case "clock":
        this.loop.jump(step.jumpMs);
        return;
      case "crash":
        if (step.when === "now") this.#area(step.area).crash();
        else this.#area(step.area).faults.crash = step.when;
        return;
      case "storage":
        this.#area(step.area).faults.fails = true;
        return;
      case "alarm":
        this.#area(step.area).alarm.disturb(step.lateMs);
        return;
      case "queue":
        this.#area(step.area).outside.queueFates.push(...step.fates);
        return;
      case "postgres": {
        const { outside } = this.#area(step.area);
        outside.fates.push(...step.fates);
        outside.delayMs = step.delayMs;
        return;
      }
      default:
        step satisfies never;
    }
  }

  #area(number: number): AreaObject {
    const area = this.#areas[number];
    if (area === undefined) throw new Error(`no area ${number}`);
    return area;
  }
}
