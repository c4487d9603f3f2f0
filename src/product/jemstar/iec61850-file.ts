/** The SCL file of a JEMStar II: its configuration and its identity (Appendix E: ICD File, CID File). */
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import { MOST_DATA_SETS, MOST_MEMBERS, MOST_REPORTS } from "#product/jemstar/iec61850/configuration.ts";
import { jemstarIed } from "#product/jemstar/iec61850/model.ts";
import type { ProfiledDevice } from "#product/product.ts";
import { TEMPLATE, writeScl } from "#protocol/iec61850/scl/write.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { modelFactsOf } from "./iec61850-model.ts";

/** As libiec61850's client, and most others, associate unless somebody says otherwise (IEC 61850-8-1, annex A). */
const selectors = [
  ["OSI-AP-Title", "1,1,1,999,1"],
  ["OSI-AE-Qualifier", "12"],
  ["OSI-PSEL", "00000001"],
  ["OSI-SSEL", "0001"],
  ["OSI-TSEL", "0001"],
] as const;

/** Throws an Error where IEC 61850 was not ordered. */
export function sclFile(
  file: RevenueFile,
  ordered: Ordered,
  { serial, firmware, modelNumber, reached }: ProfiledDevice,
  kind: "icd" | "cid",
): string {
  if (!ordered.options.has("IEC")) throw new Error("IEC 61850 is option IEC, which was not ordered");
  const { manufacturer, title } = ametekJemstarIi;
  const { clients } = file.iec61850;
  // What is made of the IED's name, as a GoID that nobody has set, is made of the template's.
  const named = kind === "icd" ? { ...file, iec61850: { ...file.iec61850, name: TEMPLATE } } : file;
  const facts = modelFactsOf(named, ordered, { manufacturer, title, modelNumber, serial, firmware });
  const ied = jemstarIed({ ...facts, isTemplate: kind === "icd" });
  const host = reached?.map((at) => (at.over === "serial" ? "" : at.host)).find((one) => /^\d+(\.\d+){3}$/.test(one));
  const address = new Map<string, string>([...(host === undefined ? [] : [["IP", host] as const]), ...selectors]);
  return writeScl(ied, {
    kind,
    services: {
      clients,
      dataSets: { configured: MOST_DATA_SETS, dynamic: MOST_DATA_SETS, members: MOST_MEMBERS },
      reports: 2 * MOST_REPORTS,
      gooses: Math.max(1, ied.devices.flatMap(({ nodes }) => nodes.flatMap(({ gooses }) => gooses)).length),
    },
    ...(kind === "cid" ? { address } : {}),
  });
}
