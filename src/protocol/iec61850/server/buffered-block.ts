/**
 * A buffered report control block (BRCB, IEC 61850-7-2, 17.2.2): it buffers from its configuration on, whether or not anybody is there, and what
 * a client has set and not yet got lives through a failure of the power.
 */
import type { Cancel } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { ReportControl } from "#protocol/iec61850/model/ied.ts";
import { accessErrors, type AccessError } from "./host.ts";
import { ReportBlock, type ReportContext } from "./report-block.ts";
import { entryIdOctets, idOf, packed, ReportBuffer, startsOf, type EntryKind } from "./report-buffer.ts";
import { tellReport } from "./report-pdu.ts";
import { EVENTS } from "./report-bits.ts";
import { decodeBlock, encodeBlock, fingerprintOf, type ReportSettings } from "./report-settings.ts";
import type { MemberOctets } from "./report-watch.ts";
import type { Asker } from "./served.ts";
import { ToldState } from "./told-state.ts";

/** Records of blocks by their references, and behind a stroke entries by their numbers. */
export const KEPT = "report/";
/** What was told last of their members, by the same references. */
export const STATES = "state/";

export class BufferedBlock extends ReportBlock {
  readonly #buffer: ReportBuffer;
  readonly #state: ToldState;
  /** Whether a client has ever taken it: from then on it is kept in the meter's store. */
  #isKept = false;
  /** Where a client has said that it is, until the block is enabled; 0 is before the oldest. */
  #resumed: number | undefined;
  /** Reports go on later. */
  #later: Cancel | undefined;

  constructor(context: ReportContext, control: ReportControl, place: string, name: string) {
    super(context, control, place, name);
    const { host } = context;
    const key = KEPT + this.reference;
    this.#buffer = new ReportBuffer(host.reports, `${key}/`, host.settings.buffer);
    this.#state = new ToldState(host.reports, STATES + this.reference);
    const record = host.reports.get(key);
    const kept = record === undefined ? undefined : decodeBlock(record);
    if (kept?.model === this.#modelFingerprint()) {
      this.#isKept = true;
      this.use(kept.settings);
      this.#buffer.restore(this.#fingerprint(), kept.last, this.set?.members.length ?? 0);
    } else {
      this.use(this.model);
      this.#buffer.begin(this.#fingerprint());
    }
    if (this.set !== undefined) this.source.start(this.set, this.settings);
    if (this.#isKept) this.#goOnFromState();
    else this.#beginState();
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** EntryID: of the last entry there is; enabled the last that was sent; resumed the one behind which it goes on. */
  get entryId(): Uint8Array {
    return entryIdOctets(this.#shown());
  }

  /** TimeofEntry, of the same: UTC milliseconds. */
  get entryUtc(): number | undefined {
    return this.#buffer.utcOf(this.#shown());
  }

  purge(asker: Asker): AccessError | undefined {
    const error = this.barred(asker);
    if (error !== undefined) return error;
    this.takenBy(asker);
    this.#buffer.purge();
    this.#keep();
    return undefined;
  }

  /** Goes on behind an entry; eight octets of 0 are before the oldest (IEC 61850-7-2, 17.2.2.13). */
  resume(asker: Asker, octets: Uint8Array): AccessError | undefined {
    const error = this.barred(asker);
    if (error !== undefined) return error;
    const id = idOf(octets);
    if (id === 0) this.#buffer.rewind(false);
    else if (id === undefined || !this.#buffer.resume(id, this.context.host.now().utc)) {
      this.#buffer.rewind(true);
      this.#resumed = undefined;
      return accessErrors.valueInvalid;
    }
    this.takenBy(asker);
    this.#resumed = id;
    return undefined;
  }

  override close(): void {
    this.#later?.();
    // What waited for others has happened: it is an entry, whatever comes behind it.
    this.source.flush();
    super.close();
  }

  protected isBuffered(): boolean {
    return true;
  }

  protected taken(): void {
    if (this.#isKept) return;
    this.#isKept = true;
    this.#buffer.keep(this.context.host.now().utc);
    this.#state.keep();
    this.#keep();
  }

  protected changed(before: ReportSettings): void {
    const { settings, set } = this;
    const isSame =
      settings.dataSet === before.dataSet &&
      settings.rptId === before.rptId &&
      settings.bufferMs === before.bufferMs &&
      settings.triggers === before.triggers &&
      settings.integrityMs === before.integrityMs;
    if (!isSame) {
      this.#buffer.begin(this.#fingerprint());
      this.#resumed = undefined;
      if (set === undefined) this.source.stop();
      else this.source.start(set, settings);
      this.#beginState();
    }
    this.#keep();
  }

  protected prepare(): void {}

  protected begin(): void {
    if (this.#resumed === undefined) this.#buffer.rewind(true);
    this.#resumed = undefined;
    // The answer to the request goes before the reports.
    this.#goOn(0);
  }

  protected disabled(): void {
    this.#later?.();
    this.#later = undefined;
  }

  protected tell(kind: EntryKind, reasons: Uint8Array, octets: MemberOctets, utc: number): void {
    this.#buffer.add(kind, utc, this.context.host.now().utc, reasons.slice(), packed(reasons, octets));
    if (kind === "event") this.#state.take(reasons, octets);
    this.#send();
  }

  /** What has become another since it was told is an event, and has its time from now. */
  #goOnFromState(): void {
    const { set } = this;
    const octets = this.source.octets();
    if (set === undefined || octets === undefined) return;
    if (!this.#state.restore(this.#fingerprint(), set.members.length)) {
      this.#state.keep();
      this.#beginState();
      return;
    }
    const reasons = this.#state.changes(set.members, octets, this.settings.triggers & EVENTS);
    if (reasons !== undefined) this.tell("event", reasons, octets, this.context.host.now().utc);
  }

  #beginState(): void {
    const octets = this.source.octets();
    const length = this.set?.members.length ?? 0;
    if (octets !== undefined) this.#state.begin(this.#fingerprint(), octets, length);
  }

  /** Sends what has not been sent, as far as the client takes it. */
  #send(): void {
    const { asker, set } = this;
    if (asker === undefined || set === undefined || this.#later !== undefined) return;
    for (let entry = this.#buffer.next(); entry !== undefined; entry = this.#buffer.next()) {
      if (!this.isTaking(asker)) return this.#goOn(limits.reports.againMs);
      const { id, utc, reasons, values } = entry;
      const head = { ...this.head(utc), overflow: this.#buffer.overflow, entryId: entryIdOctets(id) };
      const starts = startsOf(reasons, values);
      this.#buffer.told(entry);
      this.sequence = (this.sequence + 1) % SEQUENCES;
      if (starts !== undefined) tellReport(asker, set, head, reasons, { bytes: values, starts });
    }
  }

  #goOn(ms: number): void {
    this.#later?.();
    this.#later = this.context.clock.after(ms, () => {
      this.#later = undefined;
      this.#send();
    });
  }

  #shown(): number {
    return this.asker === undefined ? (this.#resumed ?? this.#buffer.newest) : this.#buffer.sent;
  }

  #fingerprint(): number {
    return fingerprintOf(this.settings, this.set);
  }

  #modelFingerprint(): number {
    const { model, context } = this;
    return fingerprintOf(model, model.dataSet === "" ? undefined : context.dataSets.find(model.dataSet));
  }

  #keep(): void {
    const kept = { model: this.#modelFingerprint(), settings: this.settings, last: this.#buffer.last };
    this.context.host.reports.put(KEPT + this.reference, encodeBlock(kept));
  }
}

/** SqNum is INT16U. */
const SEQUENCES = 0x1_0000;
