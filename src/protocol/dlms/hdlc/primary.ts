/**
 * A client's station (Green Book 8.4): it connects, asks, takes answers in segments, asks again when nothing comes, and disconnects. It is a
 * carrier of APDUs like any other.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { joined } from "#io/byte-run.ts";
import type { Link } from "#io/link.ts";
import type { Addresses, ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { WireError } from "#wire/cursor.ts";
import type { HdlcAddress } from "./address.ts";
import { apduIn, LLC, LONGEST_MESSAGE, toClient, toServer } from "./connection.ts";
import type { Control } from "./control.ts";
import { FrameReader } from "./frame-reader.ts";
import { frameBytes, type Frame } from "./frame.ts";
import { agreed, parametersBytes, parametersOf, usual, type HdlcParameters } from "./parameters.ts";

export interface HdlcClientOptions {
  readonly addresses: Addresses;
  /** The lower part of the server's address; undefined where one byte says none. */
  readonly physical: number | undefined;
  /** Of the server's address; four unless said, one without a physical device. */
  readonly addressBytes?: 1 | 2 | 4 | undefined;
  /** What is proposed, from the client's view; without it SNRM says nothing, and what is usual holds. */
  readonly propose?: HdlcParameters | undefined;
  /** Whether requests that do not fit are cut; they are unless said. Without, `longest` says how long they may be. */
  readonly segmentation?: boolean | undefined;
  /** Milliseconds in which an answer begins, or goes on. */
  readonly timeoutMs: number;
  /** So often the same is sent again; twice unless said. */
  readonly retries?: number | undefined;
  /** What has to be before the first frame: the sign-on of an optical port. */
  readonly before?: (() => Promise<void>) | undefined;
}

/** Milliseconds between two polls of a server that has nothing yet. */
const POLL_MS = 100;

/** Frames of a response at most: a window of seven, and as many that came late. */
const MOST_FRAMES = 14;

const NOTHING = new Uint8Array(0);

type Segment = Pick<Frame, "segmented" | "information">;

class Primary implements ApduCarrier {
  readonly peer: string;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: HdlcClientOptions;
  readonly #server: HdlcAddress;
  readonly #client: HdlcAddress;
  readonly #reader = new FrameReader();
  #parameters = usual;
  /** Frames of the answer that is waited for. */
  #came: Frame[] = [];
  #wake: (() => void) | undefined;
  #notify: (apdu: Uint8Array) => void = () => {};
  #ended: Error | undefined;
  #busy = false;
  #connected = false;
  /** V(S), V(R), and what has been sent and not acknowledged. */
  #receive = 0;
  #acknowledged = 0;
  #sent: Segment[] = [];

  constructor(link: Link, clock: Clock, options: HdlcClientOptions) {
    const { addresses, physical } = options;
    this.peer = link.peer;
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    const bytes = options.addressBytes ?? (physical === undefined ? 1 : 4);
    this.#server = { upper: addresses.server, lower: bytes === 1 ? undefined : physical, bytes };
    this.#client = { upper: addresses.client, bytes: 1 };
    link.receive((chunk) => {
      for (const frame of this.#reader.take(chunk)) this.#take(frame);
    });
    link.closed((fault) => {
      this.#ended ??= new Error(`${this.peer} closed the connection${fault ? `: ${fault.message}` : ""}`);
      this.#wake?.();
    });
  }

  get longest(): number | undefined {
    return this.#options.segmentation === false ? this.#parameters.maxInfoTransmit - LLC : undefined;
  }

  async open(): Promise<void> {
    await this.#options.before?.();
    const information = this.#options.propose === undefined ? NOTHING : parametersBytes(this.#options.propose);
    const answer = await this.#command("SNRM", information);
    if (answer?.control.kind !== "UA")
      throw new Error(`${this.peer} refuses to connect client ${this.#client.upper} to ${this.#server.upper}`);
    const parameters = this.#agreed(answer.information);
    if (parameters === undefined) throw new Error(`${this.peer} connects with parameters that are none of HDLC`);
    this.#parameters = parameters;
    this.#receive = this.#acknowledged = 0;
    this.#sent = [];
    this.#connected = true;
  }

  async ask(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#busy) throw new Error(`${this.peer} has not answered what was asked before`);
    if (!this.#connected) throw this.#ended ?? new Error(`${this.peer} is not connected`);
    this.#busy = true;
    try {
      return await this.#exchange(joined(toServer, apdu));
    } finally {
      this.#busy = false;
    }
  }

  notified(run: (apdu: Uint8Array) => void): void {
    this.#notify = run;
  }

  async close(): Promise<void> {
    if (this.#connected && this.#ended === undefined) {
      this.#connected = false;
      await this.#command("DISC", NOTHING, 0).catch(() => undefined);
    }
    this.#link.close();
  }

  #agreed(information: Uint8Array): HdlcParameters | undefined {
    try {
      return agreed(this.#options.propose ?? usual, parametersOf(information));
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  #take(frame: Frame): void {
    const { source, destination, control, information } = frame;
    const { upper, lower } = this.#server;
    const isTheirs =
      source.upper === upper && (source.lower === undefined || lower === undefined || source.lower === lower);
    if (!isTheirs || destination.upper !== this.#client.upper) return;
    if (control.kind === "UI") {
      const apdu = apduIn(information, toClient);
      if (apdu !== undefined) this.#notify(apdu);
      return;
    }
    // What nobody waits for came too late.
    if (this.#wake === undefined) return;
    this.#came.push(frame);
    this.#wake();
  }

  #send(control: Control, { segmented, information }: Segment = { segmented: false, information: NOTHING }): void {
    this.#link.send(frameBytes({ destination: this.#server, source: this.#client, control, segmented, information }));
  }

  /** Sends, and hands on what comes until it is enough, or nothing more does. */
  async #listen(send: () => void, isEnough: (frame: Frame) => boolean): Promise<boolean> {
    this.#came = [];
    let frames = 0;
    try {
      for (let isFirst = true; ; isFirst = false) {
        const isHere = await this.#next(isFirst ? send : undefined);
        const came = this.#came;
        this.#came = [];
        frames += came.length;
        let isDone = false;
        for (const frame of came) isDone = isEnough(frame) || isDone;
        if (isDone || !isHere) return isDone;
        if (this.#ended !== undefined) throw this.#ended;
        if (frames > MOST_FRAMES)
          throw new Error(`${this.peer} sends more frames than an answer has, and none is the last`);
      }
    } finally {
      this.#wake = undefined;
    }
  }

  /** Waits for a frame, or the end of the link; false when neither comes in time. */
  async #next(send: (() => void) | undefined): Promise<boolean> {
    let cancel: Cancel = () => {};
    const woken = new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      cancel = this.#clock.after(this.#options.timeoutMs, () => {
        // Behind what was no frame after all there may be others.
        for (const frame of this.#reader.giveUp()) this.#take(frame);
        resolve(false);
      });
    });
    // Over a null modem the answer is here before `send` returns.
    send?.();
    if (this.#came.length > 0 || this.#ended !== undefined) this.#wake?.();
    const isHere = await woken;
    cancel();
    return isHere;
  }

  /** An unnumbered command and its answer. */
  async #command(kind: "SNRM" | "DISC", information: Uint8Array, retries = this.#retries): Promise<Frame | undefined> {
    let answer: Frame | undefined;
    for (let again = 0; again <= retries; again++) {
      const send = (): void => this.#send({ kind, poll: true }, { segmented: false, information });
      const isHere = await this.#listen(send, (frame) => {
        const isAnswer = ["UA", "DM", "FRMR"].includes(frame.control.kind);
        if (isAnswer) answer = frame;
        return isAnswer;
      });
      if (isHere) return answer;
    }
    throw new Error(`${this.peer} did not answer ${kind} within ${this.#options.timeoutMs} ms`);
  }

  get #retries(): number {
    return this.#options.retries ?? 2;
  }

  async #exchange(message: Uint8Array): Promise<Uint8Array> {
    const most = this.#parameters.maxInfoTransmit;
    let waiting: Segment[] = [];
    for (let at = 0; at < message.length; at += most)
      waiting.push({ segmented: at + most < message.length, information: message.slice(at, at + most) });
    const answer = new Answer();
    /** When something went on last. A server that says that it has nothing yet has as long as one that says nothing. */
    let wentAt = this.#clock.elapsed();
    const patienceMs = this.#options.timeoutMs * (this.#retries + 1);
    while (true) {
      const more = this.#parameters.windowTransmit - this.#sent.length;
      this.#sent = [...this.#sent, ...waiting.slice(0, more)];
      waiting = waiting.slice(more);
      const [receive, sent] = [this.#receive, this.#sent.length];
      const isHere = await this.#listen(
        () => this.#burst(),
        (frame) => this.#heed(frame, answer),
      );
      const went = this.#receive !== receive || this.#sent.length < sent;
      if (went) wentAt = this.#clock.elapsed();
      if (answer.whole !== undefined && this.#sent.length === 0 && waiting.length === 0) return answer.apdu(this.peer);
      if (this.#clock.elapsed() - wentAt >= patienceMs)
        throw new Error(`${this.peer} did not answer within ${this.#options.timeoutMs} ms`);
      // It has heard, and has nothing yet.
      if (isHere && !went) await new Promise<void>((resolve) => void this.#clock.after(POLL_MS, resolve));
    }
  }

  /** What has not been acknowledged, and a poll. */
  #burst(): void {
    const receive = this.#receive;
    if (this.#sent.length === 0) return this.#send({ kind: "RR", receive, poll: true });
    for (const [k, segment] of this.#sent.entries()) {
      const send = (this.#acknowledged + k) & 7;
      this.#send({ kind: "I", send, receive, poll: k + 1 === this.#sent.length }, segment);
    }
  }

  /** Whether it was the last frame of a response. */
  #heed({ control, segmented, information }: Frame, answer: Answer): boolean {
    switch (control.kind) {
      case "I":
      case "RR":
      case "RNR":
        break;
      case "DM":
      case "FRMR":
        this.#connected = false;
        throw new Error(`${this.peer} ${control.kind === "DM" ? "has disconnected" : "rejects a frame"}`);
      default:
        return false;
    }
    const count = (control.receive - this.#acknowledged) & 7;
    if (count <= this.#sent.length) {
      this.#sent = this.#sent.slice(count);
      this.#acknowledged = control.receive;
    }
    if (control.kind === "I" && control.send === this.#receive) {
      this.#receive = (this.#receive + 1) & 7;
      answer.add({ segmented, information }, this.peer);
    }
    return control.poll;
  }
}

/** What comes of an answer, segment by segment. */
class Answer {
  whole: Uint8Array | undefined;
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  add({ segmented, information }: Segment, peer: string): void {
    this.#parts.push(information);
    this.#size += information.length;
    if (this.#size > LONGEST_MESSAGE) throw new Error(`${peer} sends a message of more than ${LONGEST_MESSAGE} bytes`);
    if (!segmented) this.whole = this.#parts.reduce((before, part) => joined(before, part), NOTHING);
  }

  apdu(peer: string): Uint8Array {
    const apdu = apduIn(this.whole ?? NOTHING, toClient);
    if (apdu === undefined) throw new Error(`${peer} answers without the ${LLC} LLC bytes of a server`);
    return apdu;
  }
}

/** A client's side of a link that carries HDLC. */
export function hdlcCarrier(link: Link, clock: Clock, options: HdlcClientOptions): ApduCarrier {
  return new Primary(link, clock, options);
}
