import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import {
  checkReadings,
  byRegister,
  energyRegisters,
  energyTitles,
  parseReadings,
  presetOrder,
  readEnergies,
  turnedRound,
  type Energies,
} from "#headend/energy-readings.ts";
import { counts, newRecord, settle, transfer, type TransferRecord } from "#headend/energy-transfer.ts";
import { openLine, parseModbusUrl, sameLine, type ModbusUrl } from "#headend/modbus-url.ts";
import { placeName } from "#headend/place.ts";
import { readRecord, writeRecord } from "#headend/transfer-record.ts";
import { realClock } from "#headend/real-clock.ts";
import { catalogue, modelNamed } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import { readText } from "#io/file.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { anyModelOption, refusesAnother } from "./asked-model.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { asJson, complain, say, shown, styled, table, type Shown } from "./terminal.ts";

interface Options {
  readonly fromModel?: string;
  readonly toModel: string;
  readonly single?: true;
  readonly anyModel?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly again?: true;
  readonly record?: string;
  readonly mostLoad: string;
  readonly timeout: string;
  readonly json?: true;
}

export function addTransfer(program: Command): void {
  program
    .command("transfer")
    .description("move the energy readings of a PowerLogic meter to its replacement")
    .argument("<from>", "the old meter's URL over Modbus, as for read, or a file of its readings")
    .argument("<to>", "the URL of the replacement: a CM3000, CM4000 or PM800")
    .option("--from-model <name>", "model of the old meter; a file's registers tell it")
    .requiredOption("--to-model <name>", "model of the replacement")
    .option("--single", "write the registers one by one, not as a block")
    .option(...anyModelOption)
    .option("--yes", "write without asking")
    .option("--dry-run", "show what would be written, and write nothing")
    .option("--again", "write even though a record says that this meter has been given its readings")
    .option("--record <file>", "where to keep the record; transfer-HOST-PORT-UNIT.json unless said")
    .option("--most-load <kW>", "the largest load that the replacement may have while this runs", "100000")
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .option("--json", "print the record, for programs")
    .addHelpText(
      "after",
      "\nA file of readings has a register number and its value on each line: 28 of them, 1700 to 1727, or 1601 to 1628 of a\n" +
        "CM2000. The record of an earlier transfer is such a file too. docs/energy-transfer.md walks through the procedure.\n\n" +
        "For example:\n" +
        "  npx polyphase transfer modbus://127.0.0.1:1502/1 modbus://127.0.0.1:1502/2 --from-model powerlogic-cm4000 \\\n" +
        "    --to-model powerlogic-pm800 --dry-run\n",
    )
    .action(run);
}

function model(name: string, flag: string, fits: (one: MeterModel) => boolean): MeterModel {
  const found = modelNamed(name);
  if (found !== undefined && fits(found)) return found;
  const names = catalogue.filter(fits).map((one) => one.name);
  throw new Failure(`${flag}: ${expectedOneOf(names, name)}`, 2);
}

const hasEnergies = (one: MeterModel): boolean => energyRegisters(one).size > 0;
const takesEnergies = (one: MeterModel): boolean => presetOrder(one).length > 0;

interface Source {
  readonly what: string;
  /** What is known of its model: registers are those of several. */
  readonly models: readonly string[];
  readonly model: MeterModel;
  readonly energies: Energies;
}

const ECHO_MS = 15_000;

async function run(from: string, to: string, options: Options): Promise<void> {
  const toModel = model(options.toModel, "--to-model", takesEnergies);
  const toUrl = orFail(2, () => parseModbusUrl(to));
  const timeoutMs = Number(options.timeout);
  const mostWatts = 1000 * Number(options.mostLoad);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  if (!(mostWatts > 0)) throw new Failure(`--most-load: expected kilowatts, found "${options.mostLoad}"`, 2);
  const file = options.record ?? recordName(toUrl);
  const earlier = orFail(2, () => readRecord(file));
  const line = await orFailLater(1, () => openLine(toUrl, { timeoutMs }));
  const unit = { line, unit: toUrl.unit };
  try {
    const keep = (record: TransferRecord): Promise<void> => writeRecord(file, record);
    const base = {
      unit,
      model: toModel,
      clock: realClock,
      keep,
      single: options.single ?? false,
      waitMs: ECHO_MS,
      mostWatts,
    };
    await orFailLater(1, () =>
      refusesAnother(unit, { model: toModel, flag: "--to-model", any: options.dryRun ?? options.anyModel }),
    );
    if (earlier !== undefined && options.again !== true && !options.dryRun) {
      if (await settled(earlier, base, file, options)) return;
    }
    const source = await sourceOf(from, options, { line, url: toUrl, timeoutMs });
    const problems = checkReadings(source.model, source.energies);
    if (problems.length > 0) throw new Failure(`${source.what} cannot be transferred:\n  ${problems.join("\n  ")}`, 2);
    if (turnedRound(source.energies)) {
      const hint =
        "the first register of each energy is the least significant; were the groups noted the other way round?";
      throw new Failure(`${source.what}: every energy is over 10,000,000,000,000 Wh; ${hint}`, 2);
    }
    if (!options.json) say(tableOne(source, toModel));
    const registers = byRegister(source.model, source.energies);
    const now = Temporal.Instant.fromEpochMilliseconds(realClock.utc()).toString();
    const record = newRecord(
      { source: source.what, model: source.model.name, readAt: now, registers },
      { meter: to, model: toModel.name },
    );
    if (options.dryRun) {
      record.note = "dry run: nothing has been written";
      say(options.json ? asJson(record) : record.note);
      return;
    }
    await confirm(to, options);
    const done = await toldOfEnd(file, () =>
      orFailLater(1, () => transfer({ ...base, energies: source.energies, record })),
    );
    report(done, file, options);
  } finally {
    line.close();
  }
}

/** Whoever ends this while a meter is being written to is told where it stands what has been done. */
async function toldOfEnd<T>(file: string, work: () => Promise<T>): Promise<T> {
  const end = (): void => {
    complain(`polyphase: stopped; what has been done is in ${file}, and the same command goes on from there`);
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  try {
    return await work();
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, end);
  }
}

/** What an earlier run left: true when there is nothing more to do. */
async function settled(
  earlier: TransferRecord,
  base: Parameters<typeof settle>[1],
  file: string,
  options: Options,
): Promise<boolean> {
  if (earlier.step === "commanded") {
    const holds = await orFailLater(1, () => settle(earlier, base));
    await base.keep(earlier);
    if (holds === "unknown") {
      throw new Failure(
        `an earlier run was interrupted (${file}), and what the meter shows fits both or neither of the readings: look at the meter; --again writes them once more`,
        1,
      );
    }
    if (!options.json) say(`an earlier run was interrupted: ${earlier.note}`);
  }
  if (earlier.step !== "finished" || earlier.holds !== "new readings") return false;
  const text = `${earlier.to.meter} has been given the readings of ${earlier.from.source} (${file}); nothing is written. --again writes once more`;
  say(options.json ? asJson(earlier) : text);
  return true;
}

async function sourceOf(
  from: string,
  options: Options,
  to: { readonly line: Awaited<ReturnType<typeof openLine>>; readonly url: ModbusUrl; readonly timeoutMs: number },
): Promise<Source> {
  if (!from.includes("://")) {
    const { model: found, energies } = orFail(2, () => parseReadings(readText(from)));
    if (
      options.fromModel !== undefined &&
      !catalogue.filter(alikeTo(found)).some(({ name }) => name === options.fromModel)
    ) {
      throw new Failure(
        `--from-model: the registers of ${from} are those of ${catalogue
          .filter(alikeTo(found))
          .map(({ name }) => name)
          .join(", ")}; found "${options.fromModel}"`,
        2,
      );
    }
    const said = options.fromModel === undefined ? undefined : modelNamed(options.fromModel);
    const models = said === undefined ? catalogue.filter(alikeTo(found)) : [said];
    return { what: from, models: models.map(({ name }) => name), model: said ?? found, energies };
  }
  if (options.fromModel === undefined) throw new Failure("--from-model is needed to read a meter", 2);
  const found = model(options.fromModel, "--from-model", hasEnergies);
  const url = orFail(2, () => parseModbusUrl(from));
  // Two meters on one line or gateway are read through one connection: there may be no second.
  const shared = sameLine(url, to.url);
  const line = shared ? to.line : await orFailLater(1, () => openLine(url, { timeoutMs: to.timeoutMs }));
  try {
    const unit = { line, unit: url.unit };
    const any = options.dryRun ?? options.anyModel;
    await orFailLater(1, () => refusesAnother(unit, { model: found, flag: "--from-model", any }));
    const energies = await orFailLater(1, () => readEnergies(unit, found));
    return { what: from, models: [found.name], model: found, energies };
  } finally {
    if (!shared) line.close();
  }
}

/** Whether a model has its energies in the same registers as another. */
function alikeTo(other: MeterModel): (one: MeterModel) => boolean {
  const places = [...energyRegisters(other).values()].join();
  return (one) => [...energyRegisters(one).values()].join() === places;
}

/** Table 1 of the transfer note, filled in. */
function tableOne({ what, models, model: from, energies }: Source, to: MeterModel): Shown {
  const registers = energyRegisters(from);
  const rows: string[][] = [["", "register", "reading", "write to", ""]];
  let writeTo = 8022;
  for (const name of presetOrder(to)) {
    const groups = energies.get(name) ?? [];
    groups.forEach((value, k) => {
      const register = (registers.get(name) ?? 0) + k;
      const whole = `${counts(groups).toLocaleString("en")} ${name.split(".", 1)[0]}`;
      rows.push([
        k === 0 ? (energyTitles[name] ?? name) : "",
        String(register),
        String(value),
        String(writeTo++),
        k === 0 ? whole : "",
      ]);
    });
  }
  return shown`${styled("bold", `${what} (${models.join(" or ")})`)}\n${table(rows, [1, 2, 3])}`;
}

async function confirm(to: string, { yes, json }: Options): Promise<void> {
  if (yes) return;
  if (json || !process.stdin.isTTY) throw new Failure("nothing has been written: --yes writes without asking", 2);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`Replace the energy readings of ${to} with these? [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("nothing has been written", 1);
}

function report(record: TransferRecord, file: string, { json }: Options): void {
  if (json) say(asJson(record));
  else {
    say(styled(record.holds === "new readings" ? "green" : "red", record.note));
    const moved = Object.entries(record.runOn ?? {}).filter(([, by]) => by !== "0");
    const ran = moved.map(([name, by]) => `${energyTitles[name as keyof typeof energyTitles] ?? name} by ${by}`);
    if (record.holds === "new readings") {
      say(
        `verified: registers 1700 to 1727 ${ran.length === 0 ? "are what was written" : `have run on with the load: ${ran.join(", ")}`}`,
      );
    }
    say(`the record is in ${file}`);
  }
  if (record.holds !== "new readings") process.exitCode = 1;
}

function recordName(url: ModbusUrl): string {
  return `transfer-${`${placeName(url.place)}-${url.unit}`.replaceAll(/[^A-Za-z0-9.]+/g, "-").replace(/^-/, "")}.json`;
}
