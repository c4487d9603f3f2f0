/** Finds where a meter keeps a value that somebody sees on its display: table, register, type, word order and scale. */
import type { Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { Exception, MAX_READ } from "#protocol/modbus/pdu.ts";

export type Kind = "16-bit" | "signed 16-bit" | "32-bit" | "signed 32-bit" | "float";

export interface Candidate {
  readonly table: "holding" | "input";
  /** Wire address, from 0. */
  readonly address: number;
  readonly kind: Kind;
  readonly order: "" | "upper word first" | "lower word first";
  /** The number times this is the value; 1 for a float unless in kilo units. */
  readonly scale: number;
  readonly value: number;
  /** |value / wanted - 1|. */
  readonly off: number;
}

export interface Search {
  readonly wanted: number;
  readonly from: number;
  readonly to: number;
  /** Largest |value / wanted - 1|. */
  readonly tolerance: number;
}

const integerScales = [1, 0.1, 0.01, 0.001, 0.0001, 10, 100, 1000];
const floatScales = [1, 1000, 0.001];

/** Reads what is there; registers that the meter refuses are left out. */
async function readAll(
  client: Requester,
  unit: number,
  fn: 3 | 4,
  { from, to }: { from: number; to: number },
): Promise<Map<number, number>> {
  const words = new Map<number, number>();
  const read = async (first: number, count: number): Promise<void> => {
    const response = await client.request(unit, { kind: "read", fn, first, count });
    if (response.kind === "registers") {
      response.values.forEach((word, k) => words.set(first + k, word));
      return;
    }
    if (response.kind !== "exception") throw new ClientError(`unit ${unit} answered a read with something else`);
    const hole =
      response.exception === Exception.illegalDataAddress || response.exception === Exception.illegalDataValue;
    if (!hole || count === 1) return;
    // Somewhere in it is a hole: each half on its own.
    const half = count >> 1;
    await read(first, half);
    await read(first + half, count - half);
  };
  for (let first = from; first <= to; first += MAX_READ) await read(first, Math.min(MAX_READ, to - first + 1));
  return words;
}

/** The candidates, the closest first; of equals the plainest. */
export async function findValue(client: Requester, unit: number, search: Search): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const [fn, table] of [
    [3, "holding"],
    [4, "input"],
  ] as const) {
    const words = await readAll(client, unit, fn, search);
    for (const address of words.keys()) {
      for (const { kind, order, number } of readings(words, address)) {
        for (const scale of kind === "float" ? floatScales : integerScales) {
          const value = number * scale;
          const off = Math.abs(value / search.wanted - 1);
          if (off <= search.tolerance) found.push({ table, address, kind, order, scale, value, off });
        }
      }
    }
  }
  // A float that fits is seldom chance; a scaled integer often is.
  const plainness = ({ kind, scale }: Candidate): number =>
    (kind === "float" ? 0 : 1) + Math.abs(Math.log10(scale)) / 10;
  return found.sort((a, b) => plainness(a) - plainness(b) || a.off - b.off || a.address - b.address);
}

function* readings(
  words: ReadonlyMap<number, number>,
  address: number,
): Generator<{ kind: Kind; order: Candidate["order"]; number: number }> {
  const first = words.get(address) ?? 0;
  yield { kind: "16-bit", order: "", number: first };
  if (first >= 0x8000) yield { kind: "signed 16-bit", order: "", number: first - 0x10000 };
  const second = words.get(address + 1);
  if (second === undefined) return;
  const view = new DataView(new ArrayBuffer(4));
  for (const [order, high, low] of [
    ["upper word first", first, second],
    ["lower word first", second, first],
  ] as const) {
    view.setUint16(0, high);
    view.setUint16(2, low);
    yield { kind: "float", order, number: view.getFloat32(0) };
    // With nothing above, it is the 16-bit value again.
    if (high === 0) continue;
    yield { kind: "32-bit", order, number: view.getUint32(0) };
    if (high >= 0x8000) yield { kind: "signed 32-bit", order, number: view.getInt32(0) };
  }
}
