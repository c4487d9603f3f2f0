/**
 * Protocol mode E of IEC 62056-21 (6.4.5.1 and Annex E), the meter's side: an optical port begins at 300 baud with seven bits and even parity,
 * says who the meter is and how fast it can go on, and changes over to HDLC when the reader wishes it. When that has ended, or nobody says
 * anything any more, it is at 300 baud again.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import type { PacedLine } from "#io/serial.ts";
import { parityIn, withoutParity, withParity } from "./even-parity.ts";
import { bauds, identificationLine, identificationOf, type Identification } from "./identification.ts";

/** Speed at which every reader begins. */
export const SIGN_ON_BAUD = 300;

/** Milliseconds before an answer: 200 at least, 1500 at most (clause 5.2, tr). */
export const REACTION_MS = 200;
/** Milliseconds between two characters at most, and until the acknowledgement begins (ta, tr). */
export const CHARACTER_MS = 1500;

/** Milliseconds between two looks at what waits before the line. */
const WAIT_MS = 10;

/** Milliseconds that so many characters of ten bits take at 300 baud. */
export function signOnMs(characters: number): number {
  return (characters * 10 * 1000) / SIGN_ON_BAUD;
}

const ACK = "\u0006";
/** Protocol control and mode control of HDLC (Annex E.2). */
const HDLC = "2";
/** A request is `/?`, an address of 32 characters at most, `!`, carriage return, line feed (6.3.1). */
const LONGEST = 2 + 32 + 3;

export interface ModeEOptions {
  /** Who the meter is, and how fast it can go on. */
  identification(): Identification;
  /** Whether an address of a request is the meter's own; "" is whoever is there. */
  isMeant(address: string): boolean;
  /** Whether it answers now. */
  answers(): boolean;
  /** Milliseconds of silence after which what follows the change-over has ended. */
  silenceMs(): number;
  /** What goes on after the change-over: bytes are handed to it until it ends. */
  enter(): { receive(bytes: Uint8Array): void; end(): void };
  /** Is told of what is no request. */
  readonly misunderstood?: (() => void) | undefined;
}

type State =
  /** At 300 baud: a request is waited for, or an acknowledgement of what was said. */
  | { readonly at: "sign-on"; readonly fastest?: string | undefined }
  /** Something is being said, or the speed is being changed: what comes meanwhile is lost. */
  | { readonly at: "turning" }
  | { readonly at: "data"; readonly receiver: ReturnType<ModeEOptions["enter"]> };

export class ModeE {
  readonly #link: Link;
  readonly #line: PacedLine;
  readonly #clock: Clock;
  readonly #options: ModeEOptions;
  #state: State = { at: "sign-on" };
  /** Characters of a line that has not ended. */
  #text = "";
  #hasParity = true;
  #timer: Cancel = () => {};
  #open = true;

  constructor(link: Link, line: PacedLine, clock: Clock, options: ModeEOptions) {
    this.#link = link;
    this.#line = line;
    this.#clock = clock;
    this.#options = options;
    link.receive((bytes) => this.#receive(bytes));
    link.closed(() => {
      this.#open = false;
      this.#timer();
      if (this.#state.at === "data") this.#state.receiver.end();
    });
    this.#turn(SIGN_ON_BAUD, () => this.#begin());
  }

  /** Whether the change-over has been made. */
  get isData(): boolean {
    return this.#state.at === "data";
  }

  /** Goes back to 300 baud: what followed the change-over has ended. */
  leave(): void {
    if (this.#state.at !== "data" || !this.#open) return;
    const { receiver } = this.#state;
    this.#turn(SIGN_ON_BAUD, () => this.#begin());
    receiver.end();
  }

  #begin(fastest?: string): void {
    this.#state = { at: "sign-on", fastest };
    this.#text = "";
  }

  #receive(bytes: Uint8Array): void {
    const { at } = this.#state;
    if (this.#state.at === "data") {
      this.#watch();
      this.#state.receiver.receive(bytes);
      return;
    }
    if (at === "turning") return;
    this.#timer();
    for (const byte of bytes) this.#character(byte);
    // Half a line, or an acknowledgement that does not come, is forgotten.
    if (this.#state.at === "sign-on" && (this.#text !== "" || this.#state.fastest !== undefined)) this.#expect();
  }

  #expect(besidesMs = 0): void {
    this.#timer = this.#clock.after(CHARACTER_MS + besidesMs, () => {
      if (this.#text !== "") this.#options.misunderstood?.();
      this.#begin();
    });
  }

  #character(byte: number): void {
    if (this.#state.at !== "sign-on") return;
    const parity = parityIn(byte);
    if (parity === "wrong") {
      this.#text = "";
      return;
    }
    if (parity !== "either") this.#hasParity = parity === "even";
    const character = String.fromCharCode(byte & 0x7f);
    // Each begins anew, whatever came before it: what wakes a battery is no character.
    if (character === "/" || character === ACK) this.#text = "";
    this.#text = (this.#text + character).slice(-LONGEST);
    if (character === "\n") this.#request();
  }

  #request(): void {
    const text = this.#text;
    const { fastest } = this.#state as Extract<State, { at: "sign-on" }>;
    this.#text = "";
    const address = /^\/\?([^!]*)!\r\n$/.exec(text)?.[1];
    if (address !== undefined) {
      if (this.#options.isMeant(address.replace(/^0+(?=.)/, "")) && this.#options.answers()) this.#identify();
      return;
    }
    if (text.startsWith(ACK) && fastest !== undefined) return this.#changeOver(text.slice(1), fastest);
    // What a head hands back, or another meter says, is nothing to wonder at.
    if (text !== "\r\n" && identificationOf(text.trimEnd()) === undefined) this.#options.misunderstood?.();
  }

  #identify(): void {
    const identification = this.#options.identification();
    const text = identificationLine(identification);
    this.#say(text, () => {
      this.#begin(identification.baud);
      this.#expect(signOnMs(text.length));
    });
  }

  /** What a reader wishes that is another mode, or faster than was offered, is not to be had: the port begins anew. */
  #changeOver(wish: string, fastest: string): void {
    const [speed = ""] = wish.slice(1);
    const baud = bauds[speed];
    if (wish !== `${HDLC}${speed}${HDLC}\r\n` || baud === undefined || speed > fastest) {
      this.#options.misunderstood?.();
      return this.#begin();
    }
    this.#say(`${ACK}${HDLC}${speed}${HDLC}\r\n`, () =>
      this.#turn(baud, () => {
        this.#state = { at: "data", receiver: this.#options.enter() };
        this.#watch();
      }),
    );
  }

  /** In kind: with the parity with which it was asked. */
  #say(text: string, then: () => void): void {
    this.#state = { at: "turning" };
    this.#timer = this.#clock.after(REACTION_MS, () => {
      this.#link.send(this.#hasParity ? withParity(text) : withoutParity(text));
      then();
    });
  }

  #turn(baud: number, then: () => void): void {
    this.#timer();
    this.#state = { at: "turning" };
    const go = (): void => {
      if (this.#open) then();
    };
    const set = (): void => {
      // What was said goes first, wherever it waits on its way to the line.
      if (this.#link.waiting > 0) this.#timer = this.#clock.after(WAIT_MS, set);
      // A line that is gone tells it by its end.
      else void this.#line.setBaud(baud).then(go, () => this.#link.close());
    };
    set();
  }

  #watch(): void {
    this.#timer();
    this.#timer = this.#clock.after(this.#options.silenceMs(), () => this.leave());
  }
}
