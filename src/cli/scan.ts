import type { Command } from "commander";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { probe, type Found } from "#headend/scan.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { asJson, progress, progressDone, say, table } from "./terminal.ts";

interface Options {
  readonly units: string;
  readonly timeout: string;
  readonly json?: true;
}

export function addScan(program: Command): void {
  program
    .command("scan")
    .description("look for units on a line or behind a gateway, and what they say they are")
    .argument("<url>", "modbus://host:port, modbus+rtutcp://host:port, or modbus+rtu:///dev/ttyUSB0?baud=19200")
    .option("--units <from-to>", "which unit ids to try", "1-247")
    .option("--timeout <ms>", "how long to wait for each answer", "300")
    .option("--json", "one JSON document, for programs")
    .action(scan);
}

async function scan(text: string, options: Options): Promise<void> {
  const url = orFail(2, () => parseModbusUrl(text));
  const range = /^(\d+)(?:-(\d+))?$/.exec(options.units);
  const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
  if (!(from >= 1 && from <= to && to <= 255)) {
    throw new Failure(`--units: expected a range from 1 to 255, like 1-20; found "${options.units}"`, 2);
  }
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const client = await orFailLater(1, () => openLine(url, { timeoutMs, retries: 0 }));
  const found: Found[] = [];
  try {
    for (let unit = from; unit <= to; unit++) {
      progress(`trying unit ${unit} of ${from} to ${to}; ${found.length} found`);
      const one = await probe(client, unit);
      if (one !== undefined) found.push(one);
    }
  } finally {
    progressDone();
    client.close();
  }
  if (options.json) say(asJson(found));
  else if (found.length === 0) say(`no unit from ${from} to ${to} answers at ${text}`);
  else say(table(found.map(({ unit, by, text }) => [`unit ${unit}`, by, text])));
  if (found.length === 0) process.exitCode = 1;
}
