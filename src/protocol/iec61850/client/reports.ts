/** Reports as they come (IEC 61850-8-1, 17.3): what stands in them, and the segments of one put together. */
import { readEntryTime } from "#protocol/iec61850/mms/time-octets.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import type { InformationReport } from "#protocol/iec61850/mms/information-report.ts";
import { hasBit } from "#protocol/iec61850/mms/initiate.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";

/** Bits of OptFlds and of reasons, the first bit 0. */
const optionBits = {
  sequence: 1,
  time: 2,
  reason: 3,
  dataSet: 4,
  reference: 5,
  overflow: 6,
  entryId: 7,
  configRevision: 8,
  segmentation: 9,
} as const;

export const reasonBits = {
  "data change": 1,
  "quality change": 2,
  "data update": 3,
  integrity: 4,
  "general interrogation": 5,
  application: 6,
} as const;
export type Reason = keyof typeof reasonBits;

export interface Report {
  readonly rptId: string;
  readonly sequence?: number | undefined;
  /** Of the entry: UTC milliseconds. */
  readonly time?: number | undefined;
  readonly dataSet?: string | undefined;
  /** Entries before this one have been lost. */
  readonly overflow?: boolean | undefined;
  readonly entryId?: Uint8Array | undefined;
  readonly configRevision?: number | undefined;
  /** Of one in segments, from 0. */
  readonly segment?: { readonly number: number; readonly moreFollow: boolean } | undefined;
  readonly members: readonly ReportedMember[];
}

export interface ReportedMember {
  /** Among the members of the data set, from 0. */
  readonly index: number;
  readonly reference?: string | undefined;
  readonly value: AccessResult;
  readonly reasons: readonly Reason[];
}

type DataOf<Kind, One = Data> = One extends { readonly kind: infer Own } ? (Kind extends Own ? One : never) : never;

/** Takes values one after the other; undefined where one is not of the kind that it has to be. */
class Taking {
  readonly #results: readonly AccessResult[];
  #at = 0;

  constructor(results: readonly AccessResult[]) {
    this.#results = results;
  }

  next(): AccessResult | undefined {
    return this.#results[this.#at++];
  }

  of<Kind extends Data["kind"]>(kind: Kind): DataOf<Kind> | undefined {
    const found = this.next();
    return found?.kind === kind ? (found as DataOf<Kind>) : undefined;
  }

  number(): number | undefined {
    const found = this.next();
    return found?.kind === "unsigned" || found?.kind === "integer" ? Number(found.value) : undefined;
  }
}

/** Undefined of what is no report, or not whole. */
export function decodeReport({ access, results }: InformationReport): Report | undefined {
  if (access.kind !== "list" || access.name.item !== "RPT") return undefined;
  const taking = new Taking(results);
  const rptId = taking.of("visible")?.value;
  const options = taking.of("bits");
  if (rptId === undefined || options === undefined) return undefined;
  const has = (option: keyof typeof optionBits): boolean => hasBit(options, optionBits[option]);
  const head: Omit<Report, "members"> = {
    rptId,
    ...(has("sequence") ? { sequence: taking.number() } : {}),
    ...(has("time") ? { time: entryTime(taking) } : {}),
    ...(has("dataSet") ? { dataSet: taking.of("visible")?.value } : {}),
    ...(has("overflow") ? { overflow: taking.of("boolean")?.value } : {}),
    ...(has("entryId") ? { entryId: taking.of("octets")?.value } : {}),
    ...(has("configRevision") ? { configRevision: taking.number() } : {}),
    ...(has("segmentation") ? { segment: segmentOf(taking) } : {}),
  };
  const inclusion = taking.of("bits");
  if (inclusion === undefined) return undefined;
  const indices = Array.from({ length: inclusion.length }, (_, bit) => bit).filter((bit) => hasBit(inclusion, bit));
  const references = has("reference") ? indices.map(() => taking.of("visible")?.value) : [];
  const values = indices.map(() => taking.next());
  const reasons = has("reason") ? indices.map(() => reasonsOf(taking.of("bits"))) : [];
  const members = indices.flatMap((index, k): ReportedMember[] => {
    const [reference, value] = [references[k], values[k]];
    if (value === undefined) return [];
    return [{ index, ...(reference === undefined ? {} : { reference }), value, reasons: reasons[k] ?? [] }];
  });
  return members.length === indices.length ? { ...head, members } : undefined;
}

function entryTime(taking: Taking): number | undefined {
  const found = taking.of("binaryTime");
  return found && readEntryTime(found.octets);
}

function segmentOf(taking: Taking): Report["segment"] {
  const number = taking.number();
  const moreFollow = taking.of("boolean")?.value;
  return number === undefined || moreFollow === undefined ? undefined : { number, moreFollow };
}

function reasonsOf(bits: Extract<Data, { kind: "bits" | "booleans" }> | undefined): readonly Reason[] {
  if (bits === undefined) return [];
  return (Object.keys(reasonBits) as Reason[]).filter((reason) => hasBit(bits, reasonBits[reason]));
}

/** Reports that are not whole yet: more than these at once nobody sends. */
const MOST_OPEN = 32;
const MOST_SEGMENTS = 1000;

/** Puts the segments of reports together: each report is one again. */
export class ReportAssembly {
  readonly #open = new Map<string, Report[]>();

  /** The whole report with its last segment; undefined before it, and where a segment before has been lost. */
  take(report: Report): Report | undefined {
    const { segment, rptId, sequence } = report;
    if (segment === undefined || (segment.number === 0 && !segment.moreFollow)) return report;
    const key = `${rptId}\n${sequence ?? ""}`;
    const parts = segment.number === 0 ? [] : this.#open.get(key);
    this.#open.delete(key);
    if (parts === undefined || parts.length !== segment.number || parts.length >= MOST_SEGMENTS) return undefined;
    parts.push(report);
    if (!segment.moreFollow) return { ...report, segment: undefined, members: parts.flatMap(({ members }) => members) };
    this.#open.set(key, parts);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN) break;
      this.#open.delete(oldest);
    }
    return undefined;
  }
}
