/** What no JEMStar II takes of an SCL file, whatever was ordered: more, longer and larger than its configuration has it. */
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import { CidPlaces } from "#product/jemstar/iec61850/cid-places.ts";
import { saidBy } from "#product/jemstar/iec61850/section.ts";
import { checkedBy } from "#product/schema-problems.ts";
import type { Problem } from "#protocol/iec61850/scl/problems.ts";
import { xmlText } from "#io/xml.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import { checkLists } from "./configuration-checks-iec61850.ts";
import { iec61850 } from "./configuration-schema-iec61850.ts";

const { manufacturer, title } = ametekJemstarIi;
/** As meters write it, unless somebody sets another. */
const MODEL = title.replace(`${manufacturer} `, "").replace(/ \(.*\)$/, "");

const section = z.strictObject({ iec61850 });

/** Of the IEDs of a file that are of this model, as their type says. */
export function sclProblems(file: Uint8Array): readonly Problem[] {
  const { root, ieds } = readScl(file);
  if (root === undefined) return [];
  const own = ieds.filter(({ ied }) => ied.devices.length > 0 && ied.type.startsWith(MODEL));
  const problems = own.flatMap(({ ied }) => {
    const { said, problems: general } = saidBy(ied);
    const { value, problems: wrong } = checkedBy(section, { iec61850: said });
    const places = new CidPlaces(root, ied.name, said);
    return [...general, ...(wrong ?? checkLists(value.iec61850))].map((told) => places.problem(told));
  });
  const { sclCharacters } = limits.configuration;
  const { length } = own.length === 0 ? "" : xmlText(file);
  if (length <= sclCharacters) return problems;
  // The file is as good for others.
  const words = `a meter takes at most ${sclCharacters} characters of SCL, found ${length}`;
  return [{ kind: "warning", words, line: 1, column: 1 }, ...problems];
}
