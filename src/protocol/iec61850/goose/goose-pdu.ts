/**
 * PDUs of GOOSE (IEC 61850-8-1, 18.1 and annex A): what is told of a control block besides its values, and those as octets, which somebody who
 * has them already need not look at.
 */
import { BerReader, type BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { decodeDataList } from "#protocol/iec61850/mms/data-codec.ts";
import { readUtcTime, writeUtcTime } from "#protocol/iec61850/mms/time-octets.ts";
import type { IedTime } from "#protocol/iec61850/model/value.ts";

/** Of the PDU, and of its values. */
export const GOOSE_PDU = 0x61;
export const ALL_DATA = 0xab;

/** The greatest number of a state or of a repetition: 1 comes after it. */
export const MOST_NUMBER = 0xffff_ffff;

/** Characters of a reference (ObjectReference of edition 2). */
const MOST_CHARACTERS = 129;

export interface GooseHead {
  /** "JEM01MTR/LLN0$GO$gcbDI". */
  readonly controlBlock: string;
  /** Milliseconds within which the next one comes. */
  readonly timeAllowedToLive: number;
  /** "JEM01MTR/LLN0$DI". */
  readonly dataSet: string;
  /** Undefined where it was not sent. */
  readonly goId: string | undefined;
  /** When the state began. */
  readonly t: IedTime;
  /** Of the state, and of the repetition in it. */
  readonly stNum: number;
  readonly sqNum: number;
  /** "test" of edition 1. */
  readonly simulated: boolean;
  readonly configRevision: number;
  readonly needsCommissioning: boolean;
  /** Values that it says it has. */
  readonly entries: number;
}

export interface GoosePdu extends GooseHead {
  /** Content of the list of values, a view on the frame. */
  readonly allData: Uint8Array;
}

const tags = {
  controlBlock: 0x80,
  timeAllowedToLive: 0x81,
  dataSet: 0x82,
  goId: 0x83,
  t: 0x84,
  stNum: 0x85,
  sqNum: 0x86,
  simulated: 0x87,
  configRevision: 0x88,
  needsCommissioning: 0x89,
  entries: 0x8a,
} as const;

function number32(reader: BerReader): number {
  const value = reader.unsigned();
  if (value > MOST_NUMBER) throw new WireError("a number of more than 32 bits", reader.from);
  return value;
}

function reference(reader: BerReader): string {
  if (reader.to - reader.from > MOST_CHARACTERS)
    throw new WireError(`a name of more than ${MOST_CHARACTERS} characters`, reader.from);
  return reader.latin1();
}

/** Of octets that begin with the PDU; what stands behind it is padding. Throws WireError of what is none. */
export function readGoosePdu(octets: Uint8Array): GoosePdu {
  const fields = new BerReader(octets).expect(GOOSE_PDU, "a GOOSE PDU").inner();
  const controlBlock = reference(fields.expect(tags.controlBlock, "the reference of the control block"));
  const timeAllowedToLive = number32(fields.expect(tags.timeAllowedToLive, "the time allowed to live"));
  const dataSet = reference(fields.expect(tags.dataSet, "the data set"));
  let more = fields.next();
  /** Of a field that may be left out. */
  const optional = <T>(tag: number, value: () => T): T | undefined => {
    if (!more || fields.tag !== tag) return undefined;
    const there = value();
    more = fields.next();
    return there;
  };
  const needed = <T>(tag: number, what: string, value: () => T): T => {
    const there = optional(tag, value);
    if (there === undefined) throw new WireError(`expected ${what}, tag ${tag.toString(16)}`, fields.from);
    return there;
  };
  const goId = optional(tags.goId, () => reference(fields));
  const t = needed(tags.t, "the time", () => readUtcTime(fields.content()));
  const stNum = needed(tags.stNum, "the number of the state", () => number32(fields));
  const sqNum = needed(tags.sqNum, "the number of the repetition", () => number32(fields));
  const simulated = optional(tags.simulated, () => fields.boolean()) ?? false;
  const configRevision = needed(tags.configRevision, "the configuration revision", () => number32(fields));
  const needsCommissioning = optional(tags.needsCommissioning, () => fields.boolean()) ?? false;
  const entries = needed(tags.entries, "how many values there are", () => number32(fields));
  const allData = needed(ALL_DATA, "the values", () => fields.content());
  // A signature (tag ac of edition 1) may stand behind them; nobody has one.
  return {
    controlBlock,
    timeAllowedToLive,
    dataSet,
    goId,
    t,
    stNum,
    sqNum,
    simulated,
    configRevision,
    needsCommissioning,
    entries,
    allData,
  };
}

/** The values of a PDU. Throws WireError where there are not as many as it says. */
export function readAllData({ allData, entries }: Pick<GoosePdu, "allData" | "entries">): readonly Data[] {
  const values = decodeDataList(listOf(allData));
  if (values.length !== entries) throw new WireError(`${values.length} values where ${entries} were told`, 0);
  return values;
}

/** A reader that has found the whole of some octets as an element. */
function listOf(octets: Uint8Array): BerReader {
  const reader = new BerReader(octets);
  reader.from = 0;
  reader.to = octets.length;
  return reader;
}

/** Writes a PDU; `allData` is the list of its values with its tag and length. */
export function writeGoosePdu(out: BerWriter, head: GooseHead, allData: Uint8Array): void {
  const mark = out.written;
  out.raw(allData);
  out.integer(tags.entries, head.entries);
  out.boolean(tags.needsCommissioning, head.needsCommissioning);
  out.integer(tags.configRevision, head.configRevision);
  out.boolean(tags.simulated, head.simulated);
  out.integer(tags.sqNum, head.sqNum);
  out.integer(tags.stNum, head.stNum);
  writeUtcTime(out, tags.t, head.t);
  if (head.goId !== undefined) out.latin1(tags.goId, head.goId);
  out.latin1(tags.dataSet, head.dataSet);
  out.integer(tags.timeAllowedToLive, head.timeAllowedToLive);
  out.latin1(tags.controlBlock, head.controlBlock);
  out.wrap(GOOSE_PDU, mark);
}
