/** Configuration files of JEMStar IIs, for programs that have no meter at hand. */
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import type { Configurations } from "#product/product.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { differences } from "./configuration-changes.ts";
import { parseRevenueFile, parseStored } from "./configuration-file.ts";
import { suggestionsFor } from "./configuration-suggestions.ts";
import { dnp3PointFactsOf } from "./dnp3-point-facts.ts";
import { dnp3Profile } from "./dnp3-profile.ts";
import { sclProblems } from "./iec61850-check.ts";
import { sclFile } from "./iec61850-file.ts";
import { pointFactsOf } from "./modbus-point-facts.ts";
import { withoutPasswords } from "./passwords.ts";

export const configurations: Configurations = {
  usualOrder: ametekJemstarIi.modelNumber,
  read: (name, text, order) => parseRevenueFile(name, text, parseModelNumber(order)),
  suggestions: (name, text, order) => suggestionsFor(parseRevenueFile(name, text, parseModelNumber(order))),
  differences(running, file, order) {
    const ordered = parseModelNumber(order);
    const after = parseRevenueFile(file.name, file.text, ordered);
    const before = parseStored(running.name, JSON.stringify(running.configuration), ordered);
    const { lines } = differences(withoutPasswords(before), withoutPasswords(after));
    return { lines, secrets: after.users.some(({ password }) => password !== undefined && password !== "factory") };
  },
  dnp3Profile(name, text, device) {
    const ordered = parseModelNumber(device.modelNumber);
    return dnp3Profile(parseStored(name, text, ordered), ordered, device);
  },
  sclFile(name, text, device, kind) {
    const ordered = parseModelNumber(device.modelNumber);
    return sclFile(parseStored(name, text, ordered), ordered, device, kind);
  },
  sclProblems,
  dnp3Points: (name, text, order) => dnp3PointFactsOf(parseRevenueFile(name, text, parseModelNumber(order))),
  modbusPoints: (name, text, order) => pointFactsOf(parseRevenueFile(name, text, parseModelNumber(order))),
};
