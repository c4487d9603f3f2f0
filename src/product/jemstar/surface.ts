/** The surface of a JEMStar II: what its instrument measures and records, by its configuration of the moment. */
import type { MeterCommand, Outcome, Peer, Place, Proof, Refused, Session } from "#quantity/authority.ts";
import type { Parts } from "#product/configuration-history.ts";
import { firstChanges } from "#product/key-changes.ts";
import type { ChangesTold, ConfigurationEntry, Suggestions } from "#quantity/configuration-history.ts";
import { limits } from "#quantity/limits.ts";
import type { DemandInterval } from "#quantity/demand-interval.ts";
import type { EventCounts, LogEntry, LogKind } from "#quantity/log.ts";
import { logKinds } from "#quantity/log.ts";
import { primaryFactor, type Measure, type Side } from "#quantity/measure.ts";
import type {
  BinaryPoint,
  ChannelView,
  Extra,
  Freeze,
  MeterStatus,
  PortState,
  SelfRead,
  SurfaceIdentity,
} from "#quantity/meter-surface.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { SidesView } from "#quantity/meter-api.ts";
import type { IntervalView, QualityView } from "#quantity/quality-view.ts";
import { scaledIntervals, scaledQuality } from "#quantity/scaled-quality.ts";
import type { FirmwareFacts } from "#quantity/firmware.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import type { Profile } from "#quantity/profile.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import type { Series } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { TariffTimes } from "#quantity/tariff-times.ts";
import { sumOf, type Columns } from "#revenue/measuring/columns.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import { hasHarmonics, withoutHarmonics } from "#revenue/settings/power-quality.ts";
import { conditionsOf } from "#revenue/events/status-word.ts";
import { answersInTestMode } from "./communications.ts";
import { isStatus } from "./conditions.ts";
import { suggestionsFor } from "./configuration-suggestions.ts";
import { sectionNames, type RevenueFile } from "./configuration-schema.ts";
import type { JemStar } from "./jemstar.ts";
import { measuresShown } from "./measures-shown.ts";
import { nameplateOf, handledOf } from "./nameplate.ts";
import { changesBetween } from "./configuration-changes.ts";
import { describedConfiguration } from "./configuration-described.ts";
import { groupOf, profileOf } from "./recorded-series.ts";
import { capacitiesOf } from "./recordings.ts";
import { firmwareFacts } from "./upgrades.ts";
import { statusOf } from "./meter-status.ts";
import { isFundamentalAngle, whereabouts, type Elsewhere } from "./whereabouts.ts";

/** Cycles that are shown of its waveforms, and instants of each: a quarter of those that it samples. */
const CYCLES = 3;
const INSTANTS = 128;

export class JemStarSurface extends PlainSurface {
  readonly identity: SurfaceIdentity;
  readonly #jemstar: JemStar;
  /** Those of the meter of the moment. */
  #profiles: { readonly of: RevenueMeter; readonly profiles: readonly Profile[] } | undefined;
  #logs: { readonly of: RevenueMeter; readonly groups: readonly Profile[] } | undefined;
  /** What has been asked for: its columns, or whose it is. */
  readonly #asked = new WeakMap<Measure, Columns | Elsewhere>();

  /** What it shows of files, where there is more than what it recorded. */
  shelf: FileShelf | undefined;

  constructor(jemstar: JemStar) {
    super();
    const { name, model, serial, modelNumber, hardware } = jemstar;
    this.identity = {
      name,
      model: model.name,
      title: model.title,
      manufacturer: model.manufacturer,
      serial,
      firmware: hardware.firmware.register ?? "",
      modelNumber,
    };
    this.#jemstar = jemstar;
    jemstar.files.changed = () => this.changes.tell("record");
  }

  protected override get inDoubt(): boolean {
    return this.#jemstar.meter.inDoubt;
  }

  override get epoch(): number {
    return this.#jemstar.epoch;
  }

  override catchUp(): void {
    this.#jemstar.catchUp();
  }

  /** Works off what has gone by when something is due, and tells those who wait: at rest a meter costs its cycles. */
  advance(elapsed: number): void {
    if (!this.#jemstar.isDue(elapsed)) return;
    this.#jemstar.catchUp(elapsed);
    this.changes.tell("cycle");
  }

  now(): Stamp {
    return this.#jemstar.meter.clock.stamp();
  }

  // ── what it measures ────────────────────────────────────────────────────────────────────────────────────────────

  override get measures(): readonly Measure[] {
    return measuresShown(this.#jemstar.file.primary, this.#jemstar.ordered);
  }

  protected value(measure: Measure, side: Side): number | undefined {
    const { pt, ct } = this.#jemstar.file.primary;
    const value = this.#secondary(measure);
    if (value === undefined || Number.isNaN(value)) return undefined;
    return side === "primary" ? value * primaryFactor(measure, pt, ct) : value;
  }

  #secondary(measure: Measure): number | undefined {
    const { meter, ordered } = this.#jemstar;
    let asked = this.#asked.get(measure);
    if (asked === undefined) this.#asked.set(measure, (asked = whereabouts(measure, ordered)));
    if (asked === "nobody") return undefined;
    if (asked === "quality" || asked === "angle")
      return (asked === "quality" ? meter.quality?.value(measure) : undefined) ?? this.#angle(measure);
    if (asked === "energy") return meter.registers.standing(measure);
    if (asked === "communicated") return meter.periphery.communicated.value(measure.channel ?? 0);
    if (asked === "contacts") return this.#sampled(measure);
    // Before it has measured anything, and where its source says nothing, nothing is known.
    const isKnown = meter.window.seconds > 0 && meter.window.isKnown;
    return isKnown ? sumOf(asked, meter.window.average) : undefined;
  }

  /** What is not measured but is so: words of bits, a contact, what came in at it. */
  #sampled({ quantity, channel = 0 }: Measure): number | undefined {
    const { periphery, status } = this.#jemstar.meter;
    if (quantity === "systemBits") return status.bits;
    if (quantity === "triggerBits") return periphery.triggers.bits;
    if (!periphery.io.isInput(channel)) return undefined;
    if (quantity === "closed") return periphery.io.isClosed(channel) ? 1 : 0;
    return this.channels.find((one) => one.channel === channel)?.count;
  }

  /** Of a fundamental, as every meter measures it. */
  #angle(measure: Measure): number | undefined {
    const { meter } = this.#jemstar;
    return isFundamentalAngle(measure) && meter.window.isKnown ? meter.angle(measure) : undefined;
  }

  override intervals(): readonly IntervalView[] {
    const { meter, file } = this.#jemstar;
    const { pt, ct } = file.primary;
    return scaledIntervals(meter.quality?.intervals?.() ?? [], pt, ct);
  }

  override quality(): QualityView | undefined {
    const { meter, ordered, file } = this.#jemstar;
    const view = meter.quality?.view();
    if (view === undefined) return undefined;
    const { pt, ct } = file.primary;
    return scaledQuality(hasHarmonics(ordered) ? view : withoutHarmonics(view), pt, ct);
  }

  override registers(list: List): readonly RegisterReading[] {
    return this.#jemstar.meter.registers.readings(list);
  }

  override register(id: number, frozen = false): RegisterReading | undefined {
    const { registers } = this.#jemstar.meter;
    return frozen ? registers.frozen.find((one) => one.id === id) : registers.reading(id);
  }

  override tariffs(): TariffTimes | undefined {
    return this.#jemstar.meter.clockwork.tariffs.times;
  }

  override demand(): DemandInterval | undefined {
    const { ledger, testMode } = this.#jemstar.meter;
    return ledger.demandInterval(testMode.on);
  }

  // ── what it has recorded ────────────────────────────────────────────────────────────────────────────────────────

  override get freezes(): Series<Freeze> {
    return this.#jemstar.meter.registers.freezes;
  }

  override get selfReads(): Series<SelfRead> {
    const { selfReads } = this.#jemstar.meter;
    return {
      first: selfReads.first,
      next: selfReads.next,
      capacity: selfReads.capacity,
      page: (from, most) =>
        selfReads.page(from, most).map((one) => ({ ...one, conditions: conditionsOf(one.systemBits) })),
      seek: (utc) => selfReads.seek(utc),
      between: (from, to) => selfReads.between(from, to),
    };
  }

  override get profiles(): readonly Profile[] {
    const { meter } = this.#jemstar;
    if (this.#profiles?.of !== meter) this.#profiles = { of: meter, profiles: meter.profiles.map(profileOf) };
    return this.#profiles.profiles;
  }

  override get measurementLogs(): readonly Profile[] {
    const { meter } = this.#jemstar;
    if (this.#logs?.of !== meter) this.#logs = { of: meter, groups: meter.measurementLog.groups.map(groupOf) };
    return this.#logs.groups;
  }

  override get logs(): readonly LogKind[] {
    return logKinds;
  }

  override log(kind: LogKind): Series<LogEntry> {
    return this.#jemstar.meter.log.of(kind);
  }

  override eventCounts(): EventCounts {
    return this.#jemstar.meter.eventCounts;
  }

  override mark(reader: string, series: string, next?: number): number {
    return this.#jemstar.marks.mark(reader, series, next);
  }

  override get files(): FileShelf {
    return this.shelf ?? this.#jemstar.files.shelf;
  }

  // ── what it is doing ────────────────────────────────────────────────────────────────────────────────────────────

  override status(): MeterStatus {
    return statusOf(this.#jemstar);
  }

  override get channels(): readonly ChannelView[] {
    return this.#jemstar.meter.periphery.io.view();
  }

  override isOn(point: BinaryPoint): boolean | undefined {
    const { periphery } = this.#jemstar.meter;
    const { io } = periphery;
    if ("input" in point) return io.isInput(point.input) ? io.isClosed(point.input) : undefined;
    if ("output" in point) return io.isOutput(point.output) ? io.isClosed(point.output) : undefined;
    if ("trigger" in point) return periphery.triggers.isAlarm(point.trigger);
    return isStatus(this.#jemstar, point.status);
  }

  override configuration(): unknown {
    return this.#jemstar.file;
  }

  override configurationSchema(): unknown {
    return describedConfiguration(this.identity.title, this.#jemstar.ordered);
  }

  override suggestions(): Suggestions {
    return suggestionsFor(this.#jemstar.file);
  }

  override get configurationHistory(): Series<ConfigurationEntry> {
    return this.#jemstar.history;
  }

  override configurationChanges(isIt: (configuration: unknown) => boolean): ChangesTold | undefined {
    const { file, history } = this.#jemstar;
    const earlier = history.earlier(file, (parts) => isIt(ordered(parts)));
    if (earlier === undefined) return undefined;
    return firstChanges(changesBetween(earlier as RevenueFile, file), limits.configuration.changes);
  }

  override get absence(): string | undefined {
    return this.#jemstar.meter.absence;
  }

  override extra(): Extra {
    const { ordered, file } = this.#jemstar;
    const { pt, ct } = file.primary;
    // Without transformers there is one side, and nothing to say of it.
    const sides = {
      readings: "primary",
      profile: "primary",
      alarms: "secondary",
      log: "secondary",
    } satisfies SidesView;
    const both = pt === 1 && ct === 1 ? {} : { sides };
    const captures = capacitiesOf(file.powerQuality, ordered);
    const recorded = Object.keys(captures).length === 0 ? {} : { captures };
    const { meter, ports, transfer } = this.#jemstar;
    const pushed = transfer.view === undefined ? {} : { fileTransfer: transfer.view };
    const printed = { nameplate: nameplateOf(this.#jemstar), ports: ports.view, ...handledOf(this.#jemstar) };
    const waveforms = meter.powered ? meter.line?.waveforms(CYCLES, INSTANTS) : undefined;
    return { ...printed, ...both, ...recorded, ...pushed, ...(waveforms === undefined ? {} : { waveforms }) };
  }

  override firmware(): FirmwareFacts {
    return firmwareFacts(this.#jemstar);
  }

  // ── who may do what ─────────────────────────────────────────────────────────────────────────────────────────────

  override open(peer: Peer): Session {
    return this.#jemstar.authority.open(peer);
  }

  override admit(proof: Proof, peer: Peer): Promise<Session | Refused> {
    return this.#jemstar.authority.admit(proof, peer);
  }

  override resume(token: string, peer: Peer): Session | undefined {
    return this.#jemstar.authority.resume(token, peer);
  }

  override leave(session: Session): void {
    this.#jemstar.authority.leave(session);
  }

  override sessionMinutes(peer: Peer): number | undefined {
    return this.#jemstar.authority.sessions.minutes(peer);
  }

  override whenOver({ token }: Session, run: () => void): () => void {
    return token === undefined ? () => {} : this.#jemstar.authority.sessions.whenOver(token, run);
  }

  override bars(place: Place, session: Session, only?: "asked"): Refused | undefined {
    return this.#jemstar.authority.bars(place, session, only);
  }

  override permits(command: MeterCommand["command"], session: Session): Refused | undefined {
    return this.#jemstar.authority.permits(command, session);
  }

  override prepare(command: MeterCommand, session: Session): Promise<Refused | undefined> {
    return this.#jemstar.authority.prepare(command, session);
  }

  override obey(command: MeterCommand, session: Session): Outcome {
    this.#jemstar.catchUp();
    return this.#jemstar.authority.obey(command, session);
  }

  /** None without power, none that the configuration disables there, and in test mode only those that Appendices D to H leave. */
  override answers(port: string, protocol: string): boolean {
    const { meter, ports } = this.#jemstar;
    const { powered, testMode } = meter;
    return powered && ports.enabled(port, protocol) && (!testMode.on || answersInTestMode(port, protocol));
  }

  override port(port: string, protocol: string): PortState {
    return this.#jemstar.ports.state(port, protocol);
  }
}

/** With its sections in the order in which a configuration has them. */
function ordered(parts: Parts): Parts {
  return Object.fromEntries(sectionNames.flatMap((name) => (parts[name] === undefined ? [] : [[name, parts[name]]])));
}
