/** A meter that is read over IEC 61850: all that it measures and all its states, or what is named by reference or by the glossary. */
import type { Clock } from "#clock/clock.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import { findIn, type BrowsedDevice } from "#protocol/iec61850/client/browse.ts";
import type { MmsClient } from "#protocol/iec61850/client/client.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { parseReference, referenceText, type Reference } from "#protocol/iec61850/client/references.ts";
import { leavesOf, leafTypesOf, readAll } from "#protocol/iec61850/client/values.ts";
import { UnknownName } from "./chosen.ts";
import { inSi, readNow, type MeterSource, type Progress, type Reading, type ReadingPart } from "./meter-source.ts";
import { namesNear } from "./mms-browse.ts";
import { modelOf, openMeter, type MmsSettings } from "./mms-meter.ts";
import { noFacts, pointFacts, pointReading, pointsOf, type PointFacts, type ValuePoint } from "./mms-points.ts";
import type { MmsUrl } from "./mms-url.ts";
import { plainValue } from "./mms-values.ts";
import { placeName } from "./place.ts";
import type { PointReading, SourceAsked } from "./reader.ts";

/** What an association is for: the model that the server told, and what of it is read. */
interface Opened {
  readonly client: MmsClient;
  readonly identity: readonly string[];
  readonly parts: readonly OpenedPart[];
}

interface OpenedPart {
  readonly title?: string;
  readonly wanted: readonly Wanted[];
}

/** Names beside one that is near: a model has hundreds. */
const MOST_SHOWN = 40;
/** Of what comes next in a reference. */
const FEW_SHOWN = 10;

/** A data object with a value, or attributes as they are; by which name it is wanted, if by one. */
type Wanted = { readonly asked?: string } & (
  | { readonly kind: "point"; readonly point: ValuePoint; readonly facts: PointFacts }
  | { readonly kind: "attributes"; readonly reference: Reference; readonly type: Parameters<typeof leavesOf>[1] }
);

export class MmsSource implements MeterSource {
  readonly url: string;
  readonly line: string;
  readonly #at: MmsUrl;
  readonly #settings: MmsSettings;
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #held: SourceAsked["held"];
  #opened: Opened | undefined;

  constructor(
    { text, at }: { readonly text: string; readonly at: MmsUrl },
    settings: MmsSettings,
    { clock, names, held }: { readonly clock: Clock } & Pick<SourceAsked, "names" | "held">,
  ) {
    this.url = text;
    this.line = `mms ${placeName(at.place)}`;
    this.#at = at;
    this.#settings = settings;
    this.#clock = clock;
    this.#names = names;
    this.#held = held;
  }

  /** An association that has stood for a while may have ended: another is made. */
  async read(progress: Progress = () => {}): Promise<Reading> {
    const isOld = this.#opened !== undefined;
    try {
      return await this.#read(progress);
    } catch (error) {
      await this.close();
      if (!isOld || !(error instanceof MmsError) || error.reason !== "closed") throw error;
    }
    return this.#read(progress);
  }

  async #read(progress: Progress): Promise<Reading> {
    const { client, identity, parts } = (this.#opened ??= await this.#open(progress));
    const all = parts.flatMap(({ wanted }) => wanted);
    const values = await readAll(
      client,
      all.map((one) => (one.kind === "point" ? one.point.reference : one.reference)),
    );
    const found = new Map(all.map((one, k) => [one, values[k]]));
    const read: ReadingPart[] = parts.map(({ title, wanted }) => ({
      ...(title === undefined ? {} : { title }),
      points: wanted.flatMap((one) => readingsOf(one, found.get(one))),
    }));
    const named = this.#names.length === 0 ? read : read.map((part) => ({ ...part, points: part.points.map(inSi) }));
    return readNow(this.#clock, named, { identification: identity, oneByOne: true });
  }

  async #open(progress: Progress): Promise<Opened> {
    await this.#held.get(this.line)?.();
    this.#held.set(this.line, () => this.close());
    const client = await openMeter(this.#at, this.#settings);
    try {
      const { vendor, model, revision } = await client.ask({ service: "identify" });
      const devices = await modelOf(client, this.#at, progress);
      const parts = await this.#wanted(client, devices);
      const identity = [vendor, model, revision].filter((one) => one !== "");
      return { client, identity, parts };
    } catch (error) {
      client.abort();
      throw error;
    }
  }

  async #wanted(client: MmsClient, devices: readonly BrowsedDevice[]): Promise<readonly OpenedPart[]> {
    const nodes = devices.flatMap((device) => device.nodes.map((node) => ({ domain: device.name, node })));
    const points = nodes.map(({ domain, node }) => ({ domain, node: node.name, points: pointsOf(domain, node) }));
    if (this.#names.length > 0) {
      const all = points.flatMap((one) => one.points);
      // The name of a node is of all that it has.
      const ofNode = (name: string): readonly ValuePoint[] =>
        points.flatMap((one) => (one.node === name || `${one.domain}/${one.node}` === name ? one.points : []));
      const wanted = this.#names.flatMap((name): readonly Wanted[] => {
        const own = ofNode(name);
        if (own.length > 0) return own.map((point) => ({ kind: "point", point, facts: noFacts, asked: name }));
        return [{ ...this.#named(name, all, devices), asked: name }];
      });
      return [{ wanted: await withFacts(client, wanted) }];
    }
    const hasMany = devices.length > 1;
    const parts: OpenedPart[] = [];
    for (const { domain, node, points: own } of points) {
      if (own.length === 0) continue;
      const wanted = await withFacts(
        client,
        own.map((point) => ({ kind: "point", point, facts: noFacts })),
      );
      parts.push({ title: hasMany ? `${domain}/${node}` : node, wanted });
    }
    return parts;
  }

  /** By the glossary, by its own name, or by reference, with its logical device or without. Throws UnknownName. */
  #named(name: string, points: readonly ValuePoint[], devices: readonly BrowsedDevice[]): Wanted {
    const point = points.find(
      (one) =>
        pointReading(one, { kind: "failure", error: 0 }, noFacts).name === name ||
        one.name === name ||
        referenceText(one.reference) === name ||
        `${one.reference.domain}/${one.name}` === name,
    );
    if (point !== undefined) return { kind: "point", point, facts: noFacts };
    const candidates = name.includes("/") ? [name] : devices.map((device) => `${device.name}/${name}`);
    for (const candidate of candidates) {
      const reference = parseReference(candidate);
      const [found] = reference === undefined ? [] : findIn(devices, reference);
      if (found !== undefined) return { kind: "attributes", ...found };
    }
    const near = name.includes(".") ? namesNear(devices, name) : [];
    if (near.length > 0) throw new UnknownName(name, this.url, near, FEW_SHOWN);
    throw new UnknownName(
      name,
      this.url,
      points.map((one) => one.name),
      MOST_SHOWN,
    );
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    this.#held.delete(this.line);
    await opened.client.conclude();
  }
}

/** Units are asked for once: they are configuration. */
async function withFacts(client: MmsClient, wanted: readonly Wanted[]): Promise<readonly Wanted[]> {
  const references = new Map<string, Reference>();
  const key = (reference: Reference | undefined): string => (reference === undefined ? "" : referenceText(reference));
  for (const one of wanted) {
    if (one.kind !== "point") continue;
    for (const reference of [one.point.facts.units, one.point.facts.pulses])
      if (reference !== undefined) references.set(key(reference), reference);
  }
  const values = await readAll(client, [...references.values()]);
  const found = new Map([...references.keys()].map((one, k) => [one, values[k]]));
  return wanted.map((one) => {
    if (one.kind !== "point") return one;
    const { units, pulses } = one.point.facts;
    return { ...one, facts: pointFacts(found.get(key(units)), found.get(key(pulses))) };
  });
}

function readingsOf(wanted: Wanted, value: AccessResult | undefined): readonly PointReading[] {
  const { asked } = wanted;
  return valuesOf(wanted, value).map((one) => (asked === undefined || asked === one.name ? one : { ...one, asked }));
}

function valuesOf(wanted: Wanted, value: AccessResult | undefined): readonly PointReading[] {
  const found = value ?? { kind: "failure", error: 10 };
  if (wanted.kind === "point") return [pointReading(wanted.point, found, wanted.facts)];
  const { reference, type } = wanted;
  if (found.kind === "failure")
    return leafTypesOf(reference, type).map((leaf) => ({
      name: referenceText(leaf.reference),
      value: undefined,
      unit: "",
    }));
  return leavesOf(reference, type, found).map((leaf) => ({
    name: referenceText(leaf.reference),
    value: plainValue(leaf.value),
    unit: "",
  }));
}
