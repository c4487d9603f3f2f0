/**
 * Names and units of points out of a DNP3 device profile (XML, versions 2.10 to 2.12): what a manufacturer says of an outstation, or a meter of ours of
 * itself. Of the document only the lists of data points are looked at, whatever else stands in it.
 */
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";

/** Elements of data points, by the kind that they are of. */
const kinds: Readonly<Record<string, readonly PointFacts["kind"][]>> = {
  binaryInput: ["binary"],
  binaryOutput: ["output"],
  counter: ["counter", "frozen counter"],
  analogInput: ["analog"],
};

const LIST = "dataPoints";
const HIGHEST_INDEX = 65_535;

/** Of counters whole numbers of 32 bits, with flags: every outstation of Level 2 has them. */
const COUNTER = 1;
/**
 * Of analogs the scale is of the variation that the document names as the usual one: some scale 16 bits otherwise than 32, and floating point not
 * at all. Each is read with its flags, in 32 bits where none is named.
 */
const analogVariations: Readonly<Record<string, number>> = { one: 1, two: 2, three: 1, four: 2, five: 5, six: 6 };
const [ANALOGS, USUAL, NOW] = ["analogInputGroup", "defaultStaticVariation", "currentValue"];

/** A document that is none, or has no points. */
export class ProfileError extends Error {}

export function isDeviceProfile(text: string): boolean {
  return /^\uFEFF?\s*</.test(text);
}

/** What the document of a file has. Throws ProfileError, which names the file. */
export function profilePoints(file: string, text: string): readonly PointFacts[] {
  const points: PointFacts[] = [];
  const path: string[] = [];
  let fields: Record<string, string> | undefined;
  let analog = 1;
  for (const [, comment, close, name, empty, words] of text.matchAll(
    /(<!--[^]*?-->|<[!?][^>]*>)|<(\/?)(?:[\w.-]+:)?([\w.-]+)[^>]*?(\/?)>|([^<]+)/g,
  )) {
    if (comment !== undefined) continue;
    if (name === undefined) {
      const field = path.at(-1) ?? "";
      // A field of the point itself, and of nothing in it.
      if (fields !== undefined && path.at(-3) === LIST) fields[field] = plainText(words ?? "");
    } else if (close === "/") {
      if (path.pop() !== name) throw new ProfileError(`${file}: </${name}> closes what was not opened`);
      if (fields !== undefined && path.at(-1) === LIST) {
        points.push(...pointsOf(name, fields));
        fields = undefined;
      }
    } else if (empty === "/") {
      if (path.at(-1) === NOW && path.at(-2) === USUAL && path.includes(ANALOGS))
        analog = analogVariations[name] ?? analog;
    } else {
      if (path.at(-1) === LIST && Object.hasOwn(kinds, name)) fields = {};
      path.push(name);
    }
  }
  if (path.length > 0) throw new ProfileError(`${file}: <${path.at(-1)}> does not end`);
  if (points.length === 0) throw new ProfileError(`${file}: no list of data points is in it`);
  // The section of the groups may stand behind the points.
  return points.map((one) => (one.kind === "analog" ? { ...one, variation: analog } : one));
}

function pointsOf(element: string, fields: Readonly<Record<string, string>>): readonly PointFacts[] {
  const index = Number(fields["index"]);
  const { name = "", description = "", units = "" } = fields;
  if (name === "" || fields["index"] === "" || !Number.isInteger(index) || index < 0 || index > HIGHEST_INDEX)
    return [];
  const factor = numberIn(fields["scaleFactor"], 1);
  return (kinds[element] ?? []).map((kind) => ({
    kind,
    index,
    name: kind === "frozen counter" ? `frozen ${name}` : name,
    label: description,
    variation: kind === "counter" || kind === "frozen counter" ? COUNTER : 0,
    unit: units,
    scale: 1,
    scaling: 1,
    factor,
    offset: numberIn(fields["scaleOffset"], 0),
  }));
}

function numberIn(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text === "" ? otherwise : Number(text);
  return Number.isFinite(value) ? value : otherwise;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plainText(text: string): string {
  return text
    .replaceAll(/&(?:(\w+)|#(x?)([0-9a-fA-F]{1,6}));/g, (whole, name?: string, hex?: string, digits = "") => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = Number.parseInt(digits, hex === "x" ? 16 : 10);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    })
    .trim();
}
