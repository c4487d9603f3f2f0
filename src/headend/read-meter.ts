/** Reads a running meter over Modbus by its model's point map. */
import type { MeterModel } from "#model/model.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { Exception } from "#protocol/modbus/pdu.ts";
import { planReads, type Span } from "#protocol/modbus/read-plan.ts";
import { decodeRows, type DecodedPoint } from "#protocol/modbus/register-decode.ts";
import { wordsOf, type Block, type Row } from "#protocol/modbus/register-table.ts";
import { refusal } from "./registers.ts";
import { wordOrderNote } from "./word-order.ts";
import { openLine, type LineSettings, type MeterUrl } from "./meter-url.ts";

export interface ReadBlock {
  readonly title: string;
  readonly points: readonly DecodedPoint[];
}

export interface MeterReading {
  /** Function 0x2B: vendor, product, revision; empty when the meter does not say. */
  readonly identification: readonly string[];
  readonly blocks: readonly ReadBlock[];
  /** What a person should look at: words in the wrong order. */
  readonly notes: readonly string[];
}

/** Told how many requests of how many are done. */
export type Progress = (done: number, of: number) => void;

/** Opens a line, reads every block; what an option adds is left out when the meter has no such registers. */
export async function readMeter(
  url: MeterUrl,
  model: MeterModel,
  settings: LineSettings,
  progress: Progress = () => {},
): Promise<MeterReading> {
  const line = await openLine(url, settings);
  try {
    return await readUnit(line, url.unit, model, progress);
  } finally {
    line.close();
  }
}

/** What is read together: what the model always has, or a block that it may lack. */
interface Part {
  readonly optional: boolean;
  readonly blocks: readonly { readonly title: string; readonly rows: readonly Row<string>[] }[];
  readonly requests: readonly Span[];
}

function partsOf({ modbus: { map, reads } }: MeterModel): Part[] {
  const part = (blocks: readonly Block<string>[], optional: boolean): Part => {
    // A window belongs to reading the log, or to commands.
    const plain = blocks.map(({ title, rows }) => ({
      title,
      rows: rows.filter(([, , , , , , is]) => !(typeof is === "object" && "window" in is)),
    }));
    const values = plain.flatMap(({ rows }) =>
      rows.map(([reg, , , format, , , is]) => ({ first: reg - map.base, count: wordsOf(format, is) })),
    );
    return { optional, blocks: plain.filter(({ rows }) => rows.length > 0), requests: planReads(values, reads) };
  };
  const may = (block: Block<string>): boolean => block.option !== undefined || block.since !== undefined;
  const always = part(
    map.blocks.filter((block) => !may(block)),
    false,
  );
  return [always, ...map.blocks.filter(may).map((block) => part([block], true))];
}

/** Reads one of the units of a line; requests of several readings may be under way at once. */
export async function readUnit(
  line: Requester,
  unit: number,
  model: MeterModel,
  progress: Progress = () => {},
): Promise<MeterReading> {
  const { map, inputOnly } = model.modbus;
  const id = await line.request(unit, { kind: "device identification", code: 1, object: 0 });
  const identification = id.kind === "identification" ? [...id.objects.values()] : [];
  const words = new Map<number, number>();
  const parts = partsOf(model);
  const of = parts.reduce((sum, { requests }) => sum + requests.length, 0);
  let done = 0;
  const present: Part["blocks"][number][] = [];
  for (const { optional, blocks, requests } of parts) {
    let there = true;
    for (const request of requests) {
      if (there)
        there = await readSpan(line, unit, { ...request, base: map.base, fn: inputOnly ? 4 : 3 }, words, optional);
      progress(++done, of);
    }
    if (there) present.push(...blocks);
  }
  const order = map.blocks.map(({ title }) => title);
  present.sort((a, b) => order.indexOf(a.title) - order.indexOf(b.title));
  // Exponents stand in one block and are used in others, so values are made once everything has been read.
  const blocks = present.map(({ title, rows }) => ({ title, points: decodeRows(map, rows, (reg) => words.get(reg)) }));
  const rows = present.flatMap((block) => block.rows);
  const note = wordOrderNote(map, rows, (reg) => words.get(reg));
  return { identification, blocks, notes: note === undefined ? [] : [`unit ${unit}: ${note}`] };
}

/** Reads one span into `words`, by printed number; false when the meter has no such registers and need not. */
async function readSpan(
  line: Requester,
  unit: number,
  { first, count, base, fn }: Span & { readonly base: number; readonly fn: 3 | 4 },
  words: Map<number, number>,
  optional: boolean,
): Promise<boolean> {
  const response = await line.request(unit, { kind: "read", fn, first, count });
  if (response.kind === "registers") {
    response.values.forEach((word, k) => words.set(first + base + k, word));
    return true;
  }
  const exception = response.kind === "exception" ? response.exception : NaN;
  if (optional && exception === Exception.illegalDataAddress) return false;
  throw refusal(unit, `registers ${first + base} to ${first + base + count - 1}`, exception);
}
