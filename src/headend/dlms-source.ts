/** A meter that is read over DLMS/COSEM: all objects that have a value, or what is named, by the glossary or by its code. */
import type { Clock } from "#clock/clock.ts";
import type { AttributeReference, GetResult } from "#protocol/dlms/apdu/apdu.ts";
import { DlmsError, resultText } from "#protocol/dlms/client/failing.ts";
import { isReadable, objectsOf, type ListedObject } from "#protocol/dlms/client/objects.ts";
import { CLOCK } from "#protocol/dlms/client/profile.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { limits } from "#quantity/limits.ts";
import { UnknownName } from "./chosen.ts";
import { openMeter, type DlmsMeter, type DlmsSettings } from "./dlms-meter.ts";
import { clockNotes, pointsOf, titleOf, titles, wantedOf, type Here } from "./dlms-objects.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { textOf, valueOf } from "./dlms-values.ts";
import { readNow, type MeterSource, type Progress, type Reading, type ReadingPart } from "./meter-source.ts";
import { obisCodeIn, obisCodeOf, obisName } from "./obis-names.ts";
import { placeName } from "./place.ts";
import type { PointReading, SourceAsked } from "./reader.ts";

const LOGICAL_DEVICE_NAME = { classId: 1, logicalName: "0.0.42.0.0.255", attribute: 2 } as const;

/** Classes that a code is tried as, before the whole list of objects is read: most values are registers. */
const likely: readonly number[] = [3, 4, 5, 1, 8, 7];

/** What somebody named: a code, and which attribute where he says it. */
interface Named {
  readonly name: string;
  readonly code: LogicalName | undefined;
  readonly attribute: number | undefined;
}

function namedIn(name: string): Named {
  const [, written = name, attribute] = /^(.*)\/(\d{1,3})$/.exec(name) ?? [];
  const code = obisCodeIn(written) ?? obisCodeOf(written);
  return { name, code, attribute: attribute === undefined ? undefined : Number(attribute) };
}

export class DlmsSource implements MeterSource {
  readonly url: string;
  readonly line: string;
  readonly #at: DlmsUrl;
  readonly #settings: DlmsSettings;
  readonly #clock: Clock;
  readonly #names: readonly Named[];
  readonly #held: SourceAsked["held"];
  #meter: DlmsMeter | undefined;
  /** What the meter has; found out once. */
  #objects: readonly ListedObject[] | undefined;
  #notes: readonly string[] = [];
  readonly #classes = new Map<LogicalName, number>();
  #identification: readonly string[] = [];

  constructor(
    { text, at }: { readonly text: string; readonly at: DlmsUrl },
    settings: DlmsSettings,
    { clock, names, held }: { readonly clock: Clock } & Pick<SourceAsked, "names" | "held">,
  ) {
    this.#held = held;
    this.url = text;
    this.line = `dlms ${placeName(at.place)}`;
    this.#at = at;
    this.#settings = settings;
    this.#clock = clock;
    this.#names = names.map(namedIn);
  }

  /** An association that has stood for a while may have ended: it is begun again. */
  async read(progress: Progress = () => {}): Promise<Reading> {
    const isOld = this.#meter !== undefined;
    try {
      return await this.#read(progress);
    } catch (error) {
      await this.close();
      if (!isOld || error instanceof UnknownName) throw error;
    }
    return this.#read(progress);
  }

  async #read(progress: Progress): Promise<Reading> {
    const meter = (this.#meter ??= await this.#open());
    return this.#names.length === 0 ? this.#everything(meter, progress) : this.#chosen(meter);
  }

  async #open(): Promise<DlmsMeter> {
    await this.#held.get(this.line)?.();
    this.#held.set(this.line, () => this.close());
    return openMeter(this.#at, this.#settings);
  }

  async #everything(meter: DlmsMeter, progress: Progress): Promise<Reading> {
    const objects = await this.#list(meter);
    const wanted = objects.map((object) => wantedOf(object).filter(({ attribute }) => isReadable(object, attribute)));
    const flat = wanted.flat();
    const found = await meter.client.getAll(flat, (done) => progress(done, flat.length));
    const answers = answering(flat, found);
    const here = this.#here();
    const parts = new Map<string, PointReading[]>(titles.map((title) => [title, []]));
    for (const object of objects)
      parts
        .get(titleOf(object) ?? "")
        ?.push(...pointsOf(object, (attribute) => answers({ ...object, attribute }), here));
    const shown = [...parts].map(([title, points]): ReadingPart => ({ title, points }));
    const clock = objects.find(({ classId }) => classId === CLOCK);
    const notes = [...this.#notes, ...clockNotes(clock && answers({ ...clock, attribute: 2 }), here)];
    return readNow(
      this.#clock,
      shown.filter(({ points }) => points.length > 0),
      { identification: this.#identification, notes },
    );
  }

  async #list({ client }: DlmsMeter): Promise<readonly ListedObject[]> {
    if (this.#objects !== undefined) return this.#objects;
    const objects: ListedObject[] = [];
    const walk = objectsOf(client);
    let usual = false;
    for (let step = await walk.next(); ; step = await walk.next()) {
      if (step.done === true) {
        if (usual)
          this.#notes = [
            `it has no list of its objects${step.value === undefined ? "" : `: ${resultText(step.value)}`}; those that meters usually have were tried`,
          ];
        break;
      }
      const { association, object } = step.value;
      usual ||= association === undefined;
      if (objects.length >= limits.dlms.objects)
        throw new DlmsError(
          `${this.url}: its list of objects has no end: more than ${limits.dlms.objects} have come`,
          "nonsense",
        );
      objects.push(object);
      this.#classes.set(object.logicalName, object.classId);
    }
    const name = await client.get(LOGICAL_DEVICE_NAME);
    this.#identification = "denied" in name ? [] : [textOf(name.data)];
    return (this.#objects = objects);
  }

  /** Only what is named, with the fewest requests: which class it is of is tried first, and only then the meter asked what it has. */
  async #chosen(meter: DlmsMeter): Promise<Reading> {
    const here = this.#here();
    const points: PointReading[] = [];
    for (const named of this.#names) points.push(await this.#one(meter, named, here));
    return readNow(this.#clock, [{ points }], { identification: [], notes: this.#notes });
  }

  async #one(meter: DlmsMeter, { name, code, attribute }: Named, here: Here): Promise<PointReading> {
    if (code === undefined) throw await this.#unknown(meter, name);
    const known = this.#classes.get(code);
    const tried = known === undefined ? likely : [known];
    let denied: string | undefined;
    for (const classId of tried) {
      const object = { classId, logicalName: code };
      const found = await (attribute === undefined
        ? this.#value(meter, object, here)
        : attributeOf(meter, object, attribute));
      if (found === "none") continue;
      this.#classes.set(code, classId);
      if (!("denied" in found)) return renamed(found, name, code);
      denied ??= found.denied;
    }
    if (known === undefined) {
      await this.#list(meter);
      const listed = this.#classes.get(code);
      if (listed !== undefined && !likely.includes(listed)) return this.#one(meter, { name, code, attribute }, here);
    }
    if (denied !== undefined) throw new DlmsError(`${this.url}: ${name}: ${denied}`, "exception");
    throw await this.#unknown(meter, name);
  }

  /** "none" where there is no such object of this class. */
  async #value(
    { client }: DlmsMeter,
    object: { readonly classId: number; readonly logicalName: LogicalName },
    here: Here,
  ): Promise<PointReading | { readonly denied: string } | "none"> {
    const wanted = wantedOf(object);
    const [first, ...others] = wanted;
    if (first === undefined) return attributeOf({ client }, object, 2);
    const value = await client.get(first);
    if ("denied" in value) return absent.has(value.denied) ? "none" : { denied: resultText(value.denied) };
    const found = [value, ...(await client.getAll(others))];
    const [point] = pointsOf(object, (attribute) => answering(wanted, found)({ ...object, attribute }), here);
    return point ?? "none";
  }

  async #unknown(meter: DlmsMeter, name: string): Promise<UnknownName> {
    const objects = await this.#list(meter);
    const known = objects
      .filter((one) => wantedOf(one).length > 0)
      .flatMap(({ logicalName }) => obisName(logicalName) ?? []);
    return new UnknownName(name, this.url, [...known, "and every object by its code"]);
  }

  #here(): Here {
    const utc = this.#clock.utc();
    const { offsetMinutes } = readNow(this.#clock, []);
    return { utc, offsetMinutes };
  }

  async close(): Promise<void> {
    const meter = this.#meter;
    this.#meter = undefined;
    if (meter !== undefined) this.#held.delete(this.line);
    await meter?.close().catch(() => {});
  }
}

/** Called as it was asked for; its code stands beside a name that is another. */
function renamed({ value, text, unit }: PointReading, name: string, code: LogicalName): PointReading {
  const label = name.startsWith(code) ? {} : { label: code };
  return { name, ...label, value, ...(text === undefined ? {} : { text }), unit };
}

/** What a meter says of an object that it does not have, or has as another class. */
const absent: ReadonlySet<string> = new Set(["object-undefined", "object-class-inconsistent", "object-unavailable"]);

async function attributeOf(
  { client }: Pick<DlmsMeter, "client">,
  object: { readonly classId: number; readonly logicalName: LogicalName },
  attribute: number,
): Promise<PointReading | { readonly denied: string } | "none"> {
  const found = await client.get({ ...object, attribute });
  if ("denied" in found) return absent.has(found.denied) ? "none" : { denied: resultText(found.denied) };
  return { name: object.logicalName, value: valueOf(found.data), unit: "" };
}

function answering(
  wanted: readonly AttributeReference[],
  found: readonly GetResult[],
): (of: Pick<AttributeReference, "classId" | "logicalName" | "attribute">) => GetResult | undefined {
  const keyOf = ({
    classId,
    logicalName,
    attribute,
  }: Pick<AttributeReference, "classId" | "logicalName" | "attribute">) => `${classId} ${logicalName} ${attribute}`;
  const answers = new Map(wanted.map((one, k) => [keyOf(one), found[k]]));
  return (of) => answers.get(keyOf(of));
}
