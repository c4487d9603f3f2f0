/**
 * One data link of a server in normal response mode (ISO/IEC 13239, 5.4; Green Book 8.4.5): sequence numbers, windows, segments, and what
 * is sent again. The server speaks when it is polled, and its last frame says that it was that.
 */
import type { Conversation } from "#protocol/dlms/apdu/conversation.ts";
import { joined } from "#io/byte-run.ts";
import { controlByte, type Control } from "./control.ts";
import type { Frame } from "./frame.ts";
import type { HdlcParameters } from "./parameters.ts";

/** What stands before an APDU: destination and source of the LLC sublayer, and its control (Green Book 8.3). */
export const toServer = Uint8Array.of(0xe6, 0xe6, 0x00);
export const toClient = Uint8Array.of(0xe6, 0xe7, 0x00);
export const LLC = 3;

/** Without its LLC bytes; undefined of what has others. */
export function apduIn(message: Uint8Array, llc: Uint8Array): Uint8Array | undefined {
  return llc.every((byte, k) => message[k] === byte) ? message.subarray(LLC) : undefined;
}

/** Bytes of a message that is put together of segments: the longest APDU that the wrapper could carry as well. */
export const LONGEST_MESSAGE = LLC + 0xffff;

/** Notifications that wait until the client polls; the oldest go first. */
const PUSHES = 8;

/** The bits of a rejection (ISO/IEC 13239, 5.5.3.4.2). */
const why = { control: 0x01, informationNotPermitted: 0x02, tooLong: 0x04, sequence: 0x08 } as const;

export type Reply = Pick<Frame, "control" | "segmented" | "information">;
type Segment = Pick<Frame, "segmented" | "information">;

export interface ConnectionOptions {
  readonly parameters: HdlcParameters;
  readonly segmentation: boolean;
  readonly reply: (frame: Reply) => void;
  /** What is no message of the protocol, and what else is caught once a link. */
  readonly fail: (error: unknown) => void;
  readonly misunderstood: () => void;
}

export class Connection {
  readonly conversation: Conversation;
  readonly #parameters: HdlcParameters;
  readonly #segmentation: boolean;
  readonly #reply: ConnectionOptions["reply"];
  readonly #fail: ConnectionOptions["fail"];
  readonly #misunderstood: () => void;
  /** V(R): the number of the frame that is to come. */
  #receive = 0;
  /** The number of the first frame that the client has not acknowledged. */
  #acknowledged = 0;
  /** Those that it has not acknowledged, the oldest first: a window at most. */
  #sent: readonly Segment[] = [];
  /** Of the answer, segments that have not been sent. */
  #waiting: readonly Segment[] = [];
  #pushes: readonly Uint8Array[] = [];
  /** What has come of a message, segment by segment. */
  #parts: Uint8Array[] = [];
  #size = 0;
  /** Frames taken since the last poll. */
  #inWindow = 0;
  #busy = false;
  /** A poll has not been answered, since the answer is being made. */
  #polled = false;
  /** Until the client connects anew, or disconnects. */
  #rejection: Uint8Array | undefined;
  #open = true;

  constructor(conversation: Conversation, { parameters, segmentation, reply, fail, misunderstood }: ConnectionOptions) {
    this.conversation = conversation;
    this.#parameters = parameters;
    this.#segmentation = segmentation;
    this.#reply = reply;
    this.#fail = fail;
    this.#misunderstood = misunderstood;
  }

  /** Frames but those that connect, disconnect or are unnumbered information. */
  take({ control, segmented, information }: Frame): void {
    if (this.#rejection !== undefined) {
      if (control.poll) this.#reject(this.#rejection);
      return;
    }
    switch (control.kind) {
      case "I":
        return this.#information(control, { segmented, information });
      case "RR":
      case "RNR":
        if (information.length > 0) return this.#refuse(control, why.informationNotPermitted);
        if (!this.#acknowledge(control.receive)) return this.#refuse(control, why.sequence);
        if (control.poll) this.#respond(control.kind === "RNR");
        return;
      default:
        return this.#refuse(control, why.control);
    }
  }

  /** Goes when the client polls next. */
  push(apdu: Uint8Array): void {
    this.#pushes = [...this.#pushes, joined(toClient, apdu)].slice(-PUSHES);
  }

  end(): void {
    this.#open = false;
    this.conversation.end();
  }

  #information(control: Control & { readonly kind: "I" }, { segmented, information }: Segment): void {
    if (!this.#acknowledge(control.receive)) return this.#refuse(control, why.sequence);
    const isTooLong = information.length > this.#parameters.maxInfoReceive;
    if (isTooLong || (segmented && !this.#segmentation)) return this.#refuse(control, why.tooLong);
    // One that is out of turn is lost: the number that is acknowledged says which one is to come.
    const isNext = control.send === this.#receive && this.#inWindow < this.#parameters.windowReceive;
    if (isNext && !this.#busy) {
      if (this.#size + information.length > LONGEST_MESSAGE) return this.#refuse(control, why.tooLong);
      this.#receive = (this.#receive + 1) & 7;
      this.#inWindow++;
      this.#parts.push(information);
      this.#size += information.length;
      this.#polled = control.poll;
      if (!segmented) return this.#whole();
    }
    if (control.poll) this.#respond();
  }

  #whole(): void {
    const message = this.#parts.length === 1 ? (this.#parts[0] ?? toServer) : this.#assembled();
    this.#parts = [];
    this.#size = 0;
    const apdu = apduIn(message, toServer);
    if (apdu === undefined) this.#misunderstood();
    try {
      const answered = apdu === undefined ? undefined : this.conversation.request(apdu);
      if (answered instanceof Promise) this.#await(answered);
      else this.#answer(answered);
    } catch (error) {
      this.#answer(undefined);
      this.#fail(error);
    }
  }

  #assembled(): Uint8Array {
    const message = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      message.set(part, at);
      at += part.length;
    }
    return message;
  }

  #await(answered: Promise<Uint8Array | undefined>): void {
    this.#busy = true;
    const settle = (apdu: Uint8Array | undefined): void => {
      this.#busy = false;
      if (this.#open) this.#answer(apdu);
    };
    void answered.then(settle, (error: unknown) => {
      settle(undefined);
      this.#fail(error);
    });
  }

  #answer(apdu: Uint8Array | undefined): void {
    // What was not asked for any more goes with the answer before.
    this.#waiting = apdu === undefined ? [] : this.#segments(joined(toClient, apdu));
    if (this.#polled) this.#respond();
  }

  /** What does not fit where nothing may be cut is not sent: `longest` said so. */
  #segments(message: Uint8Array): readonly Segment[] {
    const most = this.#parameters.maxInfoTransmit;
    if (message.length > most && !this.#segmentation) return [];
    const segments: Segment[] = [];
    for (let at = 0; at < message.length; at += most)
      segments.push({ segmented: at + most < message.length, information: message.slice(at, at + most) });
    return segments;
  }

  /** Whether the number is one that the client can have come to; what it has received is forgotten. */
  #acknowledge(number: number): boolean {
    const count = (number - this.#acknowledged) & 7;
    if (count > this.#sent.length) return false;
    this.#sent = this.#sent.slice(count);
    this.#acknowledged = number;
    return true;
  }

  /** All that may be sent now: what the client has not acknowledged, again, and more as the window lets. */
  #respond(isHeld = false): void {
    this.#polled = false;
    this.#inWindow = 0;
    for (const information of this.#pushes) this.#send({ kind: "UI", poll: false }, { segmented: false, information });
    this.#pushes = [];
    const receive = this.#receive;
    if (this.#busy) return this.#send({ kind: "RNR", receive, poll: true });
    const more = isHeld ? 0 : this.#parameters.windowTransmit - this.#sent.length;
    this.#sent = [...this.#sent, ...this.#waiting.slice(0, more)];
    this.#waiting = this.#waiting.slice(more);
    const sent = isHeld ? [] : this.#sent;
    if (sent.length === 0) return this.#send({ kind: "RR", receive, poll: true });
    for (const [k, segment] of sent.entries()) {
      const send = (this.#acknowledged + k) & 7;
      this.#send({ kind: "I", send, receive, poll: k + 1 === sent.length }, segment);
    }
  }

  #refuse(control: Control, bits: number): void {
    this.#parts = [];
    this.#size = 0;
    const sent = (this.#acknowledged + this.#sent.length) & 7;
    const byte = controlByte(control);
    this.#rejection = Uint8Array.of(byte, (this.#receive << 5) | (sent << 1), bits);
    this.#misunderstood();
    if (control.poll) this.#reject(this.#rejection);
  }

  #reject(information: Uint8Array): void {
    this.#send({ kind: "FRMR", poll: true }, { segmented: false, information });
  }

  #send(control: Control, { segmented, information }: Segment = { segmented: false, information: NOTHING }): void {
    if (this.#open) this.#reply({ control, segmented, information });
  }
}

const NOTHING = new Uint8Array(0);
