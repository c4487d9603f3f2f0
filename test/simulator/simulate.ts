/**
 * `npm run simulate -- FROM..TO`: runs of these seeds, one after the other, and what happened in them. A seed that breaks a promise is
 * printed, with the command that runs it alone; the others go on. One seed alone prints all that was asked and answered, after
 * --trace; --without=flips,refusals,crashes leaves faults out, for whoever looks for a cause.
 */
import { parseArgs } from "node:util";
import { Figures } from "./figures.ts";
import { faults, run } from "./run.ts";
import { Violation } from "./violation.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { trace: { type: "boolean", default: false }, without: { type: "string", default: "" } },
});
const [from = NaN, to = from] = (positionals[0] ?? "").split("..").map(Number);
if (!Number.isInteger(from) || !Number.isInteger(to)) {
  say("expected seeds: npm run simulate -- 1..1000, or one seed");
  process.exit(2);
}
const without = faults.filter((fault) => values.without.split(",").includes(fault));
const heard = values.trace ? say : undefined;

const figures = new Figures();
const began = performance.now();
const broken: number[] = [];
for (let seed = from; seed <= to; seed++) {
  try {
    const done = await run(seed, { without, ...(heard === undefined ? {} : { heard }) });
    figures.take(done.figures);
    if (from === to) say(`seed ${seed}: ${done.hash}`);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    broken.push(seed);
    say(`seed ${seed}: ${error.message}\n  alone: npm run simulate -- ${seed} --trace`);
  }
  if (seed % 100 === 0 && seed !== to) say(`seeds to ${seed} are done`);
}
const ms = (performance.now() - began) / (to - from + 1);
for (const line of figures.lines) say(line);
say(`${to - from + 1} seeds from ${from} on, ${ms.toFixed(0)} ms each; broken: ${broken.join(", ") || "none"}`);
process.exitCode = broken.length === 0 ? 0 : 1;
