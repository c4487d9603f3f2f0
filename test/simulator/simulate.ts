/**
 * `npm run simulate -- FROM..TO`: runs of these seeds, one after the other, and what happened in them. A seed that breaks a promise is
 * printed, with the command that runs it alone; the others go on. One seed alone prints all that was asked and answered, after
 * --trace; --without=flips,refusals,crashes,replacements leaves faults out, for whoever looks for a cause.
 */
import { parseArgs } from "node:util";
import { Figures } from "./figures.ts";
import { faults, run } from "./run.ts";
import { Violation } from "./violation.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const help = `npm run simulate -- FROM..TO [--without=KINDS]   runs of these seeds, one after the other, and what happened in them
npm run simulate -- SEED [--trace]               one, with all that was asked and answered

--without   kinds of faults to leave out, with commas between: ${faults.join(", ")}

At the end stands how often each thing happened (docs/simulator.md has what is simulated):
  crash: before, after WHAT   the process ended right before or after that step of the disk: "a file's beginning" is that a file
                              was made or emptied, "a cut" that one was made shorter or longer
  disk: ERROR at WHAT         the disk refused that step
  disk: of a write not synced there was left: all, none, its front, some of its sectors of 512 bytes, after the power had failed
  disk: a cut was kept, lost  a file had been made shorter or longer and not synced: whether that was there after the power had failed
  end:                        how a life of the site ended: stopped, killed, without power
`;

/** Words that are no seeds, or no options, end it with status 2 and what was expected. */
function wrong(why: string): never {
  process.stderr.write(`${why}\n\n${help}`);
  process.exit(2);
}

function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        trace: { type: "boolean", default: false },
        without: { type: "string", default: "" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = given();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const seeds = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(positionals.join(" "));
if (seeds === null) wrong(`expected seeds, like 1..1000 or 42; found "${positionals.join(" ")}"`);
const from = Number(seeds[1]);
const to = Number(seeds[2] ?? from);
if (to < from) wrong(`expected seeds from the lower one on; found ${from}..${to}`);
const left = values.without.split(",").filter((word) => word !== "");
const unknown = left.find((word) => !faults.some((fault) => fault === word));
if (unknown !== undefined) wrong(`--without: expected ${faults.join(", ")}; found "${unknown}"`);
const without = faults.filter((fault) => left.includes(fault));
const heard = values.trace ? say : undefined;

const figures = new Figures();
const began = performance.now();
const broken: number[] = [];
/** Between two lines that say how far it is. */
const SAYS_MS = 10_000;
let said = began;
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
  if (seed === to || performance.now() - said < SAYS_MS) continue;
  say(`seeds to ${seed} are done`);
  said = performance.now();
}
const ms = (performance.now() - began) / (to - from + 1);
for (const line of figures.lines) say(line);
const ran = from === to ? `seed ${from}` : `seeds ${from} to ${to}`;
say(`${ran}: ${ms.toFixed(0)} ms each; broken: ${broken.join(", ") || "none"}`);
process.exitCode = broken.length === 0 ? 0 : 1;
