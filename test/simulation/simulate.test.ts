// The simulation as a test: many seeds, each a short run, in a process of its own, because a run puts a clock of its own in
// the place of the platform's. A broken rule fails the test that carries its id, with the seed and the shortest plan.

import { execFile } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";

const program = new URL("simulate.ts", import.meta.url).pathname;
const SECONDS = "5";
const STEPS = "400";
/** Two processes, each with its own seeds; each run of the tests takes the same ones, as many as fit. */
const firstSeeds = ["1", "100000"];

let told: string[] = [];

beforeAll(async () => {
  told = await Promise.all(firstSeeds.map(simulate));
}, 120_000);

function simulate(seed: string): Promise<string> {
  const options = ["--seed", seed, "--steps", STEPS, "--seconds", SECONDS, "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...options], (error, stdout, stderr) => {
      // 1: a rule was broken, which the tests below tell.
      if (error === null || error.code === 1) resolve(`${stdout}${stderr}`);
      else reject(error);
    });
  });
}

/** Fails with all that was told if the rule was broken. */
function expectUnbroken(rule: string): void {
  for (const output of told) expect(output.includes(`breaks ${rule} `), output).toBe(false);
}

describe("an area under every fault the simulation knows", () => {
  it("runs to its end", () => {
    for (const output of told) {
      const totals: unknown = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      expect(totals, output).toMatchObject({ violations: 0 });
    }
  });
  it("[INV1] has each unit in one state, in its tables, in its memory and for who looks", () =>
    expectUnbroken("INV1"));
  it("[INV2] has counts that are the units in each state", () => expectUnbroken("INV2"));
  it("[INV3] keeps what it acknowledged through crashes, and refuses without a trace", () =>
    expectUnbroken("INV3"));
  it("[INV4] answers every command as a plain second inventory does, repeated ones as before", () =>
    expectUnbroken("INV4"));
  it("[INV5] ends holds on time, once, and sells no unit twice", () => expectUnbroken("INV5"));
  it("[INV6] records the price that was quoted", () => expectUnbroken("INV6"));
  it("[INV7] has every change in its outbox, and Postgres comes to be what the objects are", () =>
    expectUnbroken("INV7"));
  it("[INV8] admits nobody with an old code or a cancelled ticket, nor more people than it admits", () =>
    expectUnbroken("INV8"));
  it("[INV41] answers purchases and organizers when Postgres knows, others at once", () =>
    expectUnbroken("INV41"));
  it("[INV56] is rebuilt from Postgres after it lost everything", () => expectUnbroken("INV56"));
  it("[INV59] tells who follows it all that changed", () => expectUnbroken("INV59"));
  it("[INV60] says how much waits for Postgres", () => expectUnbroken("INV60"));
  it("[INV62] gives out no more than a limit allows", () => expectUnbroken("INV62"));
  it("[INV64] sells nothing whose part of a pool was not sold", () => expectUnbroken("INV64"));
  it("[INV66] shows the price that a hold would have", () => expectUnbroken("INV66"));
  it("[INV70] sells no blocked unit", () => expectUnbroken("INV70"));
  it("[INV71] takes back no ticket that somebody came in with", () => expectUnbroken("INV71"));
  it("[INV72] remembers what each command id was told", () => expectUnbroken("INV72"));
  it("[INV73] admits as many people as a ticket is for", () => expectUnbroken("INV73"));
  it("[INV74] has passages that follow from each other", () => expectUnbroken("INV74"));
});
