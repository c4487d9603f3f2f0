/** ACSE and xDLMS Initiate, field by field (Green Book 9.4, 9.5). */
import {
  aareElements,
  aarqElements,
  ber,
  contextOf,
  diagnosticSources,
  hasFirstBit,
  mechanismOf,
  releaseElements,
} from "#protocol/dlms/apdu/acse-elements.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { associateResults, diagnostics } from "#protocol/dlms/apdu/association.ts";
import { smallInteger } from "#protocol/dlms/apdu/ber.ts";
import { readConformanceBits, readQuality } from "#protocol/dlms/apdu/initiate.ts";
import { readFlag, readOctets } from "#protocol/dlms/apdu/references.ts";
import { readLength } from "#protocol/dlms/data/length.ts";
import type { Reader } from "#wire/cursor.ts";
import type { Annotated, Walk } from "./annotated.ts";
import { octetsText } from "./dlms-data.ts";
import { conformanceText } from "./dlms-words.ts";
import { hex } from "./hex-text.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16();

const names: Readonly<Record<number, readonly [name: string, elements: Readonly<Record<string, number>>]>> = {
  [apduTags.aarq]: ["AARQ, asks for an association", aarqElements],
  [apduTags.aare]: ["AARE, answers it", aareElements],
  [apduTags.rlrq]: ["RLRQ, asks to release the association", releaseElements],
  [apduTags.rlre]: ["RLRE, answers it", releaseElements],
};

export function isAcse(tag: number): boolean {
  return names[tag] !== undefined;
}

/** What user-information has in it is told by `annotate`, since it may be ciphered. */
type Annotate = (bytes: Uint8Array, offset: number) => readonly Annotated[];

function wordFor(table: Readonly<Record<string, number>>, number: number): string {
  return Object.keys(table).find((word) => table[word] === number) ?? String(number);
}

const bits = (bytes: Uint8Array, set: string): string => (hasFirstBit(bytes) ? set : `none (${hex(bytes)})`);

/** What an element says by its name; undefined where its bytes say all that there is. */
function meaningOf(name: string, content: Uint8Array): string | undefined {
  switch (name) {
    case "protocol-version":
      return bits(content, "version 1");
    case "sender-acse-requirements":
    case "responder-acse-requirements":
      return bits(content, "authentication");
    case "application-context-name":
      return contextOf(content) ?? `none of DLMS (${hex(content)})`;
    case "mechanism-name":
      return mechanismOf(content) ?? `none of DLMS (${hex(content)})`;
    case "result":
      return wordFor(associateResults, smallInteger(content, 0));
    case "reason":
      return wordFor({ normal: 0, urgent: 1, "user-defined": 30 }, smallInteger(content, 0));
    default:
      return undefined;
  }
}

/** Elements with one element in them: all that COSEM has but those of context tags without. */
const isExplicit = (tag: number): boolean => (tag & 0x20) !== 0;

function walkElement(walk: Walk, elements: Readonly<Record<string, number>>, information: Annotate): void {
  const { from } = walk;
  const tag = from.u8();
  const name = wordFor(elements, tag);
  from.at--;
  walk.group(name, () => {
    walk.field("element", u8, () => hex(Uint8Array.of(tag)));
    const length = walk.field("length", readLength);
    if (name === "result-source-diagnostic") return walkDiagnostic(walk);
    if (!isExplicit(tag)) {
      walk.field(
        "value",
        (reader) => reader.bytes(length),
        (bytes) => meaningOf(name, bytes) ?? octetsText(bytes),
      );
      return;
    }
    const { at: start } = from;
    const type = walk.field("type", u8, (one) => wordFor(ber, one));
    const inner = walk.field("length", readLength);
    // Servers are about that forget what stands around the octet string.
    if (from.at - start + inner !== length)
      walk.problem("length", `of what is around it ${length}, where ${from.at - start + inner} were expected`);
    if (name === "user-information") return walk.within("contents", inner, information);
    walk.field(
      "value",
      (reader) => reader.bytes(inner),
      (bytes) =>
        type === ber.integer && name !== "result"
          ? String(smallInteger(bytes, 0))
          : (meaningOf(name, bytes) ?? octetsText(bytes)),
    );
  });
}

function walkDiagnostic(walk: Walk): void {
  const by = walk.field("by", u8, (one) => wordFor(diagnosticSources, one));
  walk.field("length", readLength);
  walk.field("type", u8, (type) => wordFor(ber, type));
  const length = walk.field("length", readLength);
  const words = by === diagnosticSources.user ? diagnostics : { "no-reason-given": 1, "no-common-acse-version": 2 };
  walk.field(
    "diagnostic",
    (reader) => smallInteger(reader.bytes(length), reader.at),
    (code) => `${code}, ${wordFor(words, code)}`,
  );
}

/** AARQ, AARE, RLRQ, RLRE. */
export function walkAcse(walk: Walk, information: Annotate): void {
  const { from } = walk;
  const tag = walk.field("APDU", u8, (one) => names[one]?.[0] ?? "none of ACSE");
  const [, elements] = names[tag] ?? ["", {}];
  const length = walk.field("length", readLength);
  if (length !== from.left) walk.problem("length", `${length}, where ${from.left} bytes follow`);
  while (from.left > 0) walkElement(walk, elements, information);
}

function walkConformance(walk: Walk): void {
  walk.field("conformance", readConformanceBits, conformanceText);
}

const yesNo = (flag: boolean): string => (flag ? "yes" : "no");
const qualityText = ({ qualityOfService }: { readonly qualityOfService?: number }): string =>
  String(qualityOfService ?? "not said");

export function isInitiate(tag: number): boolean {
  return tag === apduTags["initiate-request"] || tag === apduTags["initiate-response"];
}

/** InitiateRequest and InitiateResponse. */
export function walkInitiate(walk: Walk): void {
  const tag = walk.field("APDU", u8, (one) =>
    one === apduTags["initiate-request"] ? "initiate-request" : "initiate-response",
  );
  if (tag === apduTags["initiate-request"]) {
    if (walk.field("has dedicated key", readFlag, yesNo)) walk.field("dedicated key", readOctets, hex);
    walk.field(
      "response allowed",
      (from) => (readFlag(from) ? readFlag(from) : undefined),
      (allowed) => (allowed === undefined ? "yes, as nothing is said" : yesNo(allowed)),
    );
    walk.field("quality of service", readQuality, qualityText);
    walk.field("DLMS version", u8);
    walkConformance(walk);
    walk.field("client's longest APDU", u16, (bytes) => (bytes === 0 ? "no limit" : `${bytes} bytes`));
    return;
  }
  walk.field("quality of service", readQuality, qualityText);
  walk.field("DLMS version", u8);
  walkConformance(walk);
  walk.field("server's longest APDU", u16, (bytes) => (bytes === 0 ? "no limit" : `${bytes} bytes`));
  walk.field("VAA name", u16, (name) =>
    name === 7 ? "0007, logical names" : hex(Uint8Array.of(name >> 8, name & 0xff)),
  );
}
