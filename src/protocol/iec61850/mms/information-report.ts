/** InformationReport (ISO 9506-2, 14.9): what is told unasked: reports, and how commands went. */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { AccessResult, VariableAccess } from "./variable-access.ts";
import { decodeResults, decodeVariableAccess, encodeResults, encodeVariableAccess } from "./variable-access.ts";

export interface InformationReport {
  readonly kind: "informationReport";
  readonly access: VariableAccess;
  readonly results: readonly AccessResult[];
}

/** What all reports of IEC 61850 are called (IEC 61850-8-1, 17.3.3). */
export const reportList: VariableAccess = { kind: "list", name: { scope: "vmd", item: "RPT" } };

/** Of the element [0] that the reader has found. */
export function decodeInformationReport(reader: BerReader): InformationReport {
  const inner = reader.inner();
  if (!inner.next()) throw new WireError("a report of nothing", inner.at);
  const access = decodeVariableAccess(inner);
  return { kind: "informationReport", access, results: decodeResults(inner.expect(0xa0, "values of a report")) };
}

/** The whole PDU. */
export function encodeInformationReport(
  out: BerWriter,
  access: VariableAccess,
  results: readonly AccessResult[],
): void {
  const mark = out.written;
  encodeResults(out, 0xa0, results);
  encodeVariableAccess(out, access);
  out.wrap(0xa0, mark).wrap(0xa3, mark);
}
