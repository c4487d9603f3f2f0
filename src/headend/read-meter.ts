/** Reads a running meter over Modbus by its model's point map. */
import type { MeterModel } from "#model/model.ts";
import { ClientError, exceptionName, type ModbusClient } from "#protocol/modbus/client.ts";
import { Exception } from "#protocol/modbus/pdu.ts";
import { decodeRows, readRuns, type DecodedPoint } from "#protocol/modbus/register-decode.ts";
import type { Row } from "#protocol/modbus/register-table.ts";
import { openClient, type MeterUrl } from "./meter-url.ts";

export interface ReadBlock {
  readonly title: string;
  readonly points: readonly DecodedPoint[];
}

export interface MeterReading {
  /** Function 0x2B: vendor, product, revision; empty when the meter does not say. */
  readonly identification: readonly string[];
  readonly blocks: readonly ReadBlock[];
}

export interface ReadOptions {
  readonly timeoutMs: number;
  /** Told how many requests of how many are done. */
  readonly progress?: (done: number, of: number) => void;
}

/** Reads every block; what an option adds is left out when the meter has no such registers. */
export async function readMeter(url: MeterUrl, model: MeterModel, options: ReadOptions): Promise<MeterReading> {
  const client = await openClient(url, options.timeoutMs);
  try {
    return await readAll(client, url.unit, model, options);
  } finally {
    client.close();
  }
}

async function readAll(
  client: ModbusClient,
  unit: number,
  model: MeterModel,
  options: ReadOptions,
): Promise<MeterReading> {
  const { map } = model.modbus;
  const id = await client.request(unit, { kind: "device identification", code: 1, object: 0 });
  const identification = id.kind === "identification" ? [...id.objects.values()] : [];
  const words = new Map<number, number>();
  const blocks = map.blocks.map((block) => {
    // The log window belongs to reading the log, page by page.
    const rows = block.rows.filter(([, , , , , , is]) => !(typeof is === "object" && "window" in is));
    return { block, rows, runs: readRuns(rows) };
  });
  const of = blocks.reduce((sum, { runs }) => sum + runs.length, 0);
  let done = 0;
  const read: { readonly title: string; readonly rows: readonly Row<string>[] }[] = [];
  for (const { block, rows, runs } of blocks) {
    let present = true;
    for (const run of runs) {
      if (present)
        present = await readRun(
          client,
          unit,
          { ...run, base: map.base, fn: model.modbus.inputOnly ? 4 : 3 },
          words,
          block.option !== undefined || block.since !== undefined,
        );
      options.progress?.(++done, of);
    }
    if (present && rows.length > 0) read.push({ title: block.title, rows });
  }
  // Exponents stand in one block and are used in others, so values are made once everything has been read.
  const decoded = read.map(({ title, rows }) => ({ title, points: decodeRows(map, rows, (reg) => words.get(reg)) }));
  return { identification, blocks: decoded };
}

/** Reads one run into `words`; false when the meter has no such registers and need not. */
async function readRun(
  client: ModbusClient,
  unit: number,
  { reg, count, base, fn }: { reg: number; count: number; base: number; fn: 3 | 4 },
  words: Map<number, number>,
  optional: boolean,
): Promise<boolean> {
  const response = await client.request(unit, { kind: "read", fn, first: reg - base, count });
  if (response.kind === "registers" && response.values.length === count) {
    response.values.forEach((word, k) => words.set(reg + k, word));
    return true;
  }
  if (response.kind === "exception") {
    if (optional && response.exception === Exception.illegalDataAddress) return false;
    const why = exceptionName(response.exception);
    throw new ClientError(`unit ${unit} refused registers ${reg} to ${reg + count - 1}: ${why}; is it this model?`);
  }
  throw new ClientError(`unit ${unit} answered registers ${reg} to ${reg + count - 1} with something else`);
}
