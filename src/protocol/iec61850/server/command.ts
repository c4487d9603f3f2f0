/** What a client wants of a control (IEC 61850-7-2, 20.5.2): Oper, SBOw and Cancel with their values. */
import type { BerWriter } from "#wire/ber.ts";
import { writeLeaf } from "#protocol/iec61850/mms/attribute-data.ts";
import { dataTags } from "#protocol/iec61850/mms/data-codec.ts";
import type { Attribute, Structure } from "#protocol/iec61850/model/ied.ts";
import { isSameValue, type LeafValue } from "#protocol/iec61850/model/value.ts";

export interface Command {
  /** "Oper", "SBOw" or "Cancel". */
  readonly structure: Structure;
  /** Of its leaves, in their order. */
  readonly values: readonly LeafValue[];
  readonly value: LeafValue;
  /** Who wants it (orCat, 0 to 8), and as whom (orIdent). */
  readonly category: number;
  readonly identification: Uint8Array;
  readonly number: number;
  readonly isTest: boolean;
}

const nobody = new Uint8Array(0);

export function commandOf(structure: Structure, values: readonly LeafValue[]): Command {
  const paths = pathsOf(structure.fields, "");
  const of = (path: string): LeafValue => values[paths.findIndex((one) => one === path || one.startsWith(`${path}.`))];
  const [category, identification, number] = [of("origin.orCat"), of("origin.orIdent"), of("ctlNum")];
  return {
    structure,
    values,
    value: of("ctlVal"),
    category: typeof category === "number" ? category : 0,
    identification: identification instanceof Uint8Array ? identification : nobody,
    number: typeof number === "number" ? number : 0,
    isTest: of("Test") === true,
  };
}

function pathsOf(fields: readonly Attribute[], before: string): string[] {
  return fields.flatMap((field) => {
    if (field.kind === "leaf") return [before + field.name];
    return field.kind === "structure" ? pathsOf(field.fields, `${before}${field.name}.`) : [];
  });
}

/** Whether it is the same client, and his same command. */
export function isOfSame(a: Command, b: Command): boolean {
  return a.category === b.category && a.number === b.number && isSameValue(a.identification, b.identification);
}

/** The same as a value of MMS. */
export function writeCommand(out: BerWriter, { structure, values }: Command): void {
  writeFields(out, structure, values, values.length);
}

/** Those of the leaves before `end`; it returns where they begin. */
function writeFields(out: BerWriter, { fields }: Structure, values: readonly LeafValue[], end: number): number {
  const mark = out.written;
  let at = end;
  for (let k = fields.length - 1; k >= 0; k--) {
    const field = fields[k];
    if (field?.kind === "structure") at = writeFields(out, field, values, at);
    else if (field?.kind === "leaf") writeLeaf(out, field, values[--at]);
  }
  out.wrap(dataTags.structure, mark);
  return at;
}
