/** Exchanges that public stacks had with each other (test/fixtures/dlms), as carriers that answer from them, and say what differs. */
import { readFileSync } from "node:fs";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import type { Frame } from "#protocol/dlms/hdlc/frame.ts";
import { FrameReader } from "#protocol/dlms/hdlc/frame-reader.ts";

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export interface Turn {
  readonly asked: Uint8Array;
  readonly answered: Uint8Array;
}

const FLAG = 0x7e;
const WRAPPER_HEADER = 8;
const LLC = 3;
const MODULUS = 8;
const GET_RESPONSE = 0xc4;
/** Where Invoke-Id-And-Priority stands. */
const INVOKE = 2;

/** Client's and server's APDUs in the lines of a log: the wrapper and HDLC's frames are taken off. */
class Side {
  readonly #frames = new FrameReader();
  /** Segments by their sequence number: a log has some before those that they follow. */
  readonly #segments = new Map<number, Frame>();
  /** Of a step: what came in several pieces a log has once more as a whole. */
  readonly #seen = new Set<string>();
  #next = 0;
  #pending: number[] = [];

  /** Another step begins. */
  forget(): void {
    this.#seen.clear();
  }

  /** None where a line carries none: frames without information, and segments until the last has come. */
  apdus(line: Uint8Array): readonly Uint8Array[] {
    if (line[0] !== FLAG) return [line.slice(WRAPPER_HEADER)];
    for (const frame of this.#frames.take(line)) {
      const { control, information } = frame;
      if (control.kind !== "I" || this.#seen.has(`${control.send} ${hexOf(information)}`)) continue;
      this.#seen.add(`${control.send} ${hexOf(information)}`);
      this.#segments.set(control.send, frame);
    }
    const whole: Uint8Array[] = [];
    for (let frame = this.#segments.get(this.#next); frame !== undefined; frame = this.#segments.get(this.#next)) {
      this.#segments.delete(this.#next);
      this.#next = (this.#next + 1) % MODULUS;
      this.#pending.push(...frame.information);
      if (frame.segmented) continue;
      whole.push(Uint8Array.from(this.#pending.slice(LLC)));
      this.#pending = [];
    }
    return whole;
  }
}

/** What was asked and answered, in order: a log has the two of one step the wrong way round now and then. */
export function turnsOf(file: string): readonly Turn[] {
  const text = readFileSync(new URL(`fixtures/dlms/${file}`, import.meta.url), "utf8");
  const sides = { client: new Side(), server: new Side() };
  const turns: Turn[] = [];
  let [asked, answered]: (Uint8Array | undefined)[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) sides.server.forget();
    const [, who, hex = ""] = /^(CLIENT|SERVER|TX|RX) ([0-9A-Fa-f]+)$/.exec(line.trim()) ?? [];
    if (who === undefined) continue;
    const isClient = who === "CLIENT" || who === "TX";
    for (const apdu of sides[isClient ? "client" : "server"].apdus(bytesOf(hex))) {
      if (isClient) asked = apdu;
      else answered = apdu;
      if (asked === undefined || answered === undefined) continue;
      turns.push({ asked, answered });
      asked = answered = undefined;
    }
  }
  return turns;
}

/** Answers what was asked then, one turn after the other; what is asked otherwise now is kept beside what was asked then. */
export class Replay implements ApduCarrier {
  readonly peer = "replay";
  readonly longest: number | undefined = undefined;
  readonly differing: { readonly recorded: string; readonly ours: string }[] = [];
  /** Turns that have not been had. */
  readonly left: Turn[];
  readonly #echo: boolean;

  /** `echo`: the answer has the id of what is asked now, as the server would have given it back. */
  constructor(turns: readonly Turn[], { echo = false }: { readonly echo?: boolean } = {}) {
    this.left = [...turns];
    this.#echo = echo;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  ask(apdu: Uint8Array): Promise<Uint8Array> {
    const turn = this.left.shift();
    if (turn === undefined) return Promise.reject(new Error(`asked beyond the end: ${hexOf(apdu)}`));
    const [recorded, ours] = [hexOf(turn.asked), hexOf(apdu)];
    if (recorded !== ours) this.differing.push({ recorded, ours });
    const answer = turn.answered.slice();
    if (this.#echo && answer[0] === GET_RESPONSE) answer[INVOKE] = apdu[INVOKE] ?? 0;
    return Promise.resolve(answer);
  }

  notified(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
