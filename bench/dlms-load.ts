/** A client of DLMS/COSEM over the wrapper that takes nothing apart but blocks: associations, GETs and rows a second of a server. */
import { AARQ, Client, RLRQ, wrapped } from "./dlms-client.ts";

const GET = "C001C100030100010700FF0200";
const BUFFER = "C001C100070100630100FF0201";
/** Restricting object: the clock; no columns. */
const RANGE = "01020402041200080906" + "0000010000FF" + "0F02120000";

interface Wanted {
  readonly port: number;
  readonly what: "associations" | "gets" | "range" | "entry";
  readonly rows: number;
  readonly seconds: number;
}

function timeHex(minutes: number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + 60_000 * minutes);
  const bytes = [at.getUTCMonth() + 1, at.getUTCDate(), 0xff, at.getUTCHours(), at.getUTCMinutes(), 0, 0, 0, 0, 0];
  return `090C${at.getUTCFullYear().toString(16).padStart(4, "0")}${Buffer.from(bytes).toString("hex")}`;
}

function selection(what: "range" | "entry", rows: number): string {
  if (what === "range") return `${RANGE}${timeHex(0)}${timeHex(rows - 1)}0100`;
  return `02020406000000010600${rows.toString(16).padStart(6, "0")}120001120000`;
}

/** Things done in the time, and the time, seconds. */
async function load({ port, what, rows, seconds }: Wanted): Promise<readonly [done: number, seconds: number]> {
  const begin = performance.now();
  const elapsed = (): number => (performance.now() - begin) / 1000;
  let done = 0;
  if (what === "associations") {
    for (; elapsed() < seconds; done++) {
      const client = await Client.open(port);
      await client.ask(wrapped(AARQ));
      await client.ask(wrapped(RLRQ));
      await client.close();
    }
    return [done, elapsed()];
  }
  const client = await Client.open(port);
  await client.ask(wrapped(AARQ));
  const message = wrapped(what === "gets" ? GET : `${BUFFER}${selection(what, rows)}`);
  const start = elapsed();
  while (elapsed() - start < seconds) {
    const bytes = await client.gathered(message);
    if (what === "gets") done++;
    else {
      // 41 bytes a row.
      if (bytes < 41 * rows) throw new Error(`${bytes} bytes of ${rows} rows`);
      done += rows;
    }
  }
  const taken = elapsed() - start;
  await client.ask(wrapped(RLRQ));
  await client.close();
  return [done, taken];
}

process.on("message", (wanted: Wanted) => {
  void load(wanted).then((result) => process.send?.(result));
});
