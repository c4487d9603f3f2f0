/**
 * Publishes one GOOSE control block (IEC 61850-7-2, 18.2; IEC 61850-8-1, 18.1): whenever a value or a quality of its data set is another, a new
 * state, told at once and again and again.
 */
import { BerWriter } from "#wire/ber.ts";
import type { Cancel, Clock } from "#clock/clock.ts";
import type { GooseControl, Leaf } from "#protocol/iec61850/model/ied.ts";
import { isSameValue, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { MOST_PDU } from "./goose-frame.ts";
import { ALL_DATA, MOST_NUMBER, writeGoosePdu } from "./goose-pdu.ts";
import { pauseBefore, timeAllowedToLive } from "./retransmission.ts";

/** The data set of a control block, as whoever knows the model has resolved it. */
export interface PublishedSet {
  readonly members: readonly {
    readonly leaves: readonly { readonly leaf: Leaf; readonly triggers: Leaf["triggers"] }[];
    write(out: BerWriter, values: readonly LeafValue[]): void;
  }[];
}

export interface Published {
  readonly control: GooseControl;
  /** "JEM01MTR/LLN0$GO$gcbDI", "JEM01MTR/LLN0$DI". */
  readonly reference: string;
  readonly dataSetReference: string;
  readonly set: PublishedSet;
  /** Whether its messages say that they are a simulation. */
  readonly simulated: boolean;
}

/** What a publisher needs of the meter. */
export interface PublishingHost {
  /** Values by the numbers of the leaves; the same object while none is another. */
  image(): { readonly values: readonly LeafValue[] };
  now(): IedTime;
  /** Whether it may send now: it has power, and the control block is enabled. */
  isOn(): boolean;
  /** Whether the meter is in test, which messages of edition 1 say. */
  isInTest(): boolean;
}

export interface PublisherOptions {
  readonly clock: Clock;
  readonly host: PublishingHost;
  /** Sends a PDU, whose octets are the publisher's. */
  send(pdu: Uint8Array, simulated: boolean): void;
}

export class GoosePublisher {
  readonly #published: Published;
  readonly #options: PublisherOptions;
  readonly #out = new BerWriter(512);
  /** Leaves whose changes make a new state. */
  readonly #watched: readonly number[];
  #image: { readonly values: readonly LeafValue[] } | undefined;
  #last: readonly LeafValue[] = [];
  /** The list of values of the state, as it is sent. */
  #allData: Uint8Array = new Uint8Array(0);
  #t: IedTime | undefined;
  #stNum = 0;
  #sqNum = 0;
  #repetition = 0;
  #timer: Cancel = () => {};
  #isOn = false;

  constructor(published: Published, options: PublisherOptions) {
    this.#published = published;
    this.#options = options;
    this.#watched = published.set.members.flatMap(({ leaves }) =>
      leaves
        .filter(({ triggers }) => triggers.dataChange === true || triggers.qualityChange === true)
        .map(({ leaf }) => leaf.index),
    );
  }

  get stNum(): number {
    return this.#stNum;
  }

  get sqNum(): number {
    return this.#sqNum;
  }

  /** Why nothing is sent though it is enabled; undefined where there is nothing to say. */
  get trouble(): string | undefined {
    const { reference, set } = this.#published;
    if (set.members.length === 0) return `${reference} has no data set with members`;
    if (this.#t !== undefined && this.#out.written > MOST_PDU)
      return `${reference} takes ${this.#out.written} octets, of ${MOST_PDU} that a frame has room for`;
    return undefined;
  }

  /** Looks whether there is something new to say: whenever values may be others, or it may have been switched on or off. */
  look(): void {
    const { host } = this.#options;
    if (!host.isOn()) {
      this.stop();
      return;
    }
    const image = host.image();
    const isNew = !this.#isOn;
    if (!isNew && (image === this.#image || !this.#differs(image.values))) {
      this.#image = image;
      return;
    }
    this.#image = image;
    this.#isOn = true;
    this.#begin(image.values, isNew);
  }

  stop(): void {
    this.#isOn = false;
    this.#timer();
    this.#timer = () => {};
  }

  #differs(values: readonly LeafValue[]): boolean {
    return this.#watched.some((index, k) => !isSameValue(values[index], this.#last[k]));
  }

  /** A new state. Who has been off begins anew with state 1 and repetition 1; a change begins with repetition 0. */
  #begin(values: readonly LeafValue[], isNew: boolean): void {
    const { members } = this.#published.set;
    this.#last = this.#watched.map((index) => values[index]);
    const out = this.#out.reset();
    for (let k = members.length - 1; k >= 0; k--) members[k]?.write(out, values);
    this.#allData = out.wrap(ALL_DATA, 0).done();
    this.#t = this.#options.host.now();
    this.#stNum = isNew || this.#stNum === MOST_NUMBER ? 1 : this.#stNum + 1;
    this.#sqNum = isNew ? 1 : 0;
    this.#repetition = 0;
    this.#send();
  }

  #send(): void {
    const { clock, host, send } = this.#options;
    const { control, reference, dataSetReference, set, simulated } = this.#published;
    const t = this.#t;
    if (t === undefined || set.members.length === 0) return;
    const curve = { minMs: control.minMs, maxMs: control.maxMs };
    this.#repetition++;
    const pauseMs = pauseBefore(this.#repetition, curve);
    const isSimulated = simulated || host.isInTest();
    const head = {
      controlBlock: reference,
      timeAllowedToLive: timeAllowedToLive(pauseMs, curve),
      dataSet: dataSetReference,
      goId: control.goId,
      t,
      stNum: this.#stNum,
      sqNum: this.#sqNum,
      simulated: isSimulated,
      configRevision: control.configRevision,
      needsCommissioning: control.needsCommissioning,
      entries: set.members.length,
    };
    writeGoosePdu(this.#out.reset(), head, this.#allData);
    if (this.#out.written <= MOST_PDU) send(this.#out.view(), simulated);
    this.#timer();
    this.#timer = clock.after(pauseMs, () => this.#again());
  }

  #again(): void {
    // Without power, or switched off, nobody says so.
    if (!this.#options.host.isOn()) {
      this.stop();
      return;
    }
    this.#sqNum = this.#sqNum === MOST_NUMBER ? 1 : this.#sqNum + 1;
    this.#send();
  }
}
