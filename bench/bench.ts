// `npm run bench`: the product's speed against references on the same machine in the same run. See README.md.
//   --json    the last line is one JSON object
//   --quick   short slices and small areas: to try the bench, not to believe it
//   --only=a,b  only these cases; the figures of the others are left out

import { Problem, sentenceFor } from "../dev/problem.ts";
import { Api } from "./api.ts";
import { type CaseTools, casesOf, defineTraffic, runCase } from "./cases.ts";
import { measureCost } from "./cost.ts";
import { startGenerator } from "./load/generator.ts";
import { type Comparison, CONNECTIONS } from "./measure.ts";
import { fullSizes, quickSizes } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { type Figures, jsonOf, printComparison, printRest } from "./report.ts";
import { startBenchStack } from "./stack.ts";
import { projectionLag, verify } from "./verify.ts";

const options = new Set(process.argv.slice(2));
const only = [...options]
  .find((option) => option.startsWith("--only="))
  ?.slice(7)
  .split(",");
const log = (line: string): void => console.log(line);

async function run(tools: CaseTools): Promise<Figures> {
  const { generator, stack, prepared } = tools;
  await defineTraffic(tools);
  const slice = { port: stack.apiPort, connections: CONNECTIONS, milliseconds: 2_000 };
  await generator.run("ok", slice);
  const ceiling = await generator.run("ok", slice);
  const ceilingPerSecond = ceiling.operations / ceiling.seconds;
  const ceilingGeneratorCpu = ceiling.cpuSeconds / ceiling.seconds;
  log(
    `ok route: ${ceilingPerSecond.toFixed(0)} per s; the load process used ${ceilingGeneratorCpu.toFixed(2)} of a core, so it could do ${(ceilingPerSecond / ceilingGeneratorCpu).toFixed(0)} per s`,
  );

  const comparisons: Comparison[] = [];
  for (const wanted of casesOf(tools)) {
    if (only !== undefined && !only.includes(wanted.case)) continue;
    const comparison = await runCase(tools, wanted);
    comparisons.push(comparison);
    printComparison(comparison, log);
  }
  await tools.api.switchEffects("on");
  const lag = await projectionLag(stack, prepared.hold);
  const costs = {
    alone: await measureCost(tools, 1),
    crowd: await measureCost(tools, CONNECTIONS),
  };
  const figures = {
    ceilingPerSecond,
    ceilingGeneratorCpu,
    comparisons,
    lag,
    costs,
    verdict: await verify(tools),
  };
  printRest(figures, log);
  return figures;
}

/** Nobody should wait ten minutes to learn that an option was misspelt. */
function checkOptions(): void {
  const other = [...options].find(
    (option) => !["--json", "--quick"].includes(option) && !option.startsWith("--only="),
  );
  if (other !== undefined)
    throw new Problem(`There is no option ${other}: only --json, --quick and --only=case,case.`);
}

async function main(): Promise<void> {
  checkOptions();
  const sizes = options.has("--quick") ? quickSizes : fullSizes;
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(0);
  const stack = await startBenchStack({ inspectorPort: undefined });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stack.stop().then(() => process.exit(130)));
  }
  const generator = startGenerator();
  try {
    const api = new Api(stack);
    log(`started after ${seconds()} s`);
    const prepared = await prepare(stack, api, sizes);
    const { create, publish } = prepared.largeSeconds;
    log(
      `prepared after ${seconds()} s; ${sizes.largeUnits} units took ${create.toFixed(1)} s into Postgres and ${publish.toFixed(1)} s into their object`,
    );
    const figures = await run({ stack, api, generator, prepared, sizes, log });
    log(`done after ${seconds()} s`);
    if (options.has("--json")) log(jsonOf(figures));
  } finally {
    await generator.stop();
    await stack.stop();
  }
}

try {
  await main();
} catch (thrown) {
  console.error(
    thrown instanceof Problem || !(thrown instanceof Error) ? sentenceFor(thrown) : thrown,
  );
  process.exitCode = 1;
}
