/** What several services of xDLMS are made of, field by field (Green Book 9.5). */
import { readActionResult, readAccessResult, readFlag } from "#protocol/dlms/apdu/references.ts";
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { readLength } from "#protocol/dlms/data/length.ts";
import { logicalNameOf } from "#protocol/dlms/data/logical-name.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { walkData } from "./dlms-data.ts";
import { attributeText, classText } from "./dlms-words.ts";
import { hex } from "./hex-text.ts";

export const u8 = (from: Reader): number => from.u8();
export const u16 = (from: Reader): number => from.u16();
export const u32 = (from: Reader): number => from.u32();
export const yesNo = (flag: boolean): string => (flag ? "yes" : "no");
export const raw = (bytes: Uint8Array): string => `${bytes.length} bytes: ${hex(bytes)}`;

/** Cosem-Attribute-Descriptor and Cosem-Method-Descriptor. */
export function walkDescriptor(walk: Walk, what: "attribute" | "method"): void {
  const classId = walk.field("class", u16, classText);
  walk.field("object", (from) => logicalNameOf(from.bytes(6)));
  walk.field(what, u8, (id) => (what === "method" ? String(id) : attributeText(classId, id)));
}

const selectors: Readonly<Record<number, string>> = { 1: "1, by range", 2: "2, by entry" };

/** Selective-Access-Descriptor. */
export function walkSelection(walk: Walk, manner: Manner | undefined): void {
  walk.field("selector", u8, (selector) => selectors[selector] ?? String(selector));
  walkData(walk, "parameters", manner);
}

/** Cosem-Attribute-Descriptor-With-Selection. */
export function walkAttribute(walk: Walk, manner: Manner | undefined): void {
  walkDescriptor(walk, "attribute");
  if (walk.field("selection", readFlag, yesNo)) walkSelection(walk, manner);
}

/** As many as are said, by their places. */
export function walkList(walk: Walk, name: string, one: (place: string) => void): void {
  walk.group(
    name,
    () => {
      const count = walk.field("count", readLength);
      if (count > walk.from.left)
        throw new WireError(`a list of ${count} where ${walk.from.left} bytes are left`, walk.from.at);
      for (let k = 1; k <= count; k++) one(String(k));
      return count;
    },
    (count) => `list of ${count}`,
  );
}

export function walkAccessResult(walk: Walk, name = "data-access-result"): void {
  walk.field(name, readAccessResult);
}

export function walkActionResult(walk: Walk): void {
  walk.field("action-result", readActionResult);
}
