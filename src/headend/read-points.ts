/** Reads a meter whose registers are lists that its owner made: counters of two registers, analogs of one. */
import type { Requester } from "#protocol/modbus/client.ts";
import { openLine, type LineSettings, type MeterUrl } from "./meter-url.ts";
import { refusal } from "./registers.ts";

/** A run of registers: which function reads it, its first wire address, how many there are. */
export interface Run {
  readonly fn: 3 | 4;
  readonly first: number;
  readonly count: number;
}

/** Registers that one request reads; even, so that no counter is split. */
const MOST = 120;

/** The words of every run. */
export async function readRuns(url: MeterUrl, runs: readonly Run[], settings: LineSettings): Promise<number[][]> {
  const line = await openLine(url, settings);
  try {
    const words: number[][] = [];
    for (const run of runs) words.push(await readRun(line, url.unit, run));
    return words;
  } finally {
    line.close();
  }
}

async function readRun(line: Requester, unit: number, { fn, first, count }: Run): Promise<number[]> {
  const words: number[] = [];
  for (let at = 0; at < count; at += MOST) {
    const part = Math.min(MOST, count - at);
    const response = await line.request(unit, { kind: "read", fn, first: first + at, count: part });
    if (response.kind !== "registers") {
      const exception = response.kind === "exception" ? response.exception : NaN;
      throw refusal(unit, `${fn === 3 ? "counters" : "analogs"} from address ${first + at}`, exception);
    }
    words.push(...response.values);
  }
  return words;
}
