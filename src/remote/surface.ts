/** The surface of a meter that is read: it shows what was read, as long as that is so now, and says why it shows nothing. */
import type { Clock } from "#clock/clock.ts";
import { modelNamed, revenueModelNamed } from "#model/catalogue.ts";
import type { MeterEntry } from "#product/product.ts";
import type { MeterCommand, Refused } from "#quantity/authority.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Measure, Side } from "#quantity/measure.ts";
import type { ReadsView } from "#quantity/meter-api.ts";
import type { Extra, MeterStatus, SurfaceIdentity } from "#quantity/meter-surface.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { List, Reading, RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { Contact } from "./contact.ts";
import { selfDescribing } from "./entry.ts";
import { valuesOf, type ReadValues } from "./reading-values.ts";

const none: readonly Measure[] = [];

export class RemoteSurface extends PlainSurface {
  readonly identity: SurfaceIdentity;
  readonly #contact: Contact;
  readonly #clock: Clock;
  #epoch = 0;
  #read: ReadValues | undefined;

  constructor({ name, model, modelNumber }: MeterEntry, contact: Contact, clock: Clock) {
    super();
    const known = modelNamed(model) ?? revenueModelNamed(model);
    this.identity = {
      name,
      model,
      title: known?.title ?? selfDescribing.title,
      manufacturer: known?.manufacturer ?? "",
      serial: "",
      firmware: "",
      modelNumber: modelNumber ?? "",
      readFrom: contact.url,
    };
    this.#contact = contact;
    this.#clock = clock;
  }

  /** What was read is what it shows now. */
  take(): void {
    const { last } = this.#contact;
    if (last === undefined) return;
    const { utc, offsetMinutes } = last;
    const at: Stamp = { utc, offsetMinutes, daylightSaving: false, synchronised: true };
    const read = valuesOf(last, at, this.#read);
    const isOther = read.measures !== this.#read?.measures;
    this.#read = read;
    if (isOther) {
      this.#epoch++;
      this.changes.tell("epoch");
    }
    this.changes.tell("cycle");
  }

  /** Time has gone by: what was read is older. */
  age(): void {
    this.changes.tell("cycle");
  }

  get #fresh(): ReadValues | undefined {
    return this.#contact.isFresh && this.#contact.last?.absence === undefined ? this.#read : undefined;
  }

  override get epoch(): number {
    return this.#epoch;
  }

  get measures(): readonly Measure[] {
    return this.#read?.measures ?? none;
  }

  now(): Stamp {
    const offsetMinutes = this.#read?.at.offsetMinutes ?? 0;
    return { utc: this.#clock.utc(), offsetMinutes, daylightSaving: false, synchronised: true };
  }

  /** The last try has failed: whether it is still so nobody knows. */
  protected override get inDoubt(): boolean {
    return this.#contact.trouble !== undefined;
  }

  /** What the meter itself doubts is no surer here. */
  #isDoubted(measure: Measure): boolean {
    return this.#read?.doubted.has(measureName(measure)) ?? false;
  }

  protected value(measure: Measure, side: Side): number | undefined {
    if (side !== "primary") return undefined;
    const value = this.#fresh?.byName.get(measureName(measure));
    return value === undefined || !Number.isFinite(value) ? undefined : value;
  }

  override read(measure: Measure, side: Side): Reading {
    const read = super.read(measure, side);
    const valid = read.valid === "good" && this.#isDoubted(measure) ? "questionable" : read.valid;
    return { ...read, valid, at: this.#fresh?.at ?? this.now() };
  }

  override values(measures: readonly Measure[], side: Side, out: Float64Array, valid: Uint8Array): Stamp {
    const fresh = this.#fresh;
    if (fresh === undefined || measures !== fresh.measures || side !== "primary") {
      const now = super.values(measures, side, out, valid);
      measures.forEach((measure, k) => this.#isDoubted(measure) && (valid[k] = 0));
      return fresh?.at ?? now;
    }
    const known = this.inDoubt ? 0 : 1;
    for (let k = 0; k < measures.length; k++) {
      const value = fresh.values[k] ?? NaN;
      out[k] = Number.isFinite(value) ? value : NaN;
      valid[k] = Number.isFinite(value) ? known : 0;
    }
    if (fresh.doubted.size > 0) measures.forEach((measure, k) => this.#isDoubted(measure) && (valid[k] = 0));
    return fresh.at;
  }

  override registers(list: List): readonly RegisterReading[] {
    return list === "normal" ? (this.#fresh?.registers ?? []) : [];
  }

  override get absence(): string | undefined {
    return this.#contact.silence;
  }

  override status(): MeterStatus {
    const notes = this.#contact.last?.notes ?? [];
    const { trouble, isFresh } = this.#contact;
    const failing = trouble === undefined || !isFresh ? [] : [`the last reading failed: ${trouble}`];
    const doubts = doubtsIn(this.#fresh?.doubted ?? new Map());
    const conditions = [...notes.map(inSiteWords), ...doubts, ...failing].map((text) => ({ text, trouble: true }));
    return { ...super.status(), conditions };
  }

  override extra(): Extra {
    const { url, everyMs, age, trouble, last } = this.#contact;
    const reads: ReadsView = {
      url,
      every: everyMs / 1000,
      age: age ?? null,
      ...(trouble === undefined ? {} : { trouble }),
      identification: last?.identification ?? [],
    };
    return { cycle: everyMs / 1000, reads };
  }

  override permits(_command: MeterCommand["command"]): Refused {
    const { name } = this.identity;
    return { refused: "unsupported", words: [`${name} is read from ${this.#contact.url}: it is told nothing here`] };
  }
}

/** So many values are named, of all that a meter doubts. */
const NAMED = 6;

function doubtsIn(doubted: ReadValues["doubted"]): readonly string[] {
  const words = [...doubted].slice(0, NAMED).map(([name, flags]) => `${name} (${flags.join(", ")})`);
  const more = doubted.size > NAMED ? [`${doubted.size - NAMED} more`] : [];
  return words.length === 0 ? [] : [`its meter itself doubts ${[...words, ...more].join(", ")}`];
}

/** What readers say to whoever types a command, as whoever writes a site file has it. */
function inSiteWords(note: string): string {
  return note
    .replace("is --model right?", "is model right?")
    .replace("read with --swap-words", "say swapWords: true")
    .replace("--configuration", "configuration");
}
