import type { Command } from "commander";
import { modelNamesOf, products } from "#fleet/products.ts";
import { modelNamed } from "#model/catalogue.ts";
import { meterUrlForms, parseMeterUrl, readerOf } from "#headend/meter-url.ts";
import { readMeter, withWordsTurned, type MeterReading } from "#headend/read-meter.ts";
import type { PointReading } from "#headend/reader.ts";
import { isSiteMeter, readMeterView, readRegisters } from "#headend/site-meter.ts";
import { accumulates } from "#quantity/measure.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { MeterView } from "#quantity/meter-api.ts";
import { lists } from "#quantity/register.ts";
import { unitOf } from "#quantity/unit.ts";
import { configuredModels } from "./configured.ts";
import { PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { readByConfiguration } from "./read-points.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { atMeter, nameIn } from "./site-meter.ts";
import { plain } from "./harmless.ts";
import {
  asJson,
  below,
  complain,
  note,
  progress,
  progressDone,
  say,
  shown,
  styled,
  table,
  type Shown,
} from "./terminal.ts";

interface Options extends Asking {
  readonly model?: string;
  readonly list?: string;
  readonly json?: true;
  readonly timeout: string;
  readonly swapWords?: true;
  readonly configuration?: string;
  readonly modelNumber?: string;
}

export function addRead(program: Command): void {
  program
    .command("read")
    .description("read a running meter and print everything that its model says it has")
    .argument("<url>", `http://host:port/api/meters/NAME, ${meterUrlForms.join(", ")}`)
    .option("--model <name>", "which model it is (see: npx polyphase models); not for http://")
    .option("--list <name>", "of a revenue meter: normal, alternate, test or frozen; normal and alternate unless said")
    .option("--json", "one JSON document, for programs")
    .option(
      "--configuration <file>",
      "of a revenue meter over Modbus: what its registers are; the factory's unless said",
    )
    .option("--model-number <number>", "of a revenue meter over Modbus: what was ordered")
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText("after", PASSWORDS_HELP)
    .option("--swap-words", "values of two registers have their words the other way round")
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .action(async (text: string, options: Options) => {
      if (isSiteMeter(text)) return readSite(text.replace(/\/$/, ""), options);
      const url = orFail(2, () => parseMeterUrl(text));
      const timeoutMs = Number(options.timeout);
      if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
      const read = readerOf(text);
      if (read !== undefined) return printPoints(text, await orFailLater(1, () => read({ timeoutMs })), options);
      if (options.model === undefined)
        throw new Failure("--model is needed: which model it is (see: npx polyphase models)", 2);
      if (configuredModels.includes(options.model)) return readConfigured(text, options.model, options);
      const model = modelNamed(options.model);
      if (model === undefined) {
        throw new Failure(
          `there is no model "${options.model}"; expected one of ${modelNamesOf(products).join(", ")}`,
          2,
        );
      }
      const reading = await orFailLater(1, () =>
        readMeter(url, options.swapWords ? withWordsTurned(model) : model, { timeoutMs }, (done, of) =>
          progress(`reading ${text}: ${done} of ${of} requests`),
        ),
      ).finally(progressDone);
      for (const one of reading.notes) note(one);
      say(options.json ? asJson(documentOf(text, options.model, reading)) : asTable(reading));
    });
}

/** The lists that can be read. */
const readable: readonly string[] = [...lists, "frozen"];

/** What a meter of a running site measures now, and its registers; those of one list alone where it is said. */
async function readSite(url: string, { list, json, ...who }: Options): Promise<void> {
  if (list !== undefined && !readable.includes(list))
    throw new Failure(`--list: expected one of ${readable.join(", ")}, found "${list}"`, 2);
  const wanted = list === undefined ? ["normal", "alternate"] : [list];
  const { readings, registers } = await atMeter(url, who, async (at, pass) => {
    // The answer is all that there is of the meter now.
    const view = list === undefined ? await readMeterView(at, pass) : undefined;
    const read = await Promise.all(wanted.map((name) => readRegisters(at, name, pass)));
    return { readings: view?.readings, registers: read.flatMap((one) => one.registers) };
  });
  if (json) say(asJson({ url, readings, registers }));
  else {
    const parts = [
      titled("Readings", readingRows(readings ?? {}, new Set(registers.map(({ measure }) => measure))), [1]),
      titled(
        "Registers",
        registers.map(({ id, label, text, unit }) => [String(id), label, text, unit]),
        [0, 2],
      ),
    ];
    const full = parts.flat();
    if (full.length > 0) say(below(full, "\n\n"));
  }
  if (registers.length > 0 || Object.values(readings ?? {}).some((value) => value !== null)) return;
  if (list === "frozen") throw new Failure("nothing has been frozen yet", 1);
  throw new Failure(`${nameIn(url)} has no ${list === undefined ? "" : `${list} `}registers`, 1);
}

/** Name, value, unit of what has a value; not of an energy that a register shows. */
function readingRows(readings: MeterView["readings"], registers: ReadonlySet<string | undefined>): string[][] {
  return Object.entries(readings).flatMap(([name, value]) => {
    const measure = parseMeasure(name);
    if (value === null || measure === undefined) return [];
    if (accumulates(measure.quantity) && registers.has(name)) return [];
    return [[name, textOf(value), unitOf(measure)]];
  });
}

function titled(title: string, rows: readonly string[][], right: readonly number[]): readonly Shown[] {
  return rows.length === 0 ? [] : [shown`${styled("cyan", title)}\n${table(rows, right)}`];
}

/** The Modbus points of a meter that is set up by a configuration. */
async function readConfigured(text: string, model: string, options: Options): Promise<void> {
  if (options.configuration === undefined)
    complain("note: the factory's points are assumed; --configuration FILE says what this meter's are");
  const registers = await readByConfiguration(text, model, { ...options, timeoutMs: Number(options.timeout) });
  printPoints(text, registers, options);
}

function printPoints(url: string, registers: readonly PointReading[], { model, json }: Options): void {
  if (json) say(asJson({ url, model, registers }));
  else {
    const rows = registers.map(({ register, name, value, unit }) => [String(register), name, textOf(value), unit]);
    say(table(rows, [0, 2]));
  }
}

function asTable({ identification, blocks }: MeterReading): Shown {
  const parts = identification.length > 0 ? [styled("bold", plain(identification.join(" ")))] : [];
  for (const { title, points } of blocks) {
    const rows = points.flatMap((point) => {
      const label = point.name;
      if (label === undefined) return [];
      const [reg, , , , , , is] = point.row;
      const unit = typeof is === "string" ? unitOf(is) : "";
      return [[String(reg), label, textOf(point.value), unit]];
    });
    parts.push(...titled(title, rows, [0, 2]));
  }
  return below(parts, "\n\n");
}

function textOf(value: number | string | undefined): string {
  if (typeof value !== "number") return value ?? "";
  if (Number.isNaN(value)) return "----";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}

function documentOf(url: string, model: string, { identification, blocks }: MeterReading) {
  const registers = blocks.flatMap(({ points }) =>
    points.flatMap((point) => {
      const { row, name, value } = point;
      if (name === undefined) return [];
      const unit = typeof row[6] === "string" ? unitOf(row[6]) : "";
      return [{ register: row[0], name, value: typeof value === "number" && Number.isNaN(value) ? null : value, unit }];
    }),
  );
  return { url, model, identification, registers };
}
