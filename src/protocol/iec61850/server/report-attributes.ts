/** Attributes of report control blocks as variables (IEC 61850-8-1, 17.2; their order by what others have). */
import { limits } from "#quantity/limits.ts";
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { Edition } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { BufferedBlock } from "./buffered-block.ts";
import { accessErrors, type AccessError } from "./host.ts";
import { ALL_FIELDS, ALL_TRIGGERS } from "./report-bits.ts";
import type { ReportBlock } from "./report-block.ts";
import { ownerOctets } from "./report-reservation.ts";
import type { Asker, ServedLeaf, ServedStructure } from "./served.ts";

type Written = (value: LeafValue, asker: Asker) => AccessError | undefined;

function leaf(name: string, type: BasicType, read: () => LeafValue, write?: Written): ServedLeaf {
  return { kind: "leaf", name, type, read, ...(write === undefined ? {} : { write }) };
}

export function blockAttributes(block: ReportBlock, edition: Edition): ServedStructure {
  const buffered = block instanceof BufferedBlock ? block : undefined;
  const owner = edition === "2.1" ? [ownerOf(block)] : [];
  const fields = [
    leaf(
      "RptID",
      "VisString129",
      () => block.settings.rptId,
      ofText((rptId, asker) => block.change(asker, { rptId })),
    ),
    leaf(
      "RptEna",
      "BOOLEAN",
      () => block.asker !== undefined,
      (value, asker) => block.enable(asker, value === true),
    ),
    ...(buffered === undefined ? [resv(block)] : []),
    leaf(
      "DatSet",
      "VisString129",
      () => block.settings.dataSet,
      ofText((dataSet, asker) => block.change(asker, { dataSet })),
    ),
    leaf("ConfRev", "INT32U", () => block.settings.configRevision),
    leaf(
      "OptFlds",
      "OptFlds",
      () => block.settings.fields,
      ofNumber((bits, asker) => block.change(asker, { fields: bits & ALL_FIELDS })),
    ),
    leaf(
      "BufTm",
      "INT32U",
      () => block.settings.bufferMs,
      ofNumber((bufferMs, asker) =>
        bufferMs > limits.reports.mostBufferMs ? accessErrors.valueInvalid : block.change(asker, { bufferMs }),
      ),
    ),
    leaf("SqNum", buffered === undefined ? "INT8U" : "INT16U", () => block.sequence),
    leaf(
      "TrgOps",
      "TrgOps",
      () => block.settings.triggers,
      ofNumber((bits, asker) => block.change(asker, { triggers: bits & ALL_TRIGGERS })),
    ),
    leaf(
      "IntgPd",
      "INT32U",
      () => block.settings.integrityMs,
      ofNumber((integrityMs, asker) =>
        isPeriod(integrityMs) ? block.change(asker, { integrityMs }) : accessErrors.valueInvalid,
      ),
    ),
    leaf(
      "GI",
      "BOOLEAN",
      () => false,
      (value, asker) => (value === true ? block.interrogate(asker) : undefined),
    ),
    ...(buffered === undefined ? [] : bufferAttributes(buffered, edition)),
    ...owner,
  ];
  return { kind: "structure", name: block.name, fields };
}

function bufferAttributes(block: BufferedBlock, edition: Edition): ServedLeaf[] {
  return [
    leaf(
      "PurgeBuf",
      "BOOLEAN",
      () => false,
      (value, asker) => (value === true ? block.purge(asker) : block.barred(asker)),
    ),
    leaf(
      "EntryID",
      "EntryID",
      () => block.entryId,
      (value, asker) => (value instanceof Uint8Array ? block.resume(asker, value) : accessErrors.typeInconsistent),
    ),
    leaf("TimeofEntry", "EntryTime", () => block.entryUtc),
    ...(edition === "1" ? [] : [resvTms(block)]),
  ];
}

function resv(block: ReportBlock): ServedLeaf {
  return leaf(
    "Resv",
    "BOOLEAN",
    () => block.reservation.isTaken,
    (value, asker) => (value === true ? block.reserve(asker, 0) : block.release(asker)),
  );
}

/** Of one that no client is bound to by configuration: seconds that it stays reserved beyond the association, 0 where it is free. */
function resvTms(block: ReportBlock): ServedLeaf {
  return leaf(
    "ResvTms",
    "INT16",
    () => block.reservation.seconds,
    ofNumber((seconds, asker) => {
      if (block.reservation.isOthers(asker)) return accessErrors.temporarilyUnavailable;
      if (seconds < 0) return accessErrors.valueInvalid;
      return seconds === 0 ? block.release(asker) : block.reserve(asker, seconds);
    }),
  );
}

function ownerOf(block: ReportBlock): ServedLeaf {
  return leaf("Owner", "Octet64", () => ownerOctets(block.reservation.owner));
}

function isPeriod(ms: number): boolean {
  return ms === 0 || (ms >= limits.reports.leastIntegrityMs && ms <= limits.reports.mostIntegrityMs);
}

/** What a VisibleString has (ISO 646, as 8-1 maps it). */
const VISIBLE = /^[ -~]*$/;

function ofText(write: (value: string, asker: Asker) => AccessError | undefined): Written {
  return (value, asker) => {
    if (typeof value !== "string") return accessErrors.typeInconsistent;
    return VISIBLE.test(value) ? write(value, asker) : accessErrors.valueInvalid;
  };
}

function ofNumber(write: (value: number, asker: Asker) => AccessError | undefined): Written {
  return (value, asker) => (typeof value === "number" ? write(value, asker) : accessErrors.typeInconsistent);
}
