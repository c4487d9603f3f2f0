/** A report control block (IEC 61850-7-2, 17.2): what it is set to, who has it, and what may be written to it when. */
import type { Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { ReportControl } from "#protocol/iec61850/model/ied.ts";
import type { DataSets, NamedSet } from "./data-sets.ts";
import { accessErrors, type AccessError, type IedHost } from "./host.ts";
import { triggerBits } from "./report-bits.ts";
import type { EntryKind } from "./report-buffer.ts";
import { fits, type ReportHead } from "./report-pdu.ts";
import { Reservation } from "./report-reservation.ts";
import { settingsOf, type ReportSettings } from "./report-settings.ts";
import { ReportSource } from "./report-source.ts";
import type { MemberOctets, Watches } from "./report-watch.ts";
import type { Asker } from "./served.ts";

export interface ReportContext {
  readonly host: IedHost;
  readonly clock: Clock;
  readonly dataSets: DataSets;
  readonly watches: Watches;
}

/** How long a buffered one waits for a client that has not said so, seconds. */
const IMPLICIT_SECONDS = 10;

const MOST_REVISION = 0xffff_ffff;

export abstract class ReportBlock {
  /** "brcbIO01" */
  readonly name: string;
  /** "JEM01MTR/LLN0$BR$brcbIO01" */
  readonly reference: string;
  readonly reservation: Reservation;
  /** Of the next report. */
  sequence = 0;
  protected readonly context: ReportContext;
  protected readonly source: ReportSource;
  /** Of the model. */
  protected readonly model: ReportSettings;
  #settings: ReportSettings;
  #set: NamedSet | undefined;
  #asker: Asker | undefined;

  constructor(context: ReportContext, control: ReportControl, place: string, name: string) {
    this.context = context;
    this.name = name;
    this.reference = `${place}$${control.buffered ? "BR" : "RP"}$${name}`;
    this.reservation = new Reservation(context.clock);
    this.model = settingsOf(control, place, this.reference);
    this.#settings = this.model;
    const { host, clock, watches } = context;
    this.source = new ReportSource(host, clock, watches, (kind, reasons, octets, utc) =>
      this.tell(kind, reasons, octets, utc),
    );
  }

  get settings(): ReportSettings {
    return this.#settings;
  }

  /** Who gets its reports; undefined where it is not enabled. */
  get asker(): Asker | undefined {
    return this.#asker;
  }

  /** Its data set, where there is one. */
  get set(): NamedSet | undefined {
    return this.#set;
  }

  /** Why who asks may not set it now. */
  barred(asker: Asker): AccessError | undefined {
    if (this.reservation.isOthers(asker) || this.#asker !== undefined) return accessErrors.temporarilyUnavailable;
    // Edition 2.1: who has not reserved it has nothing to set.
    const isUnreserved = this.context.host.ied.edition === "2.1" && !this.reservation.isOf(asker);
    return isUnreserved ? accessErrors.accessDenied : undefined;
  }

  change(asker: Asker, changed: Partial<ReportSettings>): AccessError | undefined {
    const error = this.barred(asker) ?? this.#whyNot(changed, asker);
    if (error !== undefined) return error;
    this.takenBy(asker);
    const before = this.#settings;
    const isOther = changed.dataSet !== undefined && changed.dataSet !== before.dataSet;
    const configRevision = isOther ? (before.configRevision % MOST_REVISION) + 1 : before.configRevision;
    this.use({ ...before, ...changed, configRevision }, asker);
    this.changed(before);
    return undefined;
  }

  enable(asker: Asker, on: boolean): AccessError | undefined {
    if (this.#asker === asker) {
      if (!on) this.#disable();
      return undefined;
    }
    const barred = this.barred(asker);
    if (barred !== undefined || !on) return barred;
    if (!asker.session.mayRead()) return accessErrors.accessDenied;
    this.use(this.#settings, asker);
    const set = this.#set;
    if (set === undefined) return accessErrors.attributeInconsistent;
    this.prepare(set);
    const octets = this.source.octets();
    const head = this.head(0);
    if (octets === undefined || !fits(asker.maxPdu, set, head, octets)) {
      this.disabled();
      return accessErrors.attributeInconsistent;
    }
    this.takenBy(asker);
    this.#asker = asker;
    this.sequence = 0;
    this.begin();
    return undefined;
  }

  /** All members, now. */
  interrogate(asker: Asker): AccessError | undefined {
    const isAsked = (this.#settings.triggers & triggerBits.generalInterrogation) !== 0;
    if (this.#asker !== asker || !isAsked) return accessErrors.temporarilyUnavailable;
    // The answer to the request goes before the report.
    this.context.clock.after(0, () => {
      if (this.#asker === asker) this.source.all("interrogation");
    });
    return undefined;
  }

  /** Reserves it, `seconds` beyond the end of the association. */
  reserve(asker: Asker, seconds: number): AccessError | undefined {
    if (this.reservation.isOthers(asker)) return accessErrors.temporarilyUnavailable;
    this.reservation.take(asker, seconds);
    this.taken();
    return undefined;
  }

  release(asker: Asker): AccessError | undefined {
    if (this.reservation.isOthers(asker) || this.#asker !== undefined) return accessErrors.temporarilyUnavailable;
    this.reservation.free();
    return undefined;
  }

  left(asker: Asker): void {
    if (this.#asker === asker) this.#disable();
    const wasOwn = this.reservation.isOf(asker);
    this.reservation.left(asker);
    // A data set of the association ends with it.
    if (!wasOwn || !this.#settings.dataSet.startsWith("@")) return;
    const configRevision = (this.#settings.configRevision % MOST_REVISION) + 1;
    this.use({ ...this.#settings, dataSet: this.model.dataSet, configRevision });
  }

  close(): void {
    this.#asker = undefined;
    this.source.stop();
    this.reservation.free();
  }

  /** Has it now, without having said so. */
  protected takenBy(asker: Asker): void {
    if (!this.reservation.isOf(asker))
      this.reservation.take(asker, this.reservation.seconds || this.#implicitSeconds());
    this.taken();
  }

  /** Is set so from now on. */
  protected use(settings: ReportSettings, asker?: Asker): void {
    const { dataSets } = this.context;
    this.#settings = settings;
    const set = settings.dataSet === "" ? undefined : dataSets.find(settings.dataSet, asker);
    if (set === this.#set) return;
    if (set !== undefined) dataSets.use(set);
    if (this.#set !== undefined) dataSets.release(this.#set);
    this.#set = set;
  }

  protected head(utc: number): ReportHead {
    const { rptId, fields, configRevision } = this.#settings;
    const { sequence } = this;
    return {
      rptId: rptId === "" ? this.reference : rptId,
      fields,
      sequence,
      utc,
      overflow: false,
      entryId: undefined,
      configRevision,
    };
  }

  /** Whether its client gets reports now: it takes them, may have them, and the meter speaks. */
  protected isTaking({ waiting, session }: Asker): boolean {
    return waiting <= limits.reports.waitingOctets && this.context.host.answers() && session.mayRead();
  }

  #implicitSeconds(): number {
    return this.isBuffered() && this.context.host.ied.edition !== "1" ? IMPLICIT_SECONDS : 0;
  }

  #whyNot({ dataSet }: Partial<ReportSettings>, asker: Asker): AccessError | undefined {
    if (dataSet === undefined || dataSet === "") return undefined;
    // What a buffered one buffers has to be there without an association.
    if (dataSet.startsWith("@") && this.isBuffered()) return accessErrors.valueInvalid;
    return this.context.dataSets.find(dataSet, asker) === undefined ? accessErrors.valueInvalid : undefined;
  }

  #disable(): void {
    this.#asker = undefined;
    this.disabled();
  }

  protected abstract isBuffered(): boolean;
  /** A client has it. */
  protected abstract taken(): void;
  /** It is set otherwise than before. */
  protected abstract changed(before: ReportSettings): void;
  /** Its source has to run from now on. */
  protected abstract prepare(set: NamedSet): void;
  /** It is enabled. */
  protected abstract begin(): void;
  /** It is not any more, or could not be. */
  protected abstract disabled(): void;
  protected abstract tell(kind: EntryKind, reasons: Uint8Array, octets: MemberOctets, utc: number): void;
}
