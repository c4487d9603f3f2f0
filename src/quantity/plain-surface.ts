/**
 * The surface of a meter that has nothing: no registers, no records, no contacts, nobody to log in. A product's surface extends it
 * with what its meter has.
 */
import type { MeterCommand, Outcome, Peer, Place, Proof, Refused, Session } from "./authority.ts";
import { Changes } from "./changes.ts";
import type { ChangesTold, ConfigurationEntry, Suggestions } from "./configuration-history.ts";
import type { DemandInterval } from "./demand-interval.ts";
import { type FileShelf, noFiles } from "./file-shelf.ts";
import type { EventCounts, LogEntry, LogKind } from "./log.ts";
import type { FirmwareFacts } from "./firmware.ts";
import type { Measure, Side } from "./measure.ts";
import type {
  BinaryPoint,
  Change,
  ChannelView,
  Extra,
  Freeze,
  MeterStatus,
  MeterSurface,
  PortState,
  SelfRead,
  SurfaceIdentity,
} from "./meter-surface.ts";
import type { Profile } from "./profile.ts";
import type { State } from "./quantity.ts";
import type { IntervalView, QualityView } from "./quality-view.ts";
import type { List, Reading, RegisterReading } from "./register.ts";
import { emptySeries, type Series } from "./series.ts";
import type { Stamp } from "./stamp.ts";
import type { TariffTimes } from "./tariff-times.ts";

export abstract class PlainSurface implements MeterSurface {
  protected readonly changes = new Changes();

  abstract readonly identity: SurfaceIdentity;
  abstract readonly measures: readonly Measure[];
  abstract now(): Stamp;
  /** In the unit of the measure; undefined where it measures no such thing, or not yet. */
  protected abstract value(measure: Measure, side: Side): number | undefined;

  /** What it measures now is not sure: who samples for it says so. */
  protected get inDoubt(): boolean {
    return false;
  }

  get epoch(): number {
    return 0;
  }

  catchUp(): void {}

  read(measure: Measure, side: Side): Reading {
    const value = this.value(measure, side);
    return { value, valid: value === undefined ? "invalid" : this.inDoubt ? "questionable" : "good", at: this.now() };
  }

  values(measures: readonly Measure[], side: Side, out: Float64Array, valid: Uint8Array): Stamp {
    const known = this.inDoubt ? 0 : 1;
    for (let k = 0; k < measures.length; k++) {
      const measure = measures[k];
      const value = measure === undefined ? undefined : this.value(measure, side);
      out[k] = value ?? NaN;
      valid[k] = value === undefined ? 0 : known;
    }
    return this.now();
  }

  get absence(): string | undefined {
    return undefined;
  }

  registers(_list: List): readonly RegisterReading[] {
    return [];
  }

  register(id: number, frozen = false): RegisterReading | undefined {
    return frozen ? undefined : this.registers("normal").find((one) => one.id === id);
  }

  get freezes(): Series<Freeze> {
    return emptySeries;
  }

  get selfReads(): Series<SelfRead> {
    return emptySeries;
  }

  get profiles(): readonly Profile[] {
    return [];
  }

  get measurementLogs(): readonly Profile[] {
    return [];
  }

  get logs(): readonly LogKind[] {
    return [];
  }

  tariffs(): TariffTimes | undefined {
    return undefined;
  }

  demand(): DemandInterval | undefined {
    return undefined;
  }

  eventCounts(): EventCounts | undefined {
    return undefined;
  }

  log(_kind: LogKind): Series<LogEntry> {
    return emptySeries;
  }

  get files(): FileShelf {
    return noFiles;
  }

  word(_register: number): number | undefined {
    return undefined;
  }

  status(): MeterStatus {
    return {
      powered: true,
      testMode: false,
      rate: "none",
      conditions: [],
      failures: [],
      alarms: [],
      battery: { state: "good", warning: false },
      testPulses: { led: 0, optical: 0 },
    };
  }

  state(_name: State): number | undefined {
    return undefined;
  }

  get channels(): readonly ChannelView[] {
    return [];
  }

  isOn(_point: BinaryPoint): boolean | undefined {
    return undefined;
  }

  configuration(): unknown {
    return {};
  }

  configurationSchema(): unknown {
    return { type: "object", properties: {}, additionalProperties: false };
  }

  suggestions(): Suggestions {
    return { values: [], room: [] };
  }

  get configurationHistory(): Series<ConfigurationEntry> {
    return emptySeries;
  }

  configurationChanges(_isIt: (configuration: unknown) => boolean): ChangesTold | undefined {
    return undefined;
  }

  intervals(): readonly IntervalView[] {
    return [];
  }

  quality(): QualityView | undefined {
    return undefined;
  }

  extra(): Extra {
    return {};
  }

  firmware(): FirmwareFacts {
    const { firmware: version } = this.identity;
    const boards = version === "" ? [] : [{ board: "meter", version }];
    return { boards, takes: false, options: [], enables: [], rebooting: false };
  }

  mark(_reader: string, _series: string, _next?: number): number {
    return 0;
  }

  open(peer: Peer): Session {
    return { peer };
  }

  async admit(_proof: Proof, _peer: Peer): Promise<Session | Refused> {
    return { refused: "unsupported", words: [`${this.identity.name} has no users`] };
  }

  resume(_token: string, _peer: Peer): Session | undefined {
    return undefined;
  }

  leave(_session: Session): void {}

  sessionMinutes(_peer: Peer): number | undefined {
    return undefined;
  }

  whenOver(_session: Session, _run: () => void): () => void {
    return () => {};
  }

  bars(_place: Place, _session: Session, _only?: "asked"): Refused | undefined {
    return undefined;
  }

  permits(command: MeterCommand["command"], _session: Session): Refused | undefined {
    return { refused: "unsupported", words: [`${this.identity.name} does not know the command ${command}`] };
  }

  async prepare(_command: MeterCommand, _session: Session): Promise<Refused | undefined> {
    return undefined;
  }

  obey({ command }: MeterCommand, session: Session): Outcome {
    return this.permits(command, session) ?? { done: true, consequences: [] };
  }

  answers(_port: string, _protocol: string): boolean {
    return true;
  }

  port(_port: string, _protocol: string): PortState {
    return "Ready";
  }

  on(change: Change, run: () => void): () => void {
    return this.changes.on(change, run);
  }
}
