/** SCL files of people: what is wrong with one, and what is different between two. */
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { differences } from "#protocol/iec61850/scl/diff.ts";
import { problemText, type Problem } from "#protocol/iec61850/scl/problems.ts";
import { readScl, type SclIed } from "#protocol/iec61850/scl/read.ts";
import { unraised } from "#protocol/iec61850/scl/unraised.ts";
import { publishedGooses } from "#protocol/iec61850/scl/published.ts";

type Ied = SclIed["ied"];

export interface SclReport {
  readonly file: string;
  /** "2007B4". */
  readonly schema: string;
  readonly ieds: readonly {
    readonly name: string;
    readonly edition: string;
    readonly manufacturer: string;
    readonly type: string;
    /** Where the file has it answer; undefined where it does not say. */
    readonly ip?: string | undefined;
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
    ieds: ieds.map(({ ied, address }) => {
      const nodes = ied.devices.flatMap((device) => device.nodes);
      return {
        name: ied.name,
        edition: ied.edition,
        manufacturer: ied.manufacturer,
        type: ied.type,
        ip: address.get("IP"),
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
  const [before, after] = [servedIn(one), servedIn(other)].map((served) => served.map(({ ied }) => ied)) as [
    Ied[],
    Ied[],
  ];
  if (before.length === 1 && after.length === 1 && before[0] !== undefined && after[0] !== undefined)
    return compared(before[0], after[0]);
  const lines: string[] = [];
  for (const ied of before) {
    const now = after.find(({ name }) => name === ied.name);
    if (now === undefined) lines.push(`- IED ${ied.name}`);
    else lines.push(...compared(ied, now).map((line) => `${ied.name}: ${line}`));
  }
  for (const { name } of after) if (!before.some((ied) => ied.name === name)) lines.push(`+ IED ${name}`);
  return lines;
}

/** What a meter takes all the same, and who sends it should know: a line each. `now` is what it has, and the host at which it was asked. */
export function sclWarnings(now: Named & { readonly host: string }, next: Named): readonly string[] {
  const [before] = servedIn(now);
  const all = servedIn(next);
  const after = all.find(({ ied }) => ied.name === before?.ied.name) ?? (all.length === 1 ? all[0] : undefined);
  if (before === undefined || after === undefined) return [];
  return [...unraised(before.ied, after.ied), ...elsewhere(before.address.get("IP") ?? now.host, after)];
}

/** An address that is another than the meter's. */
function elsewhere(now: string, after: SclIed): readonly string[] {
  const next = after.address.get("IP");
  if (next === undefined || next === now) return [];
  return [
    `IED ${after.ied.name}: its address ${next} changes nothing: the meter goes on answering at ${now}, as its site says`,
  ];
}

function compared(one: Ied, other: Ied): readonly string[] {
  return [...differences(one, other), ...unraised(one, other).map((line) => `warning: ${line}`)];
}

/** IEDs that have a server. */
function servedIn({ file, bytes }: Named): readonly SclIed[] {
  const { root, ieds, problems } = readScl(bytes);
  const [first] = problems;
  if (root === undefined && first !== undefined) throw new Error(problemText(file, first));
  return ieds.filter(({ ied }) => ied.devices.length > 0);
}
