/** Self reads: registers as they were at set times, the newest of them. */
import { namedState } from "#meter/named-state.ts";
import type { RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { plainReading, readingOf } from "./stored-readings.ts";
import { nextOf, StoredSeries, type SeriesShape } from "#store/stored-series.ts";
import type { MeterStore } from "#store/store.ts";

export interface StoredSelfRead {
  readonly sequence: number;
  readonly at: Stamp;
  readonly systemBits: number;
  readonly registers: readonly RegisterReading[];
}

/** Self reads that are kept. */
export const SELF_READS = 96;

const PREFIX = "self-read/";
const SelfReadState = namedState("next", "ordered");

function encode(read: StoredSelfRead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...read, registers: read.registers.map(plainReading) }));
}

/** Undefined of what there is not: a read that was cleared. */
function readOf(bytes: Uint8Array): StoredSelfRead | undefined {
  if (bytes.length === 0) return undefined;
  const read = JSON.parse(new TextDecoder().decode(bytes)) as StoredSelfRead;
  return { ...read, registers: read.registers.map(readingOf) };
}

const shape: SeriesShape<StoredSelfRead> = {
  prefix: PREFIX,
  capacity: SELF_READS,
  encode,
  decode(bytes, sequence) {
    const read = readOf(bytes);
    return read?.sequence === sequence ? read : undefined;
  },
  at: (read) => read.at.utc,
  holds: ({ at, registers }) => Number.isFinite(at.utc) && registers.every(({ id }) => Number.isInteger(id)),
};

export class SelfReads extends StoredSeries<StoredSelfRead> {
  /** `memory` gives the numbers that outlast everything; NaN at first. */
  constructor(store: MeterStore, memory: (name: string, count: number, initial: number) => Float64Array) {
    const place = new SelfReadState(memory("self-reads", SelfReadState.size, NaN));
    if (Number.isNaN(place.next)) {
      place.next = nextOf(store, PREFIX, (bytes) => readOf(bytes)?.sequence ?? -1);
      place.ordered = 0;
    }
    super(store, shape, place);
  }
}
