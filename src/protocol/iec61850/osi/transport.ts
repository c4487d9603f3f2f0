/**
 * A transport connection of class 0 on a link (RFC 1006; X.224, 6 and 8.1), at either end: TSDUs go out and come in as TPDUs of the negotiated size,
 * those of one TSDU in one write.
 */
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import { WireError } from "#wire/cursor.ts";
import { Intake } from "#wire/intake.ts";
import { Slab } from "#wire/slab.ts";
import {
  connecting,
  connectingOf,
  disconnecting,
  disconnectReasons,
  DT_HEADER,
  headerEnd,
  rejectCauses,
  rejecting,
  TpduError,
  tpduCodes,
  UNSAID_SIZE,
  type Connecting,
} from "./tpdu.ts";
import { TPKT_HEADER, TpktReader } from "./tpkt.ts";

const HEAD = TPKT_HEADER + DT_HEADER;
/** Each connection has a link of its own: its reference tells it from nobody. */
const REFERENCE = 1;

export interface TransportUser {
  /** Whether a TPDU that comes is heard; always unless said. */
  hears?(): boolean;
  /** It is there: who was called, as CR said it, and who calls. */
  opened(called: Uint8Array, calling: Uint8Array): void;
  /** A TSDU, octets [from, to), good until it returns. */
  received(bytes: Uint8Array, from: number, to: number): void;
  /** The peer does not want it, or not any more: DR or ER, in words. */
  refused(words: string): void;
  /** What has come makes no sense; where it is the transport layer's own the peer has been told. The user ends it. */
  failed(error: WireError): void;
}

const NOBODY: Uint8Array = new Uint8Array(0);

/** TPDUs of all connections, one after the other. */
const sent = new Slab();

export class Transport {
  readonly #link: Link;
  readonly #user: TransportUser;
  readonly #reader: TpktReader;
  /** Fragments of a TSDU that is not whole. */
  readonly #parts = new Intake();
  #stage: "waiting" | "called" | "open" | "over" = "waiting";
  #peerReference = 0;
  /** Octets of a TSDU that one TPDU carries to the peer. */
  #payload = UNSAID_SIZE - DT_HEADER;
  /** Where a TSDU is to be written: octets of `room` from `at` on. */
  room: Uint8Array = NOBODY;
  at = 0;
  #base = 0;
  #length = 0;

  constructor(link: Link, user: TransportUser) {
    this.#link = link;
    this.#user = user;
    this.#reader = new TpktReader((bytes, from, to) => this.#take(bytes, from, to));
    link.receive((bytes) => this.#heed(() => this.#reader.receive(bytes)));
  }

  /** Asks for a connection; `opened` tells that it is there. */
  call(called: Uint8Array, calling: Uint8Array, tpduSize: number): void {
    this.#stage = "called";
    this.#payload = tpduSize - DT_HEADER;
    this.#link.send(
      connecting(tpduCodes.cr, {
        destination: 0,
        source: REFERENCE,
        transportClass: 0,
        alternatives: [],
        tpduSize,
        called,
        calling,
      }),
    );
  }

  pause(): void {
    this.#reader.pause();
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
    this.#heed(() => this.#reader.resume());
  }

  /** Makes room for a TSDU of so many octets: it is written into `room` from `at` on, and goes with `flush`. */
  reserve(length: number): void {
    const pieces = Math.max(1, Math.ceil(length / this.#payload));
    const size = pieces * HEAD + length;
    this.#base = sent.reserve(size);
    this.room = sent.bytes;
    this.at = this.#base + size - length;
    this.#length = length;
  }

  flush(): void {
    const { room } = this;
    let from = this.at;
    let left = this.#length;
    let to = this.#base;
    // The TSDU lies at the end; its pieces move to the front, each behind its headers.
    do {
      const size = Math.min(left, this.#payload);
      left -= size;
      const whole = HEAD + size;
      room[to] = 3;
      room[to + 1] = 0;
      room[to + 2] = whole >> 8;
      room[to + 3] = whole & 0xff;
      room[to + 4] = DT_HEADER - 1;
      room[to + 5] = tpduCodes.dt;
      room[to + 6] = left === 0 ? 0x80 : 0;
      if (from !== to + HEAD) room.copyWithin(to + HEAD, from, from + size);
      from += size;
      to += whole;
    } while (left > 0);
    this.room = NOBODY;
    this.#link.send(sent.take(to));
  }

  send(tsdu: Uint8Array): void {
    this.reserve(tsdu.length);
    this.room.set(tsdu, this.at);
    this.flush();
  }

  /** Nothing is taken any more; the link is the user's to close. */
  end(): void {
    this.#stage = "over";
    this.#reader.end();
    this.#parts.drop(this.#parts.length);
  }

  /** The one place where what is no message of these layers ends up. */
  #heed(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#user.failed(error);
    }
  }

  #take(bytes: Uint8Array, from: number, to: number): void {
    if (this.#user.hears?.() === false) return this.#parts.drop(this.#parts.length);
    // The usual one: data, the last of a TSDU that has no other.
    if (bytes[from] === 2 && bytes[from + 1] === tpduCodes.dt && this.#stage === "open") {
      const isLast = ((bytes[from + 2] ?? 0) & 0x80) !== 0;
      if (isLast && this.#parts.length === 0) return this.#user.received(bytes, from + DT_HEADER, to);
      return this.#gather(bytes.subarray(from + DT_HEADER, to), isLast);
    }
    try {
      this.#heedTpdu(bytes, from, to);
    } catch (error) {
      if (error instanceof TpduError)
        this.#link.send(rejecting(this.#peerReference, error.why, bytes.subarray(from, Math.min(error.at + 1, to))));
      throw error;
    }
  }

  #gather(part: Uint8Array, isLast: boolean): void {
    const { length } = this.#parts;
    if (length + part.length > limits.osi.tsduOctets)
      throw new WireError(`a TSDU of more than ${limits.osi.tsduOctets} octets`, length);
    this.#parts.add(part);
    if (!isLast) return;
    const { view } = this.#parts;
    this.#user.received(view, 0, view.length);
    this.#parts.drop(this.#parts.length);
  }

  #heedTpdu(bytes: Uint8Array, from: number, to: number): void {
    const end = headerEnd(bytes, from, to);
    const code = bytes[from + 1] ?? 0;
    const isConnecting = (code & 0xf0) === tpduCodes.cr || (code & 0xf0) === tpduCodes.cc;
    if (code === tpduCodes.dr) return this.#user.refused(`it disconnects, reason ${bytes[from + 6] ?? 0}`);
    if (code === tpduCodes.er) return this.#user.refused(`it rejects a TPDU, cause ${bytes[from + 4] ?? 0}`);
    if (isConnecting && (code & 0xf0) === tpduCodes.cr && this.#stage === "waiting")
      return this.#called(connectingOf(bytes, from, end));
    if (isConnecting && (code & 0xf0) === tpduCodes.cc && this.#stage === "called")
      return this.#confirmed(connectingOf(bytes, from, end), from);
    throw new TpduError(
      `a TPDU of code ${code.toString(16)} where none of it is expected`,
      from + 1,
      rejectCauses.invalidType,
    );
  }

  #called(asked: Connecting): void {
    const { source, transportClass, alternatives, tpduSize, called, calling } = asked;
    this.#peerReference = source;
    if (transportClass !== 0 && !alternatives.includes(0)) {
      this.#link.send(disconnecting(source, 0, disconnectReasons.negotiationFailed));
      throw new WireError(`class ${transportClass} of COTP`, 0);
    }
    this.#payload = (tpduSize ?? UNSAID_SIZE) - DT_HEADER;
    this.#stage = "open";
    this.#link.send(connecting(tpduCodes.cc, { ...asked, destination: source, source: REFERENCE }));
    this.#user.opened(called ?? NOBODY, calling ?? NOBODY);
  }

  #confirmed({ destination, source, transportClass, tpduSize }: Connecting, from: number): void {
    if (destination !== REFERENCE || transportClass !== 0)
      throw new TpduError("a CC of another connection, or class", from + 2, rejectCauses.invalidParameterValue);
    this.#peerReference = source;
    // Who says nothing leaves it at what was asked for.
    if (tpduSize !== undefined) this.#payload = Math.min(this.#payload, tpduSize - DT_HEADER);
    this.#stage = "open";
    this.#user.opened(NOBODY, NOBODY);
  }
}
