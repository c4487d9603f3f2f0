/** Which variables are meant (ISO 9506-2, VariableAccessSpecification), and which parts of them (AlternateAccess). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Data, ObjectName } from "./data.ts";
import { decodeData, encodeData, MOST_NESTED } from "./data-codec.ts";
import { decodeNameWithin, encodeObjectName } from "./object-name.ts";

export type VariableAccess =
  | { readonly kind: "variables"; readonly variables: readonly Variable[] }
  | { readonly kind: "list"; readonly name: ObjectName };

export type Variable =
  | { readonly kind: "name"; readonly name: ObjectName; readonly alternate?: AlternateAccess | undefined }
  /** By address or description: what IEC 61850 does not have. */
  | { readonly kind: "other"; readonly tag: number; readonly content: Uint8Array };

/** Parts of a variable, one after the other. */
export type AlternateAccess = readonly Selection[];

export interface Selection {
  /** What the part is called in the answer. */
  readonly named?: string | undefined;
  readonly part: Part;
  /** Parts of the part. */
  readonly within?: AlternateAccess | undefined;
}

export type Part =
  | { readonly kind: "component"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "range"; readonly first: number; readonly count: number }
  | { readonly kind: "all" };

/** What reading has given: a value, or why there is none (DataAccessError). */
export type AccessResult = Data | { readonly kind: "failure"; readonly error: number };

/** Of the element that the reader has found. */
export function decodeVariableAccess(reader: BerReader): VariableAccess {
  if (reader.tag === 0xa0) return { kind: "variables", variables: decodeVariables(reader) };
  if (reader.tag === 0xa1) return { kind: "list", name: decodeNameWithin(reader) };
  throw new WireError(`no access to variables has tag ${reader.tag.toString(16)}`, reader.from);
}

export function encodeVariableAccess(out: BerWriter, access: VariableAccess): void {
  if (access.kind === "variables") {
    encodeVariables(out, 0xa0, access.variables);
    return;
  }
  const mark = out.written;
  encodeObjectName(out, access.name);
  out.wrap(0xa1, mark);
}

/** Of the sequences in the element that the reader has found. */
export function decodeVariables(reader: BerReader): Variable[] {
  const variables: Variable[] = [];
  const list = reader.inner();
  while (list.at < list.end) variables.push(decodeVariable(list.expect(0x30, "a variable").inner()));
  return variables;
}

function decodeVariable(inner: BerReader): Variable {
  if (!inner.next()) throw new WireError("a variable without its specification", inner.at);
  if (inner.tag !== 0xa0) return { kind: "other", tag: inner.tag, content: inner.content().slice() };
  const name = decodeNameWithin(inner);
  if (!inner.next()) return { kind: "name", name };
  const behind: number = inner.tag;
  if (behind !== 0xa5) throw new WireError("a variable with more than an alternate access", inner.from);
  return { kind: "name", name, alternate: decodeAlternateAccess(inner, MOST_NESTED) };
}

export function encodeVariables(out: BerWriter, tag: number, variables: readonly Variable[]): void {
  const mark = out.written;
  for (const variable of variables.toReversed()) {
    const start = out.written;
    if (variable.kind === "other") out.octets(variable.tag, variable.content);
    else {
      if (variable.alternate !== undefined) encodeAlternateAccess(out, 0xa5, variable.alternate);
      const before = out.written;
      encodeObjectName(out, variable.name);
      out.wrap(0xa0, before);
    }
    out.wrap(0x30, start);
  }
  out.wrap(tag, mark);
}

function decodeAlternateAccess(reader: BerReader, nested: number): Selection[] {
  if (nested === 0) throw new WireError("an alternate access that is nested too deep", reader.from);
  const selections: Selection[] = [];
  const list = reader.inner();
  while (list.next()) {
    if (list.tag !== 0xa5) {
      selections.push(decodeSelection(list, nested));
      continue;
    }
    const inner = list.inner();
    const named = inner.expect(0x80, "the name of a part").latin1();
    if (!inner.next()) throw new WireError("a name of no part", inner.at);
    selections.push({ named, ...decodeSelection(inner, nested) });
  }
  return selections;
}

function decodeSelection(reader: BerReader, nested: number): Selection {
  if (reader.tag !== 0xa0) return { part: decodePart(reader, reader.tag - 1) };
  const inner = reader.inner();
  if (!inner.next()) throw new WireError("a selection of nothing", inner.at);
  const part = decodePart(inner, inner.tag);
  return { part, within: decodeAlternateAccess(inner.expect(0x30, "parts of a part"), nested - 1) };
}

/** By the tags that it has where parts of it are chosen; where it is whole, each is one more. */
function decodePart(reader: BerReader, tag: number): Part {
  switch (tag) {
    case 0x80:
      return { kind: "component", name: reader.latin1() };
    case 0x81:
      return { kind: "index", index: reader.unsigned() };
    case 0xa2: {
      const inner = reader.inner();
      const first = inner.expect(0x80, "the first of a range").unsigned();
      return { kind: "range", first, count: inner.expect(0x81, "how many a range has").unsigned() };
    }
    case 0x83:
      return { kind: "all" };
    default:
      throw new WireError(`no part has tag ${reader.tag.toString(16)}`, reader.from);
  }
}

function encodeAlternateAccess(out: BerWriter, tag: number, access: AlternateAccess): void {
  const mark = out.written;
  for (const { named, part, within } of access.toReversed()) {
    const start = out.written;
    if (within === undefined) encodePart(out, part, 1);
    else {
      encodeAlternateAccess(out, 0x30, within);
      encodePart(out, part, 0);
      out.wrap(0xa0, start);
    }
    if (named !== undefined) out.latin1(0x80, named).wrap(0xa5, start);
  }
  out.wrap(tag, mark);
}

function encodePart(out: BerWriter, part: Part, whole: 0 | 1): void {
  switch (part.kind) {
    case "component":
      out.latin1(0x80 + whole, part.name);
      return;
    case "index":
      out.integer(0x81 + whole, part.index);
      return;
    case "range": {
      const mark = out.written;
      out
        .integer(0x81, part.count)
        .integer(0x80, part.first)
        .wrap(0xa2 + whole, mark);
      return;
    }
    case "all":
      out.null(0x83 + whole);
  }
}

/** Of the items in the element that the reader has found. */
export function decodeResults(reader: BerReader): AccessResult[] {
  const results: AccessResult[] = [];
  const list = reader.inner();
  while (list.next()) results.push(list.tag === 0x80 ? { kind: "failure", error: list.unsigned() } : decodeData(list));
  return results;
}

export function encodeResults(out: BerWriter, tag: number, results: readonly AccessResult[]): void {
  const mark = out.written;
  for (const result of results.toReversed()) {
    if (result.kind === "failure") out.integer(0x80, result.error);
    else encodeData(out, result);
  }
  out.wrap(tag, mark);
}
