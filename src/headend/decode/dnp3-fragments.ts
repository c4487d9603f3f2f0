/** Fragments of DNP3's application layer (IEEE 1815 clause 4.2), field by field. */
import { controlOf, type FragmentControl } from "#protocol/dnp3/application/fragment.ts";
import { doubleStates } from "#protocol/dnp3/application/flag-words.ts";
import { functionName, functions, isResponse } from "#protocol/dnp3/application/functions.ts";
import { indicationText } from "#protocol/dnp3/application/indication-words.ts";
import {
  prefixOf,
  readObjectHeader,
  readUnsigned,
  type ObjectHeader,
} from "#protocol/dnp3/application/object-header.ts";
import { objectRow, type ObjectRow } from "#protocol/dnp3/application/object-table.ts";
import { readFields, type DnpObject } from "#protocol/dnp3/application/objects.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { fileText } from "./dnp3-files.ts";
import { functionText, namesOnly, objectText } from "./dnp3-words.ts";
import { hex, printable } from "./hex-text.ts";

const u8 = (from: Reader): number => from.u8();

export function walkFragment(walk: Walk): void {
  const control = walk.field("control", u8, (octet) => controlText(controlOf(octet)));
  const code = walk.field("function", u8, (one) => {
    const name = functionName(one);
    return name === undefined ? `${one}, none that there is` : `${one} ${functionText(name)}`;
  });
  if (functionName(code) === undefined) walk.problem("function", "unknown", walk.at - 1, 1);
  if (isResponse(code))
    walk.field(
      "indications",
      (from) => from.u16(true),
      (iin) => indicationText(iin) || "none",
    );
  else if (code !== functions.confirm && (control & 0x30) !== 0)
    walk.problem("control", "a request asks for no confirmation, and is not unsolicited", walk.at - 2, 1);
  while (walk.from.left > 0) walkBlock(walk, !namesOnly.has(code));
}

function controlText({ first, last, confirm, unsolicited, sequence }: FragmentControl): string {
  const place = first ? (last ? "the only fragment" : "the first fragment") : last ? "the last one" : "one between";
  return [
    place,
    `sequence ${sequence}`,
    ...(confirm ? ["asks for a confirmation"] : []),
    ...(unsolicited ? ["unsolicited"] : []),
  ].join(", ");
}

function nameOf({ group, variation }: ObjectHeader, row: ObjectRow | undefined): string {
  const what = row?.what ?? (variation === 0 ? (objectRow(group, 1)?.what.replace(/,.*/, "") ?? "") : "");
  const any = variation === 0 && row === undefined ? ", any variation" : "";
  return `g${group}v${variation}${what === "" ? "" : ` ${what}`}${any}`;
}

function walkBlock(walk: Walk, hasData: boolean): void {
  const { from } = walk;
  walk.group(
    "objects",
    () => {
      const { at } = from;
      const header = walk.field("header", readObjectHeader, headerText);
      const row = objectRow(header.group, header.variation);
      const prefix = prefixOf(header.qualifier);
      const name = nameOf(header, row);
      if (header.count === Infinity) return name;
      if (hasData || prefix?.of === "size") {
        if (row === undefined) throw new WireError(`no object is g${header.group}v${header.variation}`, at);
        walkObjects(walk, header, row);
      } else if (prefix?.of === "index") walkIndices(walk, header, prefix.octets);
      return name;
    },
    (name) => name,
  );
}

const qualifierWords: Readonly<Record<string, string>> = {
  nothing: "",
  index: ", each behind its index",
  size: ", each behind its size",
};

function headerText({ qualifier, first, count }: ObjectHeader): string {
  const prefix = qualifierWords[prefixOf(qualifier)?.of ?? "nothing"] ?? "";
  const range =
    count === Infinity
      ? "all"
      : (qualifier & 0x0f) > 2
        ? `${count}`
        : count === 0
          ? `from ${first}, and to what is before it`
          : `${first} to ${first + count - 1}`;
  return `qualifier ${hex(Uint8Array.of(qualifier))}, ${range}${prefix}`;
}

function walkIndices(walk: Walk, { count }: ObjectHeader, octets: 0 | 1 | 2 | 4): void {
  for (let k = 0; k < count; k++) walk.field("index", (from) => readUnsigned(from, octets));
}

function walkObjects(walk: Walk, header: ObjectHeader, row: ObjectRow): void {
  const { layout, size } = row;
  const { count, first } = header;
  const prefix = prefixOf(header.qualifier) ?? { of: "nothing", octets: 0 };
  if (layout === "none") return;
  if ((layout === "bit" || layout === "two bits") && prefix.of === "nothing") return walkBits(walk, header, row);
  if (layout === "sized" && prefix.of !== "size") throw new WireError(`${row.what} without its size`, walk.from.at);
  const isNumbered = (header.qualifier & 0x0f) <= 2;
  // Each has an octet at least: what is cut ends it.
  for (let k = 0; k < count; k++)
    walk.field(
      isNumbered ? String(first + k) : "object",
      (from) => {
        const before = readUnsigned(from, prefix.octets);
        return { before, octets: from.bytes(prefix.of === "size" ? before : Math.max(1, size)) };
      },
      ({ before, octets }) => {
        const place = prefix.of === "index" ? `${before}: ` : "";
        return `${place}${valueText(header, row, octets)}`;
      },
    );
}

function valueText({ group, variation }: ObjectHeader, { layout }: ObjectRow, octets: Uint8Array): string {
  if (layout === "bit" || layout === "two bits") return bitText(layout, octets[0] ?? 0);
  if (layout === "sized") return fileText(variation, octets);
  if (typeof layout === "string" || layout.length === 0) return printable(octets) ?? hex(octets);
  const object: DnpObject = readFields(octets, layout, 0);
  return objectText(
    group,
    object,
    layout.map(([name]) => name),
  );
}

function bitText(layout: "bit" | "two bits", value: number): string {
  if (layout === "bit") return (value & 1) === 0 ? "off" : "on";
  return doubleStates[value & 3] ?? "";
}

/** Packed points: a line an octet. */
function walkBits(walk: Walk, { first, count }: ObjectHeader, { layout }: ObjectRow): void {
  const [bits, kind] = layout === "bit" ? ([1, "bit"] as const) : ([2, "two bits"] as const);
  const each = 8 / bits;
  for (let k = 0; k < count; k += each) {
    const last = Math.min(k + each, count) - 1;
    walk.field(k === last ? String(first + k) : `${first + k} to ${first + last}`, u8, (octet) =>
      Array.from({ length: last - k + 1 }, (_, n) => bitText(kind, octet >> (n * bits))).join(", "),
    );
  }
}
