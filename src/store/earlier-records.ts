/** Named records as the formats before this one kept them: one file, with a checksum of a record's bytes, or none. */
import type { DatabaseSync } from "node:sqlite";
import { crc32, inflateRawSync } from "node:zlib";
import type { Complaints } from "./complaints.ts";
import { packed, type Packed, type Row } from "./packing.ts";
import type { Facts } from "./record-file.ts";

/** What the checksum of a record that was deflated had besides: it was of the record itself. */
const DEFLATED = 2 ** 32;

/** Undefined of what is not what was written. Format 1 had no checksum. */
function recordOf(bytes: unknown, sum: unknown): Uint8Array | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  if (typeof sum !== "number" || sum < DEFLATED)
    return (sum ?? null) === null || crc32(bytes) === sum ? bytes : undefined;
  try {
    const whole = new Uint8Array(inflateRawSync(bytes));
    return crc32(whole) === sum - DEFLATED ? whole : undefined;
  } catch {
    return undefined;
  }
}

export function* earlierRecords(
  database: DatabaseSync,
  place: string,
  complaints: Complaints,
): Iterable<readonly [meter: string, key: string, record: Packed]> {
  for (const row of database.prepare("SELECT * FROM record").iterate()) {
    const { meter, key, bytes, sum } = row as unknown as Row;
    const found = recordOf(bytes, sum);
    if (found !== undefined) yield [String(meter), String(key), packed(found)];
    else complaints.add(`the record ${String(key)} of the store ${place} is damaged and left out`, String(meter));
  }
}

/** What such a file said of itself; `mark` for one that did not. */
export function earlierFacts(database: DatabaseSync, mark: () => bigint): Facts {
  const has = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'fact'").get() !== undefined;
  const statement = has ? database.prepare("SELECT value FROM fact WHERE name = ?") : undefined;
  statement?.setReadBigInts(true);
  const fact = (name: string): bigint | undefined => statement?.get(name)?.["value"] as bigint | undefined;
  const sequence = Number(fact("sequence") ?? 0n);
  return { store: fact("id") ?? mark(), sequence, previous: sequence, segment: 0 };
}
