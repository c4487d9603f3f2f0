/** Status mapping: a status word, and what its bits are in a table (Blue Book 4.3.9, class_id 63, version 0). */
import { array, longUnsigned, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { Asker, CosemObject, Denied } from "./object.ts";

export interface StatusMapping {
  readonly word: (asker: Asker) => Data | Denied;
  /** Number of the reference table. */
  readonly table: number;
  /** The entry in it of each bit, the lowest first. */
  readonly entries: readonly number[];
}

export function statusMapping(logicalName: LogicalName, { word, table, entries }: StatusMapping): CosemObject {
  const mapping = structure(unsigned(table), array(entries.map((entry) => longUnsigned(entry))));
  return {
    classId: 63,
    version: 0,
    logicalName,
    attributes: [readAttribute(2, "status_word", word), readAttribute(3, "mapping_table", () => mapping)],
    methods: [],
  };
}
