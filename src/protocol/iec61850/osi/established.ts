/**
 * An association that is there, at either end: data, its release in order, and its abort (X.227, 7.2 to 7.4). What makes no sense is answered by the
 * layer whose it is, and ends it.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { writeAbort, writeRelease, writeReleased } from "./acse.ts";
import type { Association, AssociationUser } from "./association.ts";
import { findValue, sendData, ValuePlace } from "./data.ts";
import { abortReasons, dataValues, writeProviderAbort, writeUserAbort, writeValue } from "./ppdu.ts";
import { abortBits, abortSpdu, dataFrom, releaseSpdu, spduCodes, spduOf } from "./spdu.ts";
import type { Transport } from "./transport.ts";

/** Whose what has come is: who answers where it makes no sense. */
export type Layer = "transport" | "session" | "presentation" | "acse";

/** Numbers of the contexts of an association, as its caller has chosen them. */
export interface AssociationContexts {
  readonly acse: number;
  readonly mms: number;
}

/** Closes a link whose peer has been told something: it may read that first, and hang up itself. */
export function closeSoon(link: Link, clock: Clock): void {
  const cancel = clock.after(limits.osi.partingMs, () => link.close());
  link.closed(() => cancel());
}

export class Established implements Association {
  readonly peer: string;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #contexts: AssociationContexts;
  readonly #mmsContext: Uint8Array;
  readonly #found = new ValuePlace();
  #user: AssociationUser | undefined;
  #layer: Layer = "transport";
  #isReleasing = false;
  #isOver = false;
  #tooLate: Cancel = () => {};

  constructor(link: Link, clock: Clock, transport: Transport, contexts: AssociationContexts) {
    this.peer = link.peer;
    this.#link = link;
    this.#clock = clock;
    this.#transport = transport;
    this.#contexts = contexts;
    this.#mmsContext = new BerWriter(8).integer(0x02, contexts.mms).done();
  }

  /** Who serves it: known before anything comes on it. */
  begin(user: AssociationUser): void {
    this.#user = user;
  }

  get waiting(): number {
    return this.#link.waiting;
  }

  send(pdu: Uint8Array): void {
    if (!this.#isOver) sendData(this.#transport, this.#mmsContext, pdu);
  }

  pause(): void {
    if (!this.#isOver) this.#transport.pause();
  }

  resume(): void {
    if (!this.#isOver) this.#transport.resume();
  }

  release(): void {
    if (this.#isOver || this.#isReleasing) return;
    this.#isReleasing = true;
    this.#sendRelease(spduCodes.finish);
    this.#tooLate = this.#clock.after(limits.osi.releaseMs, () => this.abort());
    this.resume();
  }

  abort(): void {
    if (this.#isOver) return;
    this.#sendAbort("user");
    this.#end("aborted");
  }

  /** A TSDU, octets [from, to). */
  received(bytes: Uint8Array, from: number, to: number): void {
    if (this.#isOver) return;
    this.#layer = "session";
    const data = dataFrom(bytes, from, to);
    if (data === undefined) return this.#heed(bytes, from, to);
    this.#layer = "presentation";
    const found = this.#found;
    if (findValue(bytes, data, to, found) && found.context === this.#contexts.mms) {
      this.#layer = "acse";
      return this.#user?.received(bytes.subarray(found.from, found.to));
    }
    for (const { context, content } of dataValues(bytes, data, to)) {
      if (context !== this.#contexts.mms) throw new WireError(`data in context ${context}`, data);
      if (!this.#isOver) this.#user?.received(content);
    }
  }

  /** The one place where what makes no sense ends up. */
  failed(): void {
    if (this.#isOver) return;
    if (this.#layer === "session") this.#transport.send(abortSpdu(abortBits.protocol));
    else if (this.#layer === "presentation")
      this.#transport.send(
        abortSpdu(abortBits.user, writeProviderAbort(new BerWriter(), abortReasons.invalidValue).done()),
      );
    else if (this.#layer === "acse") this.#sendAbort("provider");
    this.#end("aborted");
  }

  /** The peer's transport layer does not want it any more, or the link is gone. */
  lost(): void {
    if (!this.#isOver) this.#end("lost");
  }

  #heed(bytes: Uint8Array, from: number, to: number): void {
    const { kind } = spduOf(bytes, from, to);
    switch (kind) {
      case "finish":
        this.#sendRelease(spduCodes.disconnect);
        return this.#end("released");
      case "disconnect":
        if (!this.#isReleasing) break;
        this.#end("released");
        // Whoever asked for the end hangs up: a place at the server is free at once.
        this.#clock.after(0, () => this.#link.close());
        return;
      case "abort":
        return this.#end("aborted");
      default:
    }
    throw new WireError(`an SPDU ${kind} in an association`, from);
  }

  #sendRelease(code: typeof spduCodes.finish | typeof spduCodes.disconnect): void {
    const out = new BerWriter();
    if (code === spduCodes.finish) writeRelease(out);
    else writeReleased(out);
    this.#transport.send(releaseSpdu(code, writeValue(out, 0, this.#contexts.acse).done()));
  }

  #sendAbort(by: "user" | "provider"): void {
    const value = writeValue(writeAbort(new BerWriter(), by), 0, this.#contexts.acse);
    this.#transport.send(abortSpdu(abortBits.user, writeUserAbort(value, 0).done()));
  }

  #end(how: "released" | "aborted" | "lost"): void {
    this.#isOver = true;
    this.#tooLate();
    this.#transport.end();
    if (how !== "lost") {
      this.#link.resume();
      closeSoon(this.#link, this.#clock);
    }
    this.#user?.over(how);
  }
}
