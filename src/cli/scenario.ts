import type { Command } from "commander";
import { realClock } from "#headend/real-clock.ts";
import { logIn } from "#headend/site-meter.ts";
import { makeBytes } from "#io/file.ts";
import { siteUser, credentialsOf, PASSWORDS_HELP, type Asking } from "./credentials.ts";
import { asFailure, Failure, orFail, orFailLater } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { readScenario, type ScenarioFile } from "./scenario-file.ts";
import { ownGround, runningGround, type Ground } from "./scenario-ground.ts";
import { junitOf } from "./scenario-junit.ts";
import { runScenario, type Outcome, type ScenarioOutcome, type StepOutcome } from "./scenario-run.ts";
import { asJson, progress, progressDone, say, shown, styled } from "./terminal.ts";

interface Options extends Asking {
  readonly json?: true;
  readonly junit?: string;
  readonly at?: string;
}

export function addScenario(program: Command): void {
  program
    .command("scenario")
    .description(
      "run scenarios: files that say what happens to a site, step by step, and what is expected of its meters",
    )
    .argument("<file...>", "scenarios, YAML or JSON (docs/scenarios.md)")
    .option("--at <url>", "run them in a site that runs, by its clock, instead of one of their own as fast as it goes")
    .option("--junit <file>", "write what became of them as JUnit has it, for CI")
    .option(...siteUser)
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nStatus 0 when all that was expected was there, 1 when something was not, 2 when a file is not valid.\n\n" +
        "For example:\n" +
        "  npx polyphase scenario site/scenarios/sag.yaml\n" +
        "  npx polyphase scenario site/scenarios/*.yaml --junit scenarios.xml\n" +
        "  npx polyphase scenario sag.yaml --at http://127.0.0.1:8080\n\n" +
        PASSWORDS_HELP,
    )
    .action(scenarios);
}

async function scenarios(files: readonly string[], options: Options): Promise<void> {
  // What is wrong with any is said before one runs.
  const read = files.map((file) => orFail(2, () => readScenario(file)));
  const token = options.at === undefined ? undefined : await siteTokenOf(options.at, options);
  const outcomes: ScenarioOutcome[] = [];
  for (const one of read) outcomes.push(await runOne(one, options, token));
  if (options.junit !== undefined) {
    const { junit } = options;
    orFail(1, () => makeBytes(junit, new TextEncoder().encode(junitOf(outcomes)), true));
  }
  const failed = outcomes.filter(({ passed }) => !passed);
  if (options.json === true) say(asJson({ passed: failed.length === 0, scenarios: outcomes.map(documentOf) }));
  if (failed.length === 0) return;
  const which = failed.map(({ file }) => file).join(", ");
  throw new Failure(`${failed.length} of ${outcomes.length} scenarios failed: ${which}`, 1);
}

async function siteTokenOf(url: string, options: Options): Promise<string | undefined> {
  const { siteUser: who } = await credentialsOf(options);
  return orFailLater(1, async () => (await logIn(url, { siteUser: who })).site);
}

async function runOne(
  file: ScenarioFile,
  { json, at }: Options,
  siteToken: string | undefined,
): Promise<ScenarioOutcome> {
  const began = realClock.elapsed();
  const { scenario } = file;
  let ground: Ground;
  try {
    ground = await (at === undefined ? ownGround(file) : runningGround(at, siteToken));
  } catch (error) {
    throw asFailure(error, at === undefined ? 2 : 1);
  }
  if (json !== true) say(shown`${styled("bold", plain(scenario.name))}  ${plain(file.file)}`);
  try {
    const steps = await orFailLater(1, () =>
      runScenario(scenario, ground, {
        waits: (utc) => progress(`until ${textOf(utc)}`),
        done(step) {
          progressDone();
          if (json !== true) tell(step, ground.start);
        },
      }),
    );
    const passed = steps.every(({ outcomes }) => outcomes.every(({ ok }) => ok));
    return { file: file.file, name: scenario.name, passed, tookMs: realClock.elapsed() - began, steps };
  } finally {
    progressDone();
    await ground.end();
  }
}

function textOf(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ smallestUnit: "millisecond" });
}

function tell({ utc, outcomes }: StepOutcome, start: number): void {
  const after = Temporal.Duration.from({ milliseconds: Math.round(utc - start) }).round({ largestUnit: "day" });
  say(`  ${textOf(utc)}  (${after.blank ? "the start" : `after ${after.toLocaleString("en", { style: "narrow" })}`})`);
  for (const one of outcomes) say(shown`    ${markOf(one)}  ${plain(wordsOf(one))}`);
}

function markOf({ kind, ok }: Outcome) {
  if (!ok) return styled("red", "FAILED");
  return kind === "do" ? styled("dim", "done  ") : styled("green", "ok    ");
}

function wordsOf({ what, says }: Outcome): string {
  return says === "" ? what : `${what}: ${says}`;
}

function documentOf({ steps, ...outcome }: ScenarioOutcome): unknown {
  return {
    ...outcome,
    tookMs: Math.round(outcome.tookMs),
    steps: steps.map((step) => ({ ...step, utc: textOf(step.utc) })),
  };
}
