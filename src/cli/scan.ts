import type { Command } from "commander";
import { looksIec102 } from "#headend/iec102-url.ts";
import { parseModbusUrl } from "#headend/modbus-url.ts";
import { scanPlace, type Absent } from "#headend/scan.ts";
import { looksDlms } from "#headend/dlms-url.ts";
import { looksDnp3 } from "#headend/dnp3-url.ts";
import { looksMms } from "#headend/mms-url.ts";
import { dlmsScan, USUAL_CLIENTS, USUAL_PHYSICAL, USUAL_SERVERS } from "./dlms-scan.ts";
import { dnp3Scan, USUAL_ADDRESSES } from "./dnp3-scan.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { asJson, note, progress, progressDone, say, table } from "./terminal.ts";

interface Options {
  readonly units: string;
  readonly clients: string;
  readonly servers: string;
  readonly physical: string;
  readonly addresses: string;
  readonly timeout: string;
  readonly json?: true;
}

export function addScan(program: Command): void {
  program
    .command("scan")
    .description("look for units on a line or behind a gateway, and what they say they are")
    .argument(
      "<url>",
      "modbus://host:port, modbus+rtutcp://host:port, modbus+rtu:///dev/ttyUSB0?baud=19200, or of DLMS/COSEM dlms://host:port, dlms+hdlctcp://host:port, of DNP3 dnp3://host:port",
    )
    .option("--units <from-to>", "which unit ids to try", "1-247")
    .option("--clients <list>", "of DLMS: which client addresses to try", USUAL_CLIENTS)
    .option("--servers <list>", "of DLMS: which logical devices to try", USUAL_SERVERS)
    .option("--physical <list>", "of DLMS over HDLC: which physical addresses to try", USUAL_PHYSICAL)
    .option("--addresses <list>", "of DNP3: which outstations to try, up to 65519", USUAL_ADDRESSES)
    .option("--timeout <ms>", "how long to wait for each answer", "300")
    .option("--json", "one JSON document, for programs")
    .addHelpText(
      "after",
      "\nFor example:\n" +
        "  npx polyphase scan modbus://127.0.0.1:1502 --units 1-10\n" +
        "  npx polyphase scan 'modbus+rtu:///dev/ttyUSB0?baud=19200'\n" +
        "  npx polyphase scan dlms://192.0.2.7:4059 --clients 1-20\n" +
        "  npx polyphase scan dnp3://192.0.2.7:20000 --addresses 1-1000\n",
    )
    .action((url: string, options: Options, command: Command) => {
      if (looksDnp3(url) && command.getOptionValueSource("units") === "cli")
        throw new Failure("--units: units are of Modbus; over DNP3 --addresses says which outstations to try", 2);
      return scan(url, options);
    });
}

async function scan(text: string, options: Options): Promise<void> {
  if (looksDlms(text)) return dlmsScan(text, options);
  if (looksDnp3(text)) return dnp3Scan(text, options);
  if (looksIec102(text))
    throw new Failure(
      "scan looks for units over Modbus, DLMS/COSEM and DNP3 (modbus://, dlms://, dnp3://); a station of IEC 60870-5-102 is read at its link address: npx polyphase read",
      2,
    );
  if (looksMms(text))
    throw new Failure(
      "scan looks for units over Modbus, DLMS/COSEM and DNP3 (modbus://, dlms://, dnp3://); a server of IEC 61850 is the only one at its address: npx polyphase browse says what it has",
      2,
    );
  const url = orFail(2, () =>
    parseModbusUrl(text, "has no protocol that is scanned; DLMS/COSEM and DNP3 are, and Modbus"),
  );
  const range = /^(\d+)(?:-(\d+))?$/.exec(options.units);
  const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
  if (!(from >= 1 && from <= to && to <= 255)) {
    throw new Failure(`--units: expected a range from 1 to 255, like 1-20; found "${options.units}"`, 2);
  }
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const units = Array.from({ length: to - from + 1 }, (_, k) => from + k);
  const { found, absent } = await orFailLater(1, () =>
    scanPlace(url, units, timeoutMs, (unit, { length }) =>
      progress(`trying unit ${unit} of ${from} to ${to}; ${length} found`),
    ),
  ).finally(progressDone);
  for (const words of telling(absent)) note(words);
  if (options.json) say(asJson(found));
  else if (found.length === 0) say(`no unit from ${from} to ${to} answers at ${text}${countsOf(absent)}`);
  else say(table(found.map(({ unit, by, text }) => [`unit ${unit}`, by, text])));
  if (found.length === 0) process.exitCode = 1;
}

/** Silence, and what a gateway does not reach, are no news; of everything else as many lines as anybody reads. */
const MOST = 10;

function telling(absent: readonly Absent[]): readonly string[] {
  const news = absent.filter(({ why }) => why !== "silence" && why !== "gateway");
  const more = news.length - MOST;
  return [...news.slice(0, MOST).map(({ words }) => words), ...(more > 0 ? [`the same of ${more} more units`] : [])];
}

/** What is there instead of answers, in the words of the table of failures, and how often. */
function countsOf(absent: readonly Absent[]): string {
  const counts = Map.groupBy(absent, ({ why }) => why);
  const parts = [...counts].map(([why, units]) => `${units.length} ${inWords[why]}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

const inWords: Readonly<Record<Absent["why"], string>> = {
  silence: "silent",
  late: "that answered later than it was waited for",
  gateway: "that the gateway does not reach",
  echo: "of which only the request came back",
  part: "of which only a part of an answer came",
  noise: "of which noise came",
  checksum: "with a wrong checksum",
  "other unit": "for which another unit answered",
  nonsense: "with an answer to something else",
  refused: "that refused",
  closed: "at which the connection ended",
};
