/** What whoever starts the site should know of a meter that speaks IEC 61850. */
import { factoryReports } from "#product/jemstar/iec61850/factory-sets.ts";
import type { JemStar } from "./jemstar.ts";

/** Data sets of its own, and the factory's control blocks, which are of the factory's: they report nothing until a client gives them one. */
export function iec61850Notices({
  ports,
  file,
}: Pick<JemStar, "file"> & { readonly ports: Pick<JemStar["ports"], "view"> }): readonly string[] {
  const { dataSets, reports } = file.iec61850;
  if (!ports.view.some(({ protocol }) => protocol === "mms")) return [];
  if (reports !== undefined)
    return reports.flatMap(({ name, integrityMs, triggers }) =>
      integrityMs === 0 || triggers.includes("integrity")
        ? []
        : [
            `iec61850.reports ${name}: integrityMs says when, and triggers have no integrity: nothing is reported by it`,
          ],
    );
  if (dataSets === undefined) return [];
  const empty = factoryReports(dataSets).flatMap(({ name, dataSet }) => (dataSet === undefined ? [name] : []));
  if (empty.length === 0) return [];
  const blocks = empty.join(", ");
  return [
    `iec61850.dataSets are its own, and iec61850.reports the factory's: ${blocks} have no data set, and report nothing until a client gives them one`,
  ];
}
