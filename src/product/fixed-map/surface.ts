/** The surface of a meter with fixed registers: its readings are those of its instrument, its registers the energies that it counts. */
import type { Clock } from "#clock/clock.ts";
import { alarmClosed, alertConditions, alertLimits, alertTexts } from "#meter/alerts.ts";
import type { Instrument } from "#meter/instrument.ts";
import {
  hasHandsOn,
  type MeterCommand,
  type Outcome,
  type Peer,
  type Proof,
  type Refused,
  type Session,
} from "#quantity/authority.ts";
import type { ChangesTold, ConfigurationEntry, Suggestions } from "#quantity/configuration-history.ts";
import { commands, type Command } from "#quantity/interfaces.ts";
import type { DemandInterval } from "#quantity/demand-interval.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure, Side } from "#quantity/measure.ts";
import type { RmsView } from "#quantity/meter-api.ts";
import type { BinaryPoint, ChannelView, Extra, MeterStatus, SurfaceIdentity } from "#quantity/meter-surface.ts";
import type { QualityPart, QualityView } from "#quantity/quality-view.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import { isQuantity, quantities, type Quantity, type State } from "#quantity/quantity.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { unitOf } from "#quantity/unit.ts";
import { isAtPanel, panelSessionsOf, type PanelSessions } from "./panel-sessions.ts";
import { isConfiguring, SettingsDesk } from "./settings-desk.ts";
import { demandOf } from "./running-demand.ts";
import type { VirtualMeter } from "./virtual-meter.ts";

/** What fails when a meter's reset system runs. */
const OPERATING_SYSTEM = "operating system";
/** Channel of the digital input, behind that of the output. */
const INPUT = 2;

/** Cycles that a waveform view shows. */
const CYCLES = 3;
const DIGITS = 15;
/** How everybody may change what registers let everybody change. */
const ways: ReadonlySet<MeterCommand["command"]> = new Set(["configure", "undoConfiguration", "word"] as const);
/** The largest number that a register holds. */
const WORD = 0xffff;

/** Names that are measures, with what they say; the others are the meter's own state. */
const measured: readonly (readonly [Quantity, Measure])[] = quantities.flatMap((name) => {
  const measure = parseMeasure(name);
  return measure === undefined ? [] : [[name, measure] as const];
});
const stateNames: readonly Quantity[] = quantities.filter((name) => parseMeasure(name) === undefined);
const kept = measured.filter(([name, { demand }]) =>
  demand === true ? name.startsWith("A") : /\.(min|max)$/.test(name),
);
const usual: readonly Measure[] = measured.filter((one) => !kept.includes(one)).map(([, measure]) => measure);
/** A list for all meters that keep the same, by whether they keep extremes and demands of currents: whoever plans by a list plans once. */
const lists = [false, true].map((extremes) =>
  [false, true].map((demands): readonly Measure[] => [
    ...usual,
    ...kept.filter(([, { demand }]) => (demand === true ? demands : extremes)).map(([, measure]) => measure),
  ]),
);
/** Registers, numbered from 1 in the order of the vocabulary: energies, which count whole watt-hours and the like. */
const energies = measured.filter(([name]) => /^(Wh|varh|VAh)\b/.test(name));

export class FixedMapSurface extends PlainSurface {
  readonly identity: SurfaceIdentity;
  readonly #instrument: Instrument;
  readonly #words: VirtualMeter["registers"];
  readonly #clock: Clock;
  readonly #unkept: () => string | undefined;
  readonly #quality: QualityPart | undefined;
  /** Undefined of a meter whose panel asks for no password. */
  readonly #panel: PanelSessions | undefined;
  readonly #desk: SettingsDesk;

  /** `unkept` says why what changes could not be kept now; undefined while it can. */
  constructor(
    { model, instrument, registers, history, quality }: VirtualMeter,
    clock: Clock,
    unkept: () => string | undefined,
  ) {
    super();
    this.#words = registers;
    this.#quality = quality;
    const { firmware, serial } = instrument.identity;
    this.identity = {
      name: instrument.name,
      model: model.name,
      title: model.title,
      manufacturer: model.manufacturer,
      serial,
      firmware: `${Math.floor(firmware / 1000)}.${String(firmware % 1000).padStart(3, "0")}`,
      modelNumber: "",
    };
    this.#instrument = instrument;
    this.#clock = clock;
    this.#unkept = unkept;
    this.#panel = panelSessionsOf(model, (name) => instrument.setting(name));
    this.#desk = new SettingsDesk(instrument, history, this.#panel);
  }

  /** Runs the calculation cycles that have ended, and tells those who wait. */
  advance(elapsed: number): void {
    const before = this.#instrument.cycle;
    this.#instrument.advance(elapsed);
    if (this.#instrument.cycle !== before) this.changes.tell("cycle");
  }

  /** Extremes and demands of currents, which few meters keep, belong to those that keep them. */
  override get measures(): readonly Measure[] {
    const { extremes, ampsDemand } = this.#instrument.design;
    return lists[Number(extremes !== undefined)]?.[Number(ampsDemand !== undefined)] ?? usual;
  }

  now(): Stamp {
    return { utc: this.#clock.utc(), offsetMinutes: 0, daylightSaving: false, synchronised: true };
  }

  /** Its settings are the transformers': what it reads is primary; of the other side it knows nothing. */
  protected value(measure: Measure, side: Side): number | undefined {
    const name = measureName(measure);
    if (side !== "primary") return undefined;
    return isQuantity(name) ? this.#known(name) : this.#quality?.value(measure);
  }

  override quality(): QualityView | undefined {
    return this.#quality?.view();
  }

  #known(name: Quantity): number | undefined {
    const value = this.#instrument.read(name);
    return Number.isNaN(value) ? undefined : value;
  }

  override registers(list: List): readonly RegisterReading[] {
    return list === "normal" ? energies.flatMap((_, k) => this.#energy(k + 1) ?? []) : [];
  }

  override register(id: number, frozen = false): RegisterReading | undefined {
    return frozen ? undefined : this.#energy(id);
  }

  #energy(id: number): RegisterReading | undefined {
    const [name, measure] = energies[id - 1] ?? [];
    const value = name === undefined ? undefined : this.#known(name);
    if (name === undefined || measure === undefined || value === undefined) return undefined;
    const counts = this.#instrument.exact(name);
    return {
      id,
      label: name,
      value,
      valid: "good",
      at: this.now(),
      text: String(counts),
      counts,
      measure,
      kind: "consumption",
      tariff: "total",
      storage: "working",
      digits: DIGITS,
      decimals: 0,
      unit: unitOf(name),
      scale: 1,
    };
  }

  override status(): MeterStatus {
    const { alerts, wiring, design } = this.#instrument;
    const limits = alertLimits(design, (name) => this.#instrument.setting(name));
    const conditions = alertConditions(alerts, wiring, limits);
    const failures = this.#instrument.inResetSystem
      ? [`the ${OPERATING_SYSTEM} does not run: reset system running`]
      : [];
    return { ...super.status(), conditions, failures, inResetSystem: this.#instrument.inResetSystem };
  }

  override demand(): DemandInterval {
    return demandOf(this.#instrument);
  }

  override word(register: number): number | undefined {
    return this.#words.word(register);
  }

  override state(name: State): number | undefined {
    return this.#known(name);
  }

  /** The digital output and input of a meter that has them; the alarm contact of others. */
  override get channels(): readonly ChannelView[] {
    const { output, input } = this.#instrument.records;
    if (output === undefined || input === undefined) {
      return [{ channel: 1, mode: "outputAlarm", closed: this.#alarmClosed, count: 0 }];
    }
    return [
      { channel: 1, mode: "outputStatus", closed: output.on, count: output.count },
      { channel: INPUT, mode: "inputStatus", closed: input.on, count: input.count },
    ];
  }

  get #alarmClosed(): boolean {
    return alarmClosed(this.#instrument.range);
  }

  override isOn(point: BinaryPoint): boolean | undefined {
    const { output, input } = this.#instrument.records;
    if ("output" in point && point.output === 1) return output?.on ?? this.#alarmClosed;
    return "input" in point && point.input === INPUT ? input?.on : undefined;
  }

  override configuration(): unknown {
    return this.#desk.shown;
  }

  override configurationSchema(): unknown {
    return this.#desk.describe(this.identity.title);
  }

  override suggestions(): Suggestions {
    return this.#desk.suggestions;
  }

  override get configurationHistory(): Series<ConfigurationEntry> {
    return this.#desk.history.entries;
  }

  override configurationChanges(isIt: (configuration: unknown) => boolean): ChangesTold | undefined {
    return this.#desk.changesSince(isIt);
  }

  override get absence(): string | undefined {
    return this.#instrument.measurement.absence;
  }

  override extra(): Extra {
    const { cycle, wiring, alerts, measurement } = this.#instrument;
    return {
      cycle,
      wiring: wiring.means,
      settings: this.configuration(),
      state: Object.fromEntries(stateNames.map((name) => [name, this.#known(name) ?? null])),
      alerts: alertTexts(alerts),
      alarmContact: this.#alarmClosed ? "closed" : "open",
      waveforms: measurement.waveforms(CYCLES),
      rms: this.#rms(),
    };
  }

  /** RMS volts of each half cycle of the last calculation cycle; undefined where nothing is sampled. */
  #rms(): RmsView | undefined {
    const { measurement, sinceCycle } = this.#instrument;
    const { halfCycles } = measurement;
    if (halfCycles === undefined) return undefined;
    return {
      begun: this.#clock.utc() - sinceCycle - 1000 * measurement.elapsed,
      ends: halfCycles.ends.map((end) => Math.round(end * 1e5) / 1e5),
      volts: halfCycles.volts.map((list) =>
        list.map((volt) => (Number.isFinite(volt) ? Math.round(volt * 100) / 100 : null)),
      ),
    };
  }

  /** Nobody is admitted but at its panel, with the passwords of its menus. */
  override async admit(proof: Proof, peer: Peer): Promise<Session | Refused> {
    return isAtPanel(peer) ? (this.#panel?.admit(proof, peer) ?? super.admit(proof, peer)) : super.admit(proof, peer);
  }

  override leave(session: Session): void {
    this.#panel?.leave(session);
  }

  override whenOver(session: Session, run: () => void): () => void {
    // One of somebody who has shown nothing goes on.
    if (this.#panel === undefined || session.user === undefined) return super.whenOver(session, run);
    return this.#panel.whenOver(session, run);
  }

  /** It has no users: whoever stands at the site may do what its registers let everybody do; at its panel a password opens each menu. */
  override permits(command: MeterCommand["command"], session: Session): Refused | undefined {
    if (!ways.has(command) && !isCommand(command) && !this.#senses(command)) return super.permits(command, session);
    if (this.#panel !== undefined && isAtPanel(session.peer)) return this.#panel.permits(command, session);
    if (hasHandsOn(session.peer)) return undefined;
    return { refused: "session", words: ["this meter has no users: only the site's operators may"] };
  }

  override obey(told: MeterCommand, session: Session): Outcome {
    const barred = this.permits(told.command, session);
    if (barred !== undefined) return barred;
    const unkept = this.#unkept();
    const checks = isConfiguring(told) && told.check === true;
    if (unkept !== undefined && !checks) return { refused: "store", words: [`nothing can be changed: ${unkept}`] };
    if (isConfiguring(told)) return this.#desk.obey(told, session);
    if (told.command === "word") return this.#write(told.register, told.value);
    if (isCommand(told.command)) this.#instrument.obey(told.command);
    return this.#sensed(told) ?? { done: true, consequences: [] };
  }

  /** As over Modbus, with function 06. */
  #write(register: number, value: number): Outcome {
    if (!isWord(register) || !isWord(value))
      return { refused: "invalid", words: [`expected whole numbers of 0 to ${WORD}`] };
    const exception = this.#words.setWord(register, value);
    if (exception === 0) return { done: true, consequences: [] };
    return { refused: "invalid", words: [`register ${register} does not take ${value}: exception ${exception}`] };
  }

  /** Whether the meter has the hardware of which a command tells. */
  #senses(command: MeterCommand["command"]): boolean {
    if (command === "hardware") return this.#instrument.design.resetSystem === true;
    return (command === "input" || command === "pulses") && this.#instrument.records.input !== undefined;
  }

  /** What hardware senses; a refusal where there is no such part. */
  #sensed(told: MeterCommand): Refused | undefined {
    const { input } = this.#instrument.records;
    if (told.command === "hardware") {
      if (told.part !== OPERATING_SYSTEM)
        return { refused: "invalid", words: [`part: expected "${OPERATING_SYSTEM}"; found "${told.part}"`] };
      this.#instrument.runResetSystem(told.failed);
    }
    if (told.command !== "input" && told.command !== "pulses") return undefined;
    if (told.channel !== INPUT) {
      return { refused: "invalid", words: [`channel: expected ${INPUT}, the digital input; found ${told.channel}`] };
    }
    if (told.command === "input") input?.turn(told.closed);
    else input?.pulse(told.count);
    return undefined;
  }
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= WORD;
}

function isCommand(name: string): name is Command {
  return (commands as readonly string[]).includes(name);
}
