/**
 * Whether types are what their classes are (IEC 61850-7-3, 7-4), as far as the tables of ../model have them. What a manufacturer adds is a
 * warning: it may have a name space of its own.
 */
import { didYouMean } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import {
  commonDataClasses,
  formerClasses,
  isCommonDataClass,
  isIn,
  typeIn,
  type AttributeRow,
  type DataClass,
} from "#protocol/iec61850/model/common-data-classes.ts";
import { isBasicType } from "#protocol/iec61850/model/basic-type.ts";
import { constructedAttributes } from "#protocol/iec61850/model/constructed-attributes.ts";
import type { Edition } from "#protocol/iec61850/model/ied.ts";
import { logicalNodeClasses, objectRow, objectRows } from "#protocol/iec61850/model/logical-node-classes.ts";
import { all, given } from "./elements.ts";
import type { Problems } from "./problems.ts";

export function checkClasses(templates: XmlElement | undefined, edition: Edition, problems: Problems): void {
  const types = new Map(all(templates, "DOType").map((type) => [given(type, "id"), type]));
  for (const type of all(templates, "LNodeType")) checkNode(type, { types, edition, problems });
  for (const type of types.values()) checkObject(type, edition, problems);
}

interface File {
  readonly types: ReadonlyMap<string, XmlElement>;
  readonly edition: Edition;
  readonly problems: Problems;
}

function checkNode(type: XmlElement, { types, edition, problems }: File): void {
  const lnClass = given(type, "lnClass");
  if (!Object.hasOwn(logicalNodeClasses, lnClass)) return;
  const where = `LNodeType ${given(type, "id")}`;
  const objects = all(type, "DO");
  const rows = objectRows(lnClass);
  const names = rows.map(([name]) => name);
  for (const element of objects) {
    const name = given(element, "name");
    const row = objectRow(lnClass, name);
    const own = types.get(given(element, "type"));
    const cdc = given(own, "cdc");
    // What has a name space of its own (dataNs) is said to be an addition.
    const isAdded = all(own, "DA").some((one) => given(one, "name") === "dataNs");
    if (row === undefined && isAdded) continue;
    if (row === undefined) problems.warn(element, `${where}: ${lnClass} has no ${name}${didYouMean(name, names)}`);
    else if (cdc !== "" && cdc !== row[1] && cdc !== formerClasses[row[1]])
      problems.warn(element, `${where}: ${name} is of ${cdc}; expected ${row[1]}`);
  }
  // Mod and Health were mandatory only once, and Beh is so in every edition.
  for (const [name, , presence] of rows)
    if (presence === "M" && edition !== "1" && !objects.some((one) => given(one, "name") === name))
      problems.warn(type, `${where}: expected ${name}, which every ${lnClass} has`);
}

/** Classes of 7-3 whose attributes no table here has. */
const classesByName =
  "SEC HST SAV BSC ISC BAC CUG CURVE CSG CSD CST BTS UTS LTS GTS MTS NTS STS CTS OTS VSD ORS TCS".split(" ");

function checkObject(type: XmlElement, edition: Edition, problems: Problems): void {
  const cdc = given(type, "cdc");
  const where = `DOType ${given(type, "id")}`;
  if (!isCommonDataClass(cdc)) {
    const known = [...Object.keys(commonDataClasses), ...classesByName];
    if (edition !== "1" && cdc !== "" && !known.includes(cdc))
      problems.warn(type, `${where}: 7-3 has no class ${cdc}${didYouMean(cdc, known)}`);
    return;
  }
  const { attributes, objects }: DataClass = commonDataClasses[cdc];
  const rows = attributes.filter(([, , , , , since]) => isIn(edition, since));
  for (const element of all(type, "DA")) checkAttribute(element, { where, cdc, rows: attributes, edition, problems });
  for (const element of all(type, "SDO")) {
    const name = given(element, "name");
    const names = objects?.names.map(([one]) => one) ?? [];
    if (!names.includes(name as never))
      problems.warn(element, `${where}: ${cdc} has no ${name}${didYouMean(name, names)}`);
  }
  for (const [name, fc, , , presence] of rows)
    if (presence === "M" && !all(type, "DA").some((one) => given(one, "name") === name))
      problems.warn(type, `${where}: expected ${name} of ${fc}, which every ${cdc} has`);
}

interface Within {
  readonly where: string;
  readonly cdc: string;
  readonly rows: readonly AttributeRow[];
  readonly edition: Edition;
  readonly problems: Problems;
}

/** What is written to control is of 8-1, and no row of a class; harmonics of the first edition are attributes. */
const beside = new Set(["SBO", "SBOw", "Oper", "Cancel", "dataNs", "cdcNs", "cdcName"]);

function checkAttribute(element: XmlElement, { where, cdc, rows, edition, problems }: Within): void {
  const name = given(element, "name");
  const row = rows.find(([one]) => one === name);
  if (row === undefined) {
    if (!beside.has(name) && given(element, "count") === "")
      problems.warn(
        element,
        `${where}: ${cdc} has no ${name}${didYouMean(
          name,
          rows.map(([one]) => one),
        )}`,
      );
    return;
  }
  const [, fc, of] = row;
  const found = given(element, "fc");
  // Settings may be in groups.
  if (found !== fc && !(fc === "SP" && /^S[GE]$/.test(found)))
    problems.error(element, `${where}: ${name} of ${cdc} is of ${fc}; found ${found}`);
  const bType = given(element, "bType");
  const type = typeIn(edition, of);
  const expected = Object.hasOwn(constructedAttributes, type) ? "Struct" : isBasicType(type) ? type : "Enum";
  if (bType !== expected && !(expected === "INT32" && bType === "Enum"))
    problems.warn(element, `${where}: ${name} of ${cdc} is ${expected}; found ${bType}`);
}
