/** SCL files of people: what is wrong with one, and what is different between two. */
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { differences } from "#protocol/iec61850/scl/diff.ts";
import { problemText, type Problem } from "#protocol/iec61850/scl/problems.ts";
import { readScl, type SclFile } from "#protocol/iec61850/scl/read.ts";
import { publishedGooses } from "#protocol/iec61850/scl/published.ts";

export interface SclReport {
  readonly file: string;
  /** "2007B4". */
  readonly schema: string;
  readonly ieds: readonly {
    readonly name: string;
    readonly edition: string;
    readonly manufacturer: string;
    readonly type: string;
    readonly devices: number;
    readonly attributes: number;
    readonly dataSets: number;
    readonly reports: number;
    /** References of what it publishes by GOOSE. */
    readonly gooses: readonly string[];
  }[];
  readonly problems: readonly Problem[];
  /** The same as lines, each with its place. */
  readonly lines: readonly string[];
  readonly errors: number;
  readonly warnings: number;
}

/** `beyond` is what meters do not take that are in the file, besides. */
export function sclReport(file: string, bytes: Uint8Array, beyond: readonly Problem[] = []): SclReport {
  const checked = checkScl(bytes);
  const { schema, ieds } = checked;
  const problems = [...checked.problems, ...beyond].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const errors = problems.filter(({ kind }) => kind === "error").length;
  return {
    file,
    schema,
    ieds: ieds.map(({ ied }) => {
      const nodes = ied.devices.flatMap((device) => device.nodes);
      return {
        name: ied.name,
        edition: ied.edition,
        manufacturer: ied.manufacturer,
        type: ied.type,
        devices: ied.devices.length,
        attributes: ied.leaves,
        dataSets: nodes.flatMap(({ dataSets }) => dataSets).length,
        reports: nodes.flatMap(({ reports }) => reports).reduce((sum, { instances }) => sum + instances, 0),
        gooses: publishedGooses(ied).map(({ reference }) => reference),
      };
    }),
    problems,
    lines: problems.map((one) => problemText(file, one)),
    errors,
    warnings: problems.length - errors,
  };
}

interface Named {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A line each. IEDs of several are compared by name, the only ones of two files whatever they are called. Throws an Error of a file that cannot be read. */
export function sclDifferences(one: Named, other: Named): readonly string[] {
  const [before, after] = [servedIn(one), servedIn(other)];
  if (before.length === 1 && after.length === 1 && before[0] !== undefined && after[0] !== undefined)
    return differences(before[0], after[0]);
  const lines: string[] = [];
  for (const ied of before) {
    const now = after.find(({ name }) => name === ied.name);
    if (now === undefined) lines.push(`- IED ${ied.name}`);
    else lines.push(...differences(ied, now).map((line) => `${ied.name}: ${line}`));
  }
  for (const { name } of after) if (!before.some((ied) => ied.name === name)) lines.push(`+ IED ${name}`);
  return lines;
}

/** IEDs that have a server. */
function servedIn({ file, bytes }: Named): readonly SclFile["ieds"][number]["ied"][] {
  const { root, ieds, problems } = readScl(bytes);
  const [first] = problems;
  if (root === undefined && first !== undefined) throw new Error(problemText(file, first));
  return ieds.map(({ ied }) => ied).filter(({ devices }) => devices.length > 0);
}
