/** Report control blocks over MMS on a virtual clock: a meter whose values and time a test sets, and what its clients hear. */
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { decodePdu } from "#protocol/iec61850/mms/pdu.ts";
import { decodeReport, type Report } from "#protocol/iec61850/client/reports.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import type { IedTime, LeafValue } from "#protocol/iec61850/model/value.ts";
import type { ServerSettings } from "#protocol/iec61850/server/host.ts";
import { fromHex, toHex } from "./mms-exchanges.ts";
import { Store, TestHost, type TestClient } from "./mms-serving.ts";

/** A meter whose clock says what a test wants. */
export class ReportHost extends TestHost {
  utc = 0;
  override readonly reports: Store;

  /** `store` is what a meter had before its power failed. */
  constructor(ied: Ied, settings: Partial<ServerSettings> = {}, store = new Store()) {
    super(ied, undefined, settings);
    this.reports = store;
  }

  override now(): IedTime {
    return { ...super.now(), utc: this.utc };
  }

  /** Gives some leaves other values, all at once. */
  become(values: ReadonlyMap<number, LeafValue> | readonly (readonly [leaf: number, value: LeafValue])[]): void {
    const all = [...this.image().values];
    for (const [leaf, value] of values) all[leaf] = value;
    this.set(all);
  }
}

export const truth = (value: boolean): Data => ({ kind: "boolean", value });
export const text = (value: string): Data => ({ kind: "visible", value });
export const unsigned = (value: number): Data => ({ kind: "unsigned", value });
export const integer = (value: number): Data => ({ kind: "integer", value });
export const octets = (hex: string): Data => ({ kind: "octets", value: fromHex(hex) });

/** "0111001000" */
export function bits(text: string): Data {
  const octets = new Uint8Array(Math.ceil(text.length / 8));
  for (let bit = 0; bit < text.length; bit++)
    if (text[bit] === "1") octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return { kind: "bits", octets, length: text.length };
}

/** What a client has heard since it was asked last that are reports. */
export function reportsTo(client: TestClient): Report[] {
  return client.heard.splice(0).flatMap((hex) => {
    const pdu = decodePdu(fromHex(hex));
    const report = pdu.kind === "informationReport" ? decodeReport(pdu) : undefined;
    return report === undefined ? [] : [report];
  });
}

/** What stands for itself in a failing test: sequence, members, what they are and why. */
export function shortly({ sequence, members, overflow, segment }: Report): string {
  const of = members.map(({ index, value, reasons }) => `${index}=${plain(value)} ${reasons.join("+")}`);
  const flags = [
    ...(overflow === true ? ["overflow"] : []),
    ...(segment === undefined ? [] : [`segment ${segment.number}${segment.moreFollow ? " of more" : ""}`]),
  ];
  return [`#${sequence ?? "-"}`, ...flags, ...of].join(", ");
}

function plain(value: Data | { readonly kind: "failure"; readonly error: number }): string {
  switch (value.kind) {
    case "failure":
      return `failure ${value.error}`;
    case "structure":
    case "array":
      return `{${value.items.map(plain).join(" ")}}`;
    case "boolean":
    case "integer":
    case "unsigned":
    case "float":
    case "visible":
      return String(value.value);
    case "bits":
      return toHex(value.octets);
    default:
      return value.kind;
  }
}
