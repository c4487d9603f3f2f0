/** Profiles by a client (Blue Book 4.3.6): what their columns are, and rows by range of time or by entry, as they come. */
import type { AttributeReference } from "#protocol/dlms/apdu/apdu.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import {
  array,
  doubleLongUnsigned,
  integer,
  longUnsigned,
  octets,
  structure,
  type Data,
} from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { logicalNameBytes, logicalNameOf, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { DlmsError, resultText } from "./failing.ts";
import type { Asks } from "./objects.ts";

export const PROFILE = 7;
export const CLOCK = 8;
const BUFFER = 2;
const CAPTURE_OBJECTS = 3;
const BY_RANGE = 1;
const BY_ENTRY = 2;

/** What a column captures. */
export interface Column {
  readonly classId: number;
  readonly logicalName: LogicalName;
  readonly attribute: number;
  /** 0 of the whole attribute; else which part of it. */
  readonly part: number;
}

export type Row = readonly Data[];

/** Which rows: of a time, from and to inclusive; by their place in the buffer, counted from 1; or all. */
export type Rows =
  | { readonly by: "range"; readonly from: DateTime; readonly to: DateTime }
  | { readonly by: "entry"; readonly from: number; readonly to: number }
  | { readonly by: "all" };

/** Undefined where the meter does not say: the width of its rows is all that is known then. */
export async function captureObjects(meter: Asks, profile: LogicalName): Promise<readonly Column[] | undefined> {
  const found = await meter.get({ classId: PROFILE, logicalName: profile, attribute: CAPTURE_OBJECTS });
  if ("denied" in found || found.data.type !== "array") return undefined;
  const columns = found.data.value.map(columnOf);
  const known = columns.filter((one) => one !== undefined);
  return known.length === columns.length && known.length > 0 ? known : undefined;
}

function columnOf(data: Data): Column | undefined {
  if (data.type !== "structure") return undefined;
  const [classId, name, attribute, part] = data.value;
  if (classId?.type !== "long-unsigned" || name?.type !== "octet-string" || attribute?.type !== "integer")
    return undefined;
  return {
    classId: classId.value,
    logicalName: logicalNameOf(name.value),
    attribute: attribute.value,
    part: part?.type === "long-unsigned" ? part.value : 0,
  };
}

/** The clock by which rows are chosen, as a capture object. */
function clockObject(clock: LogicalName): Data {
  return structure(longUnsigned(CLOCK), octets(logicalNameBytes(clock)), integer(2), longUnsigned(0));
}

export const usualClock: LogicalName = "0.0.1.0.0.255";

function selectionOf(rows: Rows, clock: LogicalName): AttributeReference["selection"] {
  if (rows.by === "all") return undefined;
  if (rows.by === "entry") {
    const { from, to } = rows;
    // 0 as the last column is the last that there is.
    const entries = [doubleLongUnsigned(from), doubleLongUnsigned(to), longUnsigned(1), longUnsigned(0)];
    return { selector: BY_ENTRY, parameters: structure(...entries) };
  }
  const [from, to] = [octets(dateTimeBytes(rows.from)), octets(dateTimeBytes(rows.to))];
  return { selector: BY_RANGE, parameters: structure(clockObject(clock), from, to, array([])) };
}

/** The meter does not choose rows so. */
export class NoSelection extends DlmsError {
  readonly denied: AccessResult;

  constructor(denied: AccessResult, by: Rows["by"]) {
    super(`the meter does not give rows by ${by}: ${resultText(denied)}`, "aborted");
    this.denied = denied;
  }
}

/** So many rows as were asked for by entry at most: some meters take the last entry for how many. */
function mostOf(rows: Rows): number {
  return rows.by === "entry" && rows.to > 0 ? rows.to - rows.from + 1 : Infinity;
}

/**
 * The rows of a profile, one by one as they come. Throws NoSelection where the meter gives none chosen so before any has come, DlmsError
 * where it breaks off.
 */
export async function* profileRows(
  meter: Asks,
  profile: LogicalName,
  rows: Rows,
  clock: LogicalName = usualClock,
): AsyncGenerator<Row, void> {
  const attribute = { classId: PROFILE, logicalName: profile, attribute: BUFFER, selection: selectionOf(rows, clock) };
  let left = mostOf(rows);
  let count = 0;
  for await (const one of meter.stream(attribute)) {
    if ("denied" in one) {
      if (count === 0) throw new NoSelection(one.denied, rows.by);
      throw new DlmsError(`the meter broke off after ${count} rows: ${resultText(one.denied)}`, "aborted");
    }
    // An empty buffer of some meters is null-data.
    if (one.data.type === "null-data") continue;
    if (left-- <= 0) return;
    count++;
    yield one.data.type === "structure" || one.data.type === "array" ? one.data.value : [one.data];
  }
}
