/**
 * PPDUs of the presentation kernel in normal mode (ISO 8823-1, X.226, 8.2): a connection agrees on contexts, an abstract syntax with its encoding by
 * a number that the caller chooses, and data go by that number.
 */
import { BerReader, type BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { objectIdentifierBytes, objectIdentifierOf } from "#wire/object-identifier.ts";

/** Abstract syntaxes: of ACSE, and of MMS; and the basic encoding rules, by which both are written. */
export const syntaxes = { acse: "2.2.1.0.1", mms: "1.0.9506.2.1", ber: "2.1.1" } as const;

/** Contexts that a caller may offer. */
const MOST_CONTEXTS = 16;
/** Values of one PPDU. */
const MOST_VALUES = 32;

/** What is sent in a context: octets of one value. */
export interface PresentationValue {
  readonly context: number;
  readonly content: Uint8Array;
}

export interface OfferedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** What becomes of an offered context; the reason is the provider's (8.2, Result). */
export type ContextResult = "accepted" | "noSuchSyntax" | "noSuchEncoding";

/** CP. */
export interface ConnectPpdu {
  readonly calling: Uint8Array | undefined;
  readonly called: Uint8Array | undefined;
  readonly contexts: readonly OfferedContext[];
  readonly values: readonly PresentationValue[];
}

/** CPA, or CPR: what becomes of each context in the order in which they were offered, true where it is accepted. */
export interface AnswerPpdu {
  readonly accepted: readonly boolean[];
  readonly values: readonly PresentationValue[];
}

const tags = {
  set: 0x31,
  sequence: 0x30,
  number: 0x02,
  objectIdentifier: 0x06,
  mode: 0xa0,
  normal: 0xa2,
  calling: 0x81,
  called: 0x82,
  responding: 0x83,
  contexts: 0xa4,
  results: 0xa5,
  providerReason: 0x8a,
  simple: 0x60,
  encoded: 0x61,
  single: 0xa0,
  octets: 0x81,
  aru: 0xa0,
} as const;

/** Why the provider says no (CPR), or ends it (ARP). */
export const providerReasons = { notSpecified: 0, userDataNotReadable: 6 } as const;
export const abortReasons = { notSpecified: 0, unrecognised: 1, unexpected: 2, invalidValue: 6 } as const;

function selector(reader: BerReader): Uint8Array {
  const content = reader.content();
  if (content.length > 16) throw new WireError("a presentation selector of more than 16 octets", reader.from);
  return content.slice();
}

/** Values of fully encoded data, whose element `reader` has found. */
export function valuesOf(reader: BerReader): readonly PresentationValue[] {
  if (reader.tag !== tags.encoded) throw new WireError("expected fully encoded presentation data", reader.from);
  const found: PresentationValue[] = [];
  for (const list = reader.inner(); list.next();) {
    if (list.tag !== tags.sequence) throw new WireError("expected a list of presentation values", list.from);
    if (found.length === MOST_VALUES) throw new WireError(`more than ${MOST_VALUES} presentation values`, list.from);
    found.push(valueOf(list.inner()));
  }
  return found;
}

function valueOf(value: BerReader): PresentationValue {
  let context: number | undefined;
  while (value.next()) {
    // The encoding is the agreed one, whether it is said again or not.
    if (value.tag === tags.objectIdentifier) continue;
    if (value.tag === tags.number) context = value.integer();
    else if ((value.tag === tags.single || value.tag === tags.octets) && context !== undefined)
      return { context, content: value.content() };
    else throw new WireError("a presentation value of another kind", value.from);
  }
  throw new WireError("a presentation value that is not there", value.at);
}

/** The values of one PPDU of data, octets [from, to). */
export function dataValues(bytes: Uint8Array, from: number, to: number): readonly PresentationValue[] {
  const reader = new BerReader(bytes, from, to);
  if (!reader.next()) throw new WireError("session data without a PPDU", from);
  return valuesOf(reader);
}

function contextsOf(reader: BerReader): readonly OfferedContext[] {
  const found: OfferedContext[] = [];
  for (const list = reader.inner(); list.next();) {
    if (found.length === MOST_CONTEXTS) throw new WireError(`more than ${MOST_CONTEXTS} contexts`, list.from);
    const item = list.inner();
    const id = item.expect(tags.number, "a context's number").integer();
    const abstractSyntax = objectIdentifierOf(item.expect(tags.objectIdentifier, "an abstract syntax").content());
    const transferSyntaxes: string[] = [];
    for (const names = item.expect(tags.sequence, "transfer syntaxes").inner(); names.next();)
      transferSyntaxes.push(objectIdentifierOf(names.content()));
    found.push({ id, abstractSyntax, transferSyntaxes });
  }
  return found;
}

/** CP of a connection's user data. */
export function connectPpdu(bytes: Uint8Array): ConnectPpdu {
  const outer = new BerReader(bytes).expect(tags.set, "a CP").inner();
  const normal = normalOf(outer);
  let calling: Uint8Array | undefined;
  let called: Uint8Array | undefined;
  let contexts: readonly OfferedContext[] = [];
  let values: readonly PresentationValue[] = [];
  while (normal.next()) {
    if (normal.tag === tags.calling) calling = selector(normal);
    else if (normal.tag === tags.called) called = selector(normal);
    else if (normal.tag === tags.contexts) contexts = contextsOf(normal);
    else if (normal.tag === tags.encoded) values = valuesOf(normal);
  }
  return { calling, called, contexts, values };
}

/** The parameters of normal mode, whatever the order of the set is. */
function normalOf(outer: BerReader): BerReader {
  let isNormal = false;
  let normal: BerReader | undefined;
  while (outer.next()) {
    if (outer.tag === tags.mode) isNormal = outer.inner().expect(0x80, "a mode").integer() === 1;
    else if (outer.tag === tags.normal) normal = outer.inner();
  }
  if (!isNormal || normal === undefined) throw new WireError("a presentation connection not of normal mode", outer.at);
  return normal;
}

/** CPA, a set, or CPR, a sequence. */
export function answerPpdu(bytes: Uint8Array): AnswerPpdu {
  const outer = new BerReader(bytes);
  if (!outer.next() || (outer.tag !== tags.set && outer.tag !== tags.sequence))
    throw new WireError("expected a CPA or a CPR", 0);
  const normal = outer.tag === tags.set ? normalOf(outer.inner()) : outer.inner();
  const accepted: boolean[] = [];
  let values: readonly PresentationValue[] = [];
  while (normal.next()) {
    if (normal.tag === tags.encoded) values = valuesOf(normal);
    if (normal.tag !== tags.results) continue;
    for (const list = normal.inner(); list.next();)
      accepted.push(list.inner().expect(0x80, "what becomes of a context").integer() === 0);
  }
  return { accepted, values };
}

/** Goes before what was written since `mark`: the value of a context, alone in its PPDU. */
export function writeValue(out: BerWriter, mark: number, context: number): BerWriter {
  return out.wrap(tags.single, mark).integer(tags.number, context).wrap(tags.sequence, mark).wrap(tags.encoded, mark);
}

/** CP before the value that was written since `mark`. */
export function writeConnect(
  out: BerWriter,
  mark: number,
  {
    calling,
    called,
    contexts,
  }: { readonly calling: Uint8Array; readonly called: Uint8Array; readonly contexts: readonly OfferedContext[] },
): BerWriter {
  const listMark = out.written;
  for (const { id, abstractSyntax, transferSyntaxes } of contexts.toReversed()) {
    const itemMark = out.written;
    for (const name of transferSyntaxes.toReversed()) out.octets(tags.objectIdentifier, objectIdentifierBytes(name));
    out.wrap(tags.sequence, itemMark);
    out.octets(tags.objectIdentifier, objectIdentifierBytes(abstractSyntax)).integer(tags.number, id);
    out.wrap(tags.sequence, itemMark);
  }
  out.wrap(tags.contexts, listMark).octets(tags.called, called).octets(tags.calling, calling);
  return writeMode(out.wrap(tags.normal, mark), mark);
}

function writeMode(out: BerWriter, mark: number): BerWriter {
  const inner = out.written;
  return out.integer(0x80, 1).wrap(tags.mode, inner).wrap(tags.set, mark);
}

function writeResults(out: BerWriter, results: readonly ContextResult[]): void {
  const listMark = out.written;
  for (const result of results.toReversed()) {
    const mark = out.written;
    if (result === "accepted") out.octets(0x81, objectIdentifierBytes(syntaxes.ber)).integer(0x80, 0);
    // Provider rejection.
    else out.integer(0x82, result === "noSuchSyntax" ? 1 : 2).integer(0x80, 2);
    out.wrap(tags.sequence, mark);
  }
  out.wrap(tags.results, listMark);
}

/** CPA before the value that was written since `mark`; `responding` is the selector that was called. */
export function writeAccept(
  out: BerWriter,
  mark: number,
  results: readonly ContextResult[],
  responding: Uint8Array | undefined,
): BerWriter {
  writeResults(out, results);
  if (responding !== undefined) out.octets(tags.responding, responding);
  return writeMode(out.wrap(tags.normal, mark), mark);
}

/** CPR before the value that was written since `mark`, which may be none: of a user, or with a reason of the provider's. */
export function writeRefuse(
  out: BerWriter,
  mark: number,
  results: readonly ContextResult[],
  reason: number | undefined,
): BerWriter {
  if (reason !== undefined) out.integer(tags.providerReason, reason);
  if (results.length > 0) writeResults(out, results);
  return out.wrap(tags.sequence, mark);
}

/** ARU before the value that was written since `mark`. */
export function writeUserAbort(out: BerWriter, mark: number): BerWriter {
  return out.wrap(tags.aru, mark);
}

/** ARP. */
export function writeProviderAbort(out: BerWriter, reason: number): BerWriter {
  const mark = out.written;
  return out.integer(0x80, reason).wrap(tags.sequence, mark);
}
