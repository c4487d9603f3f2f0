import type { Command } from "commander";
import { findValue, type Candidate } from "#headend/find-value.ts";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { maxRegistersOf, maxRegistersOption } from "./max-registers.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { asJson, progress, progressDone, say, table } from "./terminal.ts";

interface Options {
  readonly registers: string;
  readonly tolerance: string;
  readonly maxRegisters?: string;
  readonly timeout: string;
  readonly json?: true;
}

export function addFind(program: Command): void {
  program
    .command("find")
    .description(
      "find where a meter keeps a value that you see on its display: table, register, type, word order, scale",
    )
    .argument("<url>", "over Modbus, as for read")
    .argument("<value>", "as the display shows it, in volts, amps, watts, …")
    .option("--registers <from-to>", "wire addresses to look at, from 0", "0-999")
    .option("--tolerance <percent>", "how far off it may be", "0.5")
    .option(...maxRegistersOption)
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .option("--json", "one JSON document, for programs")
    .addHelpText(
      "after",
      "\nFor example, which registers hold the 231.2 V of a meter's display:\n" +
        "  npx polyphase find modbus://127.0.0.1:1502/1 231.2\n",
    )
    .action(find);
}

/** Chance finds more than anybody reads. */
const MOST = 20;

async function find(text: string, given: string, options: Options): Promise<void> {
  const url = orFail(2, () => parseModbusUrl(text));
  const wanted = Number(given);
  if (!(Math.abs(wanted) > 0)) throw new Failure(`<value>: expected a number other than 0, found "${given}"`, 2);
  const range = /^(\d+)-(\d+)$/.exec(options.registers);
  const [from, to] = [Number(range?.[1]), Number(range?.[2])];
  if (!(from <= to && to <= 65_535)) {
    throw new Failure(`--registers: expected a range like 0-999, found "${options.registers}"`, 2);
  }
  const tolerance = Number(options.tolerance) / 100;
  if (!(tolerance > 0)) throw new Failure(`--tolerance: expected percent, found "${options.tolerance}"`, 2);
  const maxRegisters = maxRegistersOf(options);
  const client = await orFailLater(1, () => openLine(url, { timeoutMs: Number(options.timeout), maxRegisters }));
  progress(`reading registers ${from} to ${to}`);
  const found = await orFailLater(1, () =>
    findValue(client, url.unit, { wanted, from, to, tolerance, maxRegisters }),
  ).finally(() => {
    progressDone();
    client.close();
  });
  if (options.json) say(asJson(found.slice(0, MOST)));
  else if (found.length > 0) say(asTable(found));
  else say(`nothing from ${from} to ${to} is within ${options.tolerance} % of ${wanted}; try other --registers`);
  if (found.length === 0) process.exitCode = 1;
}

function asTable(found: readonly Candidate[]): string {
  const rows = found
    .slice(0, MOST)
    .map(({ table: name, address, kind, order, scale, value }) => [
      `${name} ${address}`,
      `(function 0x0${name === "holding" ? 3 : 4}, printed ${address + 1})`,
      kind,
      order,
      scale === 1 ? "" : `x ${scale}`,
      `= ${Number(value.toPrecision(7))}`,
    ]);
  const more = found.length > MOST ? `\nand ${found.length - MOST} more; a smaller --tolerance finds fewer` : "";
  // Hardly a meter keeps less than it displays: such numbers are found in any thousand registers.
  const chance = found.every(({ kind, scale }) => kind !== "float" && scale > 1);
  const warning = chance
    ? "\nmultiplied like this a number is likely to fit by chance: look for a second value, too"
    : "";
  return table(rows) + more + warning;
}
