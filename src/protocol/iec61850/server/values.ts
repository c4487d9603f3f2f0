/** Values of variables as MMS has them: the meter's own, and those that are served beside them. */
import type { BerWriter } from "#wire/ber.ts";
import { writeLeaf } from "#protocol/iec61850/mms/attribute-data.ts";
import { dataTags } from "#protocol/iec61850/mms/data-codec.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { AccessError } from "./host.ts";
import type { NamedVariable } from "./named-variable.ts";
import type { Asker, ServedLeaf } from "./served.ts";

/** More than a PDU has room for. */
export class TooLong extends Error {}

/** Of one whose leaves are all the meter's. */
export function writeLeaves(out: BerWriter, variable: NamedVariable, values: readonly LeafValue[]): void {
  const { leaf } = variable;
  if (leaf !== undefined) {
    writeLeaf(out, leaf, values[leaf.index]);
    return;
  }
  const mark = out.written;
  const { fields } = variable;
  for (let k = fields.length - 1; k >= 0; k--) {
    const field = fields[k];
    if (field !== undefined) writeLeaves(out, field, values);
  }
  out.wrap(variable.kind === "array" ? dataTags.array : dataTags.structure, mark);
}

/** Writes what variables have now, for one who asks. */
export class ValueWriter {
  readonly out: BerWriter;
  readonly values: readonly LeafValue[];
  readonly asker: Asker;
  readonly #most: number;
  /** Whether all that has been written are the meter's own values: everybody gets the same. */
  everybodys = true;

  /** It throws TooLong beyond `most` octets in `out`. */
  constructor(out: BerWriter, values: readonly LeafValue[], asker: Asker, most: number) {
    this.out = out;
    this.values = values;
    this.asker = asker;
    this.#most = most;
  }

  /** Undefined where its data have been written; else nothing has been. `isAlone` where it is not read as part of another. */
  write(variable: NamedVariable, isAlone = true): AccessError | undefined {
    const { out } = this;
    if (out.written > this.#most) throw new TooLong();
    const { leaf, served } = variable;
    if (leaf !== undefined) {
      writeLeaf(out, leaf, this.values[leaf.index]);
      return undefined;
    }
    if (served !== undefined) return this.#serve(served, isAlone);
    const mark = out.written;
    const { fields } = variable;
    for (let k = fields.length - 1; k >= 0; k--) {
      const field = fields[k];
      const error = field === undefined ? undefined : this.write(field, false);
      if (error === undefined) continue;
      out.cut(mark);
      return error;
    }
    out.wrap(variable.kind === "array" ? dataTags.array : dataTags.structure, mark);
    return undefined;
  }

  #serve(served: ServedLeaf, isAlone: boolean): AccessError | undefined {
    this.everybodys = false;
    const value = served.read(this.asker, isAlone);
    if (isError(value)) return value.error;
    writeLeaf(this.out, served, value);
    return undefined;
  }
}

function isError(value: LeafValue | { readonly error: AccessError }): value is { readonly error: AccessError } {
  return typeof value === "object" && "error" in value;
}
