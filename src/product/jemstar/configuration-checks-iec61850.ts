/** What no schema can say of IEC 61850: members of data sets that there are, data sets that control blocks name, dead bands of what measures. */
import { MOST_REPORTS, type ReportSettings } from "#product/jemstar/iec61850/configuration.ts";
import { factorySets } from "#product/jemstar/iec61850/factory-sets.ts";
import { memberOf } from "#product/jemstar/iec61850/members.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { bareIedOf } from "./iec61850-model.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** Of a meter without the option nothing is looked at. */
export function checkIec61850(file: RevenueFile, ordered: Ordered): string[] {
  if (!ordered.options.has("IEC")) return [];
  const { iec61850 } = file;
  const { dataSets, reports, goose, deadbands } = iec61850;
  if ((dataSets ?? reports ?? goose) === undefined && deadbands.length === 0) return [];
  const ied = bareIedOf(file, ordered);
  const names = (dataSets ?? factorySets(ied)).map(({ name }) => name);
  return [
    ...checkLists(iec61850),
    ...(dataSets ?? []).flatMap(({ members }, k) => checkMembers(`iec61850.dataSets[${k}]`, members, ied)),
    ...(reports ?? []).flatMap((one, k) => checkSet(`iec61850.reports[${k}]`, one.dataSet, names)),
    ...(goose ?? []).flatMap((one, k) => checkSet(`iec61850.goose[${k}]`, one.dataSet, names)),
    ...deadbands.flatMap(({ of }, k) =>
      deadbands.findIndex((one) => one.of === of) < k ? [`iec61850.deadbands[${k}].of: another one is of ${of}`] : [],
    ),
    ...deadbands.flatMap(({ of }, k) =>
      hasDeadband(ied, of) ? [] : [`iec61850.deadbands[${k}].of: nothing that measures is ${of}`],
    ),
  ];
}

/** What holds of any meter, whatever was ordered. */
export function checkLists({ dataSets = [], reports = [], goose = [] }: RevenueFile["iec61850"]): string[] {
  return [
    ...twice("dataSets", dataSets),
    ...twice("reports", reports),
    ...checkReports(reports),
    ...twice("goose", goose),
    ...goose.flatMap(({ minMs, maxMs }, k) =>
      maxMs < minMs ? [`iec61850.goose[${k}].maxMs: expected at least minMs (${minMs}), found ${maxMs}`] : [],
    ),
  ];
}

function twice(list: string, all: readonly { readonly name: string }[]): string[] {
  return all.flatMap(({ name }, k) =>
    all.findIndex((one) => one.name === name) < k ? [`iec61850.${list}[${k}].name: another one is ${name}`] : [],
  );
}

function checkMembers(at: string, members: readonly string[], ied: Ied): string[] {
  return members.flatMap((text, k) => {
    const found = memberOf(text, ied);
    if ("wrong" in found) return [`${at}.members[${k}]: ${found.wrong}`];
    return members.indexOf(text) < k ? [`${at}.members[${k}]: ${text} is there already`] : [];
  });
}

function checkSet(at: string, dataSet: string | undefined, names: readonly string[]): string[] {
  return dataSet === undefined || names.includes(dataSet)
    ? []
    : [`${at}.dataSet: expected one of ${names.join(", ") || "some (there are none)"}; found ${dataSet}`];
}

function checkReports(reports: readonly ReportSettings[]): string[] {
  const problems: string[] = [];
  for (const buffered of [true, false]) {
    const count = reports.filter((one) => one.buffered === buffered).reduce((sum, { instances }) => sum + instances, 0);
    if (count > MOST_REPORTS)
      problems.push(
        `iec61850.reports: at most ${MOST_REPORTS} ${buffered ? "buffered" : "unbuffered"} with their instances, found ${count}`,
      );
  }
  reports.forEach(({ indexed, instances }, k) => {
    if (!indexed && instances > 1) problems.push(`iec61850.reports[${k}].indexed: ${instances} instances need numbers`);
  });
  return problems;
}

function hasDeadband(ied: Ied, of: string): boolean {
  const [node = "", ...path] = of.split(".");
  const found = memberOf(`${node}.${[...path, "db"].join(".")}[CF]`, ied);
  return !("wrong" in found) && found.doName === path.join(".");
}
