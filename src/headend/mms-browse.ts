/** What a server of IEC 61850 has, attribute by attribute with types and values; its data sets and report control blocks. */
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import { findIn, type BrowsedDevice } from "#protocol/iec61850/client/browse.ts";
import type { MmsClient } from "#protocol/iec61850/client/client.ts";
import { dataSetName, memberReference, membersOf } from "#protocol/iec61850/client/data-sets.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { parseReference, referenceText, type Reference } from "#protocol/iec61850/client/references.ts";
import { leafTypesOf, readWhole } from "#protocol/iec61850/client/values.ts";
import { UnknownName } from "./chosen.ts";
import type { Progress } from "./meter-source.ts";
import { modelOf } from "./mms-meter.ts";
import type { MmsUrl } from "./mms-url.ts";

export interface BrowsedAttribute {
  readonly reference: Reference;
  readonly type: TypeDescription;
  /** Left out where values were not asked for. */
  readonly value?: AccessResult;
}

export interface BrowsedDataSet {
  /** "JEM01MTR/LLN0.Energy". */
  readonly name: string;
  readonly members: readonly string[];
}

export interface Browsed {
  readonly devices: readonly BrowsedDevice[];
  readonly attributes: readonly BrowsedAttribute[];
  readonly dataSets: readonly BrowsedDataSet[];
}

/** All of it, or what the words name: references, with their logical device or without, or names of logical nodes. Throws UnknownName. */
export async function browseMeter(
  client: MmsClient,
  url: MmsUrl,
  {
    words,
    values,
    progress,
  }: { readonly words: readonly string[]; readonly values: boolean; readonly progress: Progress },
): Promise<Browsed> {
  const devices = await modelOf(client, url, progress);
  const roots =
    words.length === 0
      ? devices.flatMap((device) =>
          device.nodes.flatMap((node) => partsOf(devices, { domain: device.name, node: node.name, path: [] })),
        )
      : words.flatMap((word) => partsNamed(devices, word));
  const attributes: BrowsedAttribute[] = [];
  let done = 0;
  for (const { reference, type } of roots) {
    progress(++done, roots.length);
    attributes.push(...(values ? await readWhole(client, reference, type) : leafTypesOf(reference, type)));
  }
  const dataSets = words.length > 0 ? [] : await dataSetsOf(client, devices);
  return { devices, attributes, dataSets };
}

interface Part {
  readonly reference: Reference;
  readonly type: TypeDescription;
}

function partsOf(devices: readonly BrowsedDevice[], reference: Reference): readonly Part[] {
  return findIn(devices, reference);
}

/** What a word names in any of the logical devices. Throws UnknownName. */
export function partsNamed(devices: readonly BrowsedDevice[], word: string): readonly Part[] {
  const candidates = word.includes("/") ? [word] : devices.map(({ name }) => `${name}/${word}`);
  const found = candidates.flatMap((candidate) => {
    const reference = parseReference(candidate);
    return reference === undefined ? [] : partsOf(devices, reference);
  });
  if (found.length > 0) return found;
  const near = namesNear(devices, word);
  const known = devices.flatMap(({ name, nodes }) => nodes.map((node) => `${name}/${node.name}`));
  throw new UnknownName(word, "the server", near.length > 0 ? near : known);
}

/** What comes next as far as there is such a reference, written as it was: with a logical device, or without; nothing of a node that there is not. */
export function namesNear(devices: readonly BrowsedDevice[], word: string): readonly string[] {
  if (word.includes("/")) return nearestOf(devices, parseReference(word));
  const near = devices.flatMap(({ name }) => nearestOf(devices, parseReference(`${name}/${word}`)));
  return near.map((one) => one.replaceAll(/[^ /]+\//g, ""));
}

/** As much of a reference as there is, with what comes next there; nothing of a node that there is not. */
function nearestOf(devices: readonly BrowsedDevice[], reference: Reference | undefined): readonly string[] {
  if (reference === undefined) return [];
  const { domain, node, path } = reference;
  for (let count = path.length - 1; count >= 0; count--) {
    const at = { domain, node, path: path.slice(0, count) };
    const found = findIn(devices, at);
    if (found.length === 0) continue;
    const next = path[count]?.name;
    const names = found.flatMap(({ type }) => (type.kind === "structure" ? type.fields : []));
    const array = names.find(({ name, type }) => name === next && type.kind === "array")?.type;
    const steps: readonly Reference["path"][number][] =
      array?.kind === "array" && next !== undefined
        ? [
            { name: next, index: 0 },
            { name: next, index: array.count - 1 },
          ]
        : [...new Set(names.map(({ name }) => name))].map((name) => ({ name }));
    const texts = steps.map((step) => referenceText({ ...at, path: [...at.path, step] }));
    return array === undefined ? texts : [texts.join(" to ")];
  }
  return [];
}

async function dataSetsOf(client: MmsClient, devices: readonly BrowsedDevice[]): Promise<readonly BrowsedDataSet[]> {
  const all = devices.flatMap((device) => device.dataSets.map((item) => `${device.name}/${item.replace("$", ".")}`));
  return Promise.all(
    all.map(async (text) => {
      const name = dataSetName(text);
      if (name === undefined) return { name: text, members: [] };
      try {
        const { members } = await membersOf(client, name);
        return { name: text, members: members.map((member) => memberText(memberReference(member))) };
      } catch (error) {
        // Between the list of names and this question it may have gone.
        if (!(error instanceof MmsError) || error.reason !== "refused") throw error;
        return { name: text, members: [] };
      }
    }),
  );
}

function memberText(reference: Reference | undefined): string {
  return reference === undefined ? "?" : referenceText(reference);
}

/** "float32", "int8", "bits 13", "text 129". */
export function typeText(type: TypeDescription): string {
  switch (type.kind) {
    case "integer":
      return `int${type.width}`;
    case "unsigned":
      return `uint${type.width}`;
    case "float":
      return `float${type.width}`;
    case "bits":
    case "booleans":
      return `bits ${Math.abs(type.width)}`;
    case "octets":
      return `octets ${Math.abs(type.width)}`;
    case "visible":
      return `text ${Math.abs(type.width)}`;
    case "utf8":
      return `unicode ${Math.abs(type.width)}`;
    case "utc":
      return "instant";
    case "binaryTime":
      return type.date ? "time of entry" : "time of day";
    case "array":
      return `${type.count} of ${typeText(type.of)}`;
    default:
      return type.kind;
  }
}
