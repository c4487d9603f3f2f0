/** A report as MMS has it (IEC 61850-8-1, 17.3.3): whole, or in as many segments as the client's PDUs want. */
import { BerWriter } from "#wire/ber.ts";
import { dataTags } from "#protocol/iec61850/mms/data-codec.ts";
import { writeEntryTime } from "#protocol/iec61850/mms/time-octets.ts";
import type { NamedSet } from "./data-sets.ts";
import { FIELD_WIDTH, fieldBits, SEGMENTATION, TRIGGER_WIDTH } from "./report-bits.ts";
import type { MemberOctets } from "./report-watch.ts";
import type { Asker } from "./served.ts";

export interface ReportHead {
  readonly rptId: string;
  /** OptFlds, of fieldBits. */
  readonly fields: number;
  readonly sequence: number;
  /** When it happened: UTC milliseconds. */
  readonly utc: number;
  readonly overflow: boolean;
  /** Eight octets, of a buffered one. */
  readonly entryId: Uint8Array | undefined;
  readonly configRevision: number;
}

const out = new BerWriter(4096);
const NAME = new TextEncoder().encode("RPT");
const REASON_OCTETS = 4;
/** Lengths of what stands around, where they have grown since they were counted. */
const ROOM = 16;

/** Sends the members that have a reason. What does not fit into a PDU of the client's even alone is left out. */
export function tellReport(
  asker: Asker,
  set: NamedSet,
  head: ReportHead,
  reasons: Uint8Array,
  octets: MemberOctets,
): void {
  const { length } = set.members;
  writeSegment(set, head, reasons, octets, { from: 0, to: length, number: undefined, moreFollow: false });
  if (out.written <= asker.maxPdu) return asker.tell(out.view());
  const segments = segmentsOf(set, head.fields, reasons, octets, asker.maxPdu - headOctets(set, head));
  segments.forEach(([from, to], number) => {
    writeSegment(set, head, reasons, octets, { from, to, number, moreFollow: number < segments.length - 1 });
    asker.tell(out.view());
  });
}

/** Whether each member fits into a PDU, with all that can stand beside it. */
export function fits(maxPdu: number, set: NamedSet, head: ReportHead, octets: MemberOctets): boolean {
  const budget = maxPdu - headOctets(set, head);
  return set.members.every((_, k) => memberOctets(set, head.fields, octets, k) <= budget);
}

/** Octets of a segment without members. */
function headOctets(set: NamedSet, head: ReportHead): number {
  const nothing = { bytes: new Uint8Array(0), starts: new Uint32Array(0) };
  const { length } = set.members;
  writeSegment(set, head, new Uint8Array(length), nothing, { from: 0, to: length, number: length, moreFollow: true });
  return out.written + ROOM;
}

function memberOctets(set: NamedSet, fields: number, { starts }: MemberOctets, k: number): number {
  const { length } = set.members[k]?.reference ?? "";
  return (
    (starts[k + 1] ?? 0) -
    (starts[k] ?? 0) +
    ((fields & fieldBits.reason) === 0 ? 0 : REASON_OCTETS) +
    ((fields & fieldBits.dataReference) === 0 ? 0 : length + 4)
  );
}

/** Members [from, to) of each segment. */
function segmentsOf(
  set: NamedSet,
  fields: number,
  reasons: Uint8Array,
  octets: MemberOctets,
  budget: number,
): readonly (readonly [from: number, to: number])[] {
  const segments: [number, number][] = [];
  let from = 0;
  let written = 0;
  const end = (to: number): void => {
    if (written > 0) segments.push([from, to]);
    written = 0;
  };
  for (let k = 0; k < reasons.length; k++) {
    if (reasons[k] === 0) continue;
    const more = memberOctets(set, fields, octets, k);
    if (written + more > budget) {
      end(k);
      from = k;
    }
    if (more > budget) from = k + 1;
    else written += more;
  }
  end(reasons.length);
  return segments;
}

interface Segment {
  /** Members [from, to). */
  readonly from: number;
  readonly to: number;
  /** From 0; undefined of a report that is whole. */
  readonly number: number | undefined;
  readonly moreFollow: boolean;
}

/** Writes it, the last first. */
function writeSegment(
  set: NamedSet,
  { rptId, fields, sequence, utc, overflow, entryId, configRevision }: ReportHead,
  reasons: Uint8Array,
  { bytes, starts }: MemberOctets,
  { from, to, number, moreFollow }: Segment,
): void {
  out.reset();
  if ((fields & fieldBits.reason) !== 0)
    for (let k = to - 1; k >= from; k--) {
      const reason = reasons[k] ?? 0;
      if (reason !== 0) out.bitsOf(dataTags.bits, reason, TRIGGER_WIDTH);
    }
  for (let k = to - 1; k >= from; k--) if (reasons[k] !== 0) out.copy(bytes, starts[k] ?? 0, starts[k + 1] ?? 0);
  if ((fields & fieldBits.dataReference) !== 0)
    for (let k = to - 1; k >= from; k--)
      if (reasons[k] !== 0) out.latin1(dataTags.visible, set.members[k]?.reference ?? "");
  writeInclusion(reasons, from, to);
  if (number !== undefined) out.boolean(dataTags.boolean, moreFollow).integer(dataTags.unsigned, number);
  if ((fields & fieldBits.configRevision) !== 0) out.integer(dataTags.unsigned, configRevision);
  if ((fields & fieldBits.entryId) !== 0 && entryId !== undefined) out.octets(dataTags.octets, entryId);
  if ((fields & fieldBits.bufferOverflow) !== 0) out.boolean(dataTags.boolean, overflow);
  if ((fields & fieldBits.dataSet) !== 0) out.latin1(dataTags.visible, set.reference);
  if ((fields & fieldBits.timeStamp) !== 0) writeEntryTime(out, dataTags.binaryTime, utc);
  if ((fields & fieldBits.sequenceNumber) !== 0) out.integer(dataTags.unsigned, sequence);
  out.bitsOf(dataTags.bits, number === undefined ? fields : fields | SEGMENTATION, FIELD_WIDTH);
  out.latin1(dataTags.visible, rptId).wrap(0xa0, 0);
  const mark = out.written;
  out.octets(0x80, NAME).wrap(0xa1, mark).wrap(0xa0, 0).wrap(0xa3, 0);
}

/** A bit a member of the data set. */
function writeInclusion(reasons: Uint8Array, from: number, to: number): void {
  const { length } = reasons;
  const mark = out.written;
  const octets = (length + 7) >> 3;
  for (let octet = octets - 1; octet >= 0; octet--) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) {
      const k = 8 * octet + bit;
      if (k >= from && k < to && reasons[k] !== 0) bits |= 0x80 >> bit;
    }
    out.octet(bits);
  }
  out.octet(8 * octets - length).wrap(dataTags.bits, mark);
}
