/** Finds where a meter keeps a value that somebody sees on its display: table, register, type, word order and scale. */
import { exceptionName, type Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { Exception, MAX_READ, type Response } from "#protocol/modbus/pdu.ts";
import type { Unit } from "./registers.ts";

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
  /** Registers that are asked for at once at most; 125 unless said. */
  readonly maxRegisters?: number | undefined;
}

const integerScales = [1, 0.1, 0.01, 0.001, 0.0001, 10, 100, 1000];
const floatScales = [1, 1000, 0.001];

const tables = [
  { fn: 3, table: "holding" },
  { fn: 4, table: "input" },
] as const;

/** One table of a unit: the registers that are there, and why others are not. */
class TableReading {
  readonly words = new Map<number, number>();
  readonly #exceptions = new Set<number>();
  readonly #unit: Unit;
  readonly #fn: 3 | 4;
  #failure: ClientError | undefined;
  #answers = false;

  constructor(unit: Unit, fn: 3 | 4) {
    this.#unit = unit;
    this.#fn = fn;
  }

  async read({ from, to, maxRegisters = MAX_READ }: Search): Promise<void> {
    let atOnce = Math.min(maxRegisters, MAX_READ);
    for (let first = from; first <= to;) {
      const count = Math.min(atOnce, to - first + 1);
      const largest = await this.#span(first, count);
      if (this.#isHopeless) return;
      first += count;
      // All of it was there, but not at once.
      if (largest > 0 && largest < count) atOnce = largest;
    }
  }

  /** Why nothing is there; undefined where something is. */
  get why(): string | undefined {
    if (this.words.size > 0) return undefined;
    if (this.#exceptions.size > 0) return `refused, ${[...this.#exceptions].map(exceptionName).join(" and ")}`;
    return this.#failure?.message;
  }

  get refused(): boolean {
    return this.#exceptions.size > 0;
  }

  get failure(): ClientError | undefined {
    return this.#failure;
  }

  /** The function is not there, or nobody. */
  get #isHopeless(): boolean {
    if (this.words.size > 0) return false;
    return this.#exceptions.has(Exception.illegalFunction) || (!this.#answers && this.#failure !== undefined);
  }

  /** Reads registers, those that are refused left out; the most that came at once where all are there, 0 where not. */
  async #span(first: number, count: number): Promise<number> {
    const answer = await this.#ask(first, count);
    if (!("kind" in answer)) {
      this.#failure = answer;
      // It may be too much for it, if anybody is there.
      if (count === 1 || !(this.#answers || "kind" in (await this.#ask(first, 1, 0)))) return 0;
    } else if (answer.kind === "registers") {
      answer.values.forEach((word, k) => this.words.set(first + k, word));
      return count;
    } else if (answer.kind === "exception") {
      this.#exceptions.add(answer.exception);
      const hole = answer.exception === Exception.illegalDataAddress || answer.exception === Exception.illegalDataValue;
      if (!hole || count === 1) return 0;
    } else throw new ClientError(`unit ${this.#unit.unit} answered a read with something else`);
    // Somewhere in it is a hole, or it is too long: each half on its own.
    const half = count >> 1;
    const [one, other] = [await this.#span(first, half), await this.#span(first + half, count - half)];
    return one > 0 && other > 0 ? Math.max(one, other) : 0;
  }

  async #ask(first: number, count: number, retries?: number): Promise<Response | ClientError> {
    const { line, unit } = this.#unit;
    try {
      const request = { kind: "read", fn: this.#fn, first, count } as const;
      const answer = await line.request(unit, request, retries === undefined ? {} : { retries });
      this.#answers = true;
      return answer;
    } catch (error) {
      if (error instanceof ClientError && error.reason !== "closed" && error.reason !== "other unit") return error;
      throw error;
    }
  }
}

/** The candidates, the closest first; of equals the plainest. Rejects where no register was there at all, and says of each table why. */
export async function findValue(line: Requester, unit: number, search: Search): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const read = tables.map(({ fn, table }) => ({ table, reading: new TableReading({ line, unit }, fn) }));
  for (const { table, reading } of read) {
    await reading.read(search);
    const { words } = reading;
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
  if (read.every(({ reading }) => reading.words.size === 0)) throw nothingRead(unit, search, read);
  // A float that fits is seldom chance; a scaled integer often is.
  const plainness = ({ kind, scale }: Candidate): number =>
    (kind === "float" ? 0 : 1) + Math.abs(Math.log10(scale)) / 10;
  return found.sort((a, b) => plainness(a) - plainness(b) || a.off - b.off || a.address - b.address);
}

function nothingRead(
  unit: number,
  { from, to }: Search,
  read: readonly { readonly table: string; readonly reading: TableReading }[],
): ClientError {
  const failures = read.map(({ reading }) => reading.failure);
  const [first, second] = failures;
  // Both tables in the same words are said once.
  if (first !== undefined && first.message === second?.message) return first;
  const parts = read.map(({ table, reading }) => `${table} registers ${from} to ${to}: ${reading.why ?? "none"}`);
  const refused = read.some(({ reading }) => reading.refused);
  return new ClientError(`unit ${unit} shows nothing; ${parts.join("; ")}`, refused ? "refused" : first?.reason);
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
