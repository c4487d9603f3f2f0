/** The wiring check of a running meter: what is connected wrongly, how sure that is, and what to change. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { averaged } from "#analysis/wiring/averaged.ts";
import { circumstancesOf } from "#analysis/wiring/circumstances.ts";
import { observationOf, type Circumstances, type NamedReadings } from "#analysis/wiring/observation.ts";
import { checkWiring, type WiringCheck } from "#analysis/wiring/wiring-check.ts";
import { toldWiring, type ToldWiring } from "#analysis/wiring/words.ts";
import { inSi, type Reading } from "#headend/meter-source.ts";
import { realClock } from "#headend/real-clock.ts";
import { readMeterView } from "#headend/site-meter.ts";
import { wirings, type WiringName } from "#quantity/wiring.ts";
import { credentialsOf, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { asFailure, Failure } from "./failure.ts";
import { maxRegistersOf, maxRegistersOption } from "./max-registers.ts";
import { jsonOption } from "./print.ts";
import { siteIn, sourcesOf } from "./read-sources.ts";
import { atMeter, inWords } from "./site-meter.ts";
import { asJson, say } from "./terminal.ts";

interface Options extends Asking {
  readonly model?: string;
  readonly system?: WiringName;
  readonly nominal?: number;
  readonly generates?: "yes" | "no";
  readonly rotation?: "abc" | "acb";
  readonly configuration?: string;
  readonly modelNumber?: string;
  readonly swapWords?: true;
  readonly maxRegisters?: string;
  readonly timeout: string;
  readonly count: string;
  readonly json?: true;
}

const HELP = `
One reading is enough, with a load: angles of volts and amps where the meter has them, else active and reactive power by phase. What
is wrong stands first, with how sure it is; then what else would measure so. Exit status 0: right; 1: wrong, or it cannot be told.

For example:
  npx polyphase wiring modbus://192.0.2.7:502/1 --model eastron-sdm630 --nominal 400
  npx polyphase wiring modbus://192.0.2.8:502/1 --model powerlogic-pm800 --generates no --json
  npx polyphase wiring http://127.0.0.1:8080/#feeder-1
`;

function voltsOf(text: string): number {
  const volts = Number(text);
  if (volts > 0 && Number.isFinite(volts)) return volts;
  throw new InvalidArgumentError("expected volts, like 400");
}

/** The wiring is not right, or nobody can tell. */
const NOT_RIGHT = 1;

export function addWiring(program: Command): void {
  program
    .command("wiring")
    .description(
      "check how a running meter is connected: reversed and swapped transformers, missing volts, wrong ratios",
    )
    .argument("<url>", "a meter, as `polyphase read` takes it")
    .option(
      "--model <name>",
      "which model it is (see: npx polyphase models); not for http://, dlms://, dnp3:// and mms://",
    )
    .addOption(
      new Option("--system <name>", "how the meter is set, where it does not say so").choices(Object.keys(wirings)),
    )
    .option("--nominal <volts>", "what the volts should be, line to line where there are such", voltsOf)
    .addOption(new Option("--generates <word>", "whether the site can feed power back").choices(["yes", "no"]))
    .addOption(
      new Option("--rotation <order>", "in which order the service's phases follow each other, if measured").choices([
        "abc",
        "acb",
      ]),
    )
    .option("--count <n>", "average so many readings, one a second: of a load that is restless", "1")
    .option(...jsonOption)
    .option("--configuration <file>", 'of a revenue meter over Modbus or DNP3: what its registers are, or "factory"')
    .option("--model-number <number>", "of a revenue meter over Modbus or DNP3: what was ordered")
    .option(...readingUser)
    .option(...siteUser)
    .option("--swap-words", "values of two registers have their words the other way round")
    .option(...maxRegistersOption)
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .addHelpText("after", HELP + PASSWORDS_HELP)
    .action(async (url: string, options: Options) => {
      const count = countOf(options.count);
      const taken =
        siteIn(url) === undefined ? await overProtocol(url, options, count) : await ofSite(url, options, count);
      const { system, nominal, generates, rotation } = options;
      const circumstances = {
        ...taken.known,
        ...(system === undefined ? {} : { system }),
        ...(nominal === undefined ? {} : { nominalVolts: nominal }),
        generates: generates === undefined ? undefined : generates === "yes",
        rotation,
      };
      const [first, ...rest] = taken.readings.flatMap((one) => observationOf(one, circumstances) ?? []);
      if (first === undefined) throw new Failure(`${url} has no volts by phase: its wiring cannot be checked`, 1);
      const check = checkWiring(averaged([first, ...rest]));
      const told = toldWiring(check, "en");
      say(options.json ? asJson(document(url, check, told)) : text(check, told));
      if (check.verdict !== "right") process.exitCode = NOT_RIGHT;
    });
}

interface Taken {
  readonly readings: readonly NamedReadings[];
  /** What the meter says of how it is set. */
  readonly known: Circumstances;
}

/** Readings that are averaged at most: ten minutes of them. */
const MOST_READINGS = 600;
/** Milliseconds from one to the next. */
const BETWEEN_MS = 1000;

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_READINGS) return count;
  throw new Failure(`--count: expected a whole number from 1 to ${MOST_READINGS}, found "${text}"`, 2);
}

/** So many readings, a second from each other. */
async function several<T>(count: number, one: () => Promise<T>): Promise<readonly T[]> {
  const out: T[] = [];
  while (out.length < count) {
    if (out.length > 0) await new Promise<void>((resolve) => realClock.after(BETWEEN_MS, resolve));
    out.push(await one());
  }
  return out;
}

async function ofSite(url: string, options: Options, count: number): Promise<Taken> {
  const views = await atMeter(url, options, (at, pass) => several(count, () => readMeterView(at, pass)));
  const [view] = views;
  const known = circumstancesOf(view ?? {});
  if (known === undefined && options.system === undefined)
    throw new Failure(`the wiring check does not know the connection ${view?.nameplate?.connection ?? "of it"}`, 1);
  return { readings: views.map(({ readings }) => readings), known: known ?? {} };
}

async function overProtocol(url: string, options: Options, count: number): Promise<Taken> {
  const { model, timeout } = options;
  const timeoutMs = Number(timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${timeout}"`, 2);
  const asked = {
    ...options,
    model: model === undefined ? [] : [model],
    timeoutMs,
    maxRegisters: maxRegistersOf(options),
    secrets: dlmsSecrets,
    byName: false,
  };
  const [source] = await sourcesOf({ urls: [url], names: [] }, asked, () => credentialsOf(options));
  if (source === undefined) throw new Failure(`${url} is no meter`, 2);
  try {
    const readings = await several(count, async () => named(await source.read()));
    return { readings, known: await settingsOf(model, readings[0] ?? {}) };
  } catch (error) {
    throw asFailure(inWords(error, url, options), 1);
  } finally {
    await source.close();
  }
}

/** The first value of each name, in SI units. */
function named({ parts }: Reading): NamedReadings {
  const out: Record<string, number> = {};
  for (const { points } of parts)
    for (const point of points) {
      const { name, value } = inSi(point);
      if (typeof value === "number" && !(name in out)) out[name] = value;
    }
  return out;
}

/** What its own settings say, of a model whose registers have them. */
async function settingsOf(model: string | undefined, readings: NamedReadings): Promise<Circumstances> {
  const { systemType, systemVoltage } = readings;
  const { modelNamed } = await import("#model/catalogue.ts");
  const system = modelNamed(model ?? "")?.instrument.wirings[systemType ?? NaN];
  return { system, nominalVolts: typeof systemVoltage === "number" && systemVoltage > 0 ? systemVoltage : undefined };
}

function document(url: string, check: WiringCheck, told: ToldWiring): unknown {
  const { system, verdict, explanations, untold } = check;
  return {
    url,
    system,
    verdict,
    words: told.verdict,
    explanations: explanations.map((one, k) => ({ ...one, words: told.explanations[k]?.mistakes ?? [] })),
    untold: untold.map((code, k) => ({ code, words: told.untold[k] ?? "" })),
  };
}

function text({ system }: WiringCheck, { verdict, explanations, untold }: ToldWiring): string {
  const lines = [`${verdict} The meter is set to: ${wirings[system].means}.`];
  for (const { probability, mistakes, loads, same } of explanations) {
    lines.push(
      "",
      `${probability}: ${mistakes.map(({ wrong }) => wrong).join(" ") || "All is connected as it should be."}`,
    );
    for (const { change } of mistakes) lines.push(`  Change: ${change}`);
    if (loads !== "") lines.push(`  ${loads}.`);
    for (const one of same) lines.push(`  It would measure the same: ${one}`);
  }
  if (untold.length > 0) lines.push("", "What this cannot tell:", ...untold.map((one) => `- ${one}`));
  return lines.join("\n");
}
