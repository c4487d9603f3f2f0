/** Messages made out of what passes: cut where one ends and the next begins, and read in the words of `polyphase decode`. */
import type { Passed, Traffic, TrafficConnection } from "#fleet/traffic.ts";
import { hasProblem, type Annotated } from "#headend/decode/annotated.ts";
import { Cutter, framingOf, type Framing, type Piece } from "#headend/decode/cutter.ts";
import { Decoder, protocols, type Protocol } from "#headend/decode/decoder.ts";
import { hex, printable } from "#headend/decode/hex-text.ts";
import { messageLine, shortened } from "#headend/decode/message-line.ts";
import { withoutSecrets, type Covered } from "#headend/decode/without-secrets.ts";
import type { Ending } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";

/** One that was made out. */
export interface Message {
  readonly number: number;
  readonly utc: number;
  readonly kind: Passed["kind"];
  readonly connection: TrafficConnection;
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly isWhole: boolean;
  /** What it says, and what of it may be seen by everybody. */
  readonly line: string;
  readonly coveredLine: string;
  readonly isWrong: boolean;
  readonly isCovered: boolean;
}

/** What a message says, and what of it may be seen by everybody. */
export interface Opened {
  readonly fields: readonly Annotated[];
  readonly covered: Covered;
}

interface Reading {
  readonly decoder: Decoder;
  readonly cutters: Readonly<Record<"heard" | "said", Cutter>>;
  readonly framing: Framing;
  /** When something came last. */
  utc: number;
}

const LINES: ReadonlySet<string> = new Set(["ethernet", "serial", "optical"]);
/** How a connection ended, where the peer has not just gone. */
const endings: Readonly<Partial<Record<Ending, string>>> = {
  reset: "the peer has reset the connection",
  here: "the meter has closed the connection",
};

function protocolOf({ place }: TrafficConnection): Protocol | undefined {
  return protocols.find((one) => one === place.protocol);
}

export class TrafficLog {
  readonly #traffic: Traffic;
  #readings = new Map<TrafficConnection, Reading>();
  #messages: (Message | undefined)[] = [];
  /** How many at the front have been dropped. */
  #gone = 0;
  #bytes = 0;
  #next = 1;
  /** The next that has passed and is not made out. */
  #cursor = 1;
  #looks = 0;
  /** What had to go before it was made out. */
  lost = 0;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  /** The number of the newest. */
  get last(): number {
    return this.#next - 1;
  }

  /** The number of the oldest that is kept. */
  get first(): number {
    return this.#next - (this.#messages.length - this.#gone);
  }

  /** Somebody looks: what has passed is made out, so many pieces of it at most; whether there is more. */
  makeOut(most: number = limits.traffic.madeOut): boolean {
    const traffic = this.#traffic;
    traffic.look();
    if (this.#looks !== traffic.looks) this.#begin(traffic.looks);
    let left = most;
    for (const passed of traffic.from(this.#cursor)) {
      if (left-- === 0) return true;
      if (passed.number > this.#cursor) {
        // A hole: what was begun before it is not gone on with behind it.
        this.lost += passed.number - this.#cursor;
        this.#readings = new Map();
      }
      this.#cursor = passed.number + 1;
      this.#take(passed);
    }
    this.#flushIdle();
    return false;
  }

  /** Those that are kept, from a number on, oldest first. */
  *from(number: number): Generator<Message> {
    for (let k = this.#gone + Math.max(0, number - this.first); k < this.#messages.length; k++) {
      const message = this.#messages[k];
      if (message !== undefined) yield message;
    }
  }

  /** Newest first. */
  *backwards(): Generator<Message> {
    for (let k = this.#messages.length - 1; k >= this.#gone; k--) {
      const message = this.#messages[k];
      if (message !== undefined) yield message;
    }
  }

  message(number: number): Message | undefined {
    return number < this.first ? undefined : this.#messages[this.#gone + number - this.first];
  }

  /** What one says, read behind those that came before it on its connection. */
  open(message: Message): Opened {
    const before: Message[] = [];
    for (const one of this.backwards()) {
      if (one.connection !== message.connection || one.number >= message.number) continue;
      before.push(one);
      if (before.length >= limits.traffic.replayed) break;
    }
    const decoder = new Decoder();
    const framing = framingOf(message.connection.place);
    for (const one of before.toReversed()) if (one.isWhole && one.bytes.length > 0) read(decoder, one, framing);
    const fields = read(decoder, message, framing);
    return { fields, covered: coveredOf(message, fields) };
  }

  #begin(looks: number): void {
    this.#looks = looks;
    this.#readings = new Map();
    this.lost = 0;
    const [oldest] = this.#traffic.from(0);
    this.#cursor = oldest?.number ?? this.#traffic.next;
  }

  #readingOf(connection: TrafficConnection): Reading {
    const known = this.#readings.get(connection);
    if (known !== undefined) return known;
    const framing = framingOf(connection.place);
    const cutter = (): Cutter => new Cutter(framing, limits.traffic.assembled);
    const made = { decoder: new Decoder(), cutters: { heard: cutter(), said: cutter() }, framing, utc: 0 };
    this.#readings.set(connection, made);
    return made;
  }

  #take(passed: Passed): void {
    const { kind, connection, bytes, length, utc } = passed;
    const { place } = connection;
    if (kind === "came" || kind === "went") {
      if (kind === "went") {
        this.#flush(connection);
        this.#readings.delete(connection);
      }
      // Who sends a datagram neither comes nor goes.
      if (place.over === "udp") return;
      const what = LINES.has(place.over) ? "the line is" : "the peer has";
      const how = LINES.has(place.over) ? ["open", "closed"] : ["come", "gone"];
      const usual = `${what} ${kind === "came" ? how[0] : how[1]}`;
      this.#keep({ ...passed, isWhole: true }, { line: endings[passed.ending ?? "peer"] ?? usual });
      return;
    }
    if (bytes.length < length) {
      // Nothing of it is to be seen, or was kept.
      const message = { utc, kind, connection, bytes, length, isWhole: true };
      this.#keep(message, { line: `${length} bytes`, isCovered: true });
      return;
    }
    const reading = this.#readingOf(connection);
    reading.utc = utc;
    // On a line one speaks at a time: what is not whole when the other begins never will be.
    if (reading.framing === "rtu")
      this.#pieces(reading, passed, kind === "heard" ? "said" : "heard", (cutter) => cutter.flush());
    this.#pieces(reading, passed, kind, (cutter) => cutter.push(bytes));
  }

  #pieces(
    reading: Reading,
    { connection, utc }: Pick<Passed, "connection" | "utc">,
    kind: "heard" | "said",
    cut: (cutter: Cutter) => readonly Piece[],
  ): void {
    for (const { bytes, isWhole } of cut(reading.cutters[kind])) {
      const message = { utc, kind, connection, bytes: new Uint8Array(bytes), length: bytes.length, isWhole };
      const fields = read(reading.decoder, message, reading.framing);
      const covered = coveredOf(message, fields);
      this.#keep(message, {
        line: lineOf(message, fields),
        coveredLine: lineOf(message, covered.fields),
        isWrong: fields.some(hasProblem),
        isCovered: covered.spans.length > 0,
      });
    }
  }

  /** What is left of a connection that is over, or that has been silent for too long for a message to go on. */
  #flush(connection: TrafficConnection): void {
    const reading = this.#readings.get(connection);
    if (reading === undefined) return;
    for (const kind of ["heard", "said"] as const)
      this.#pieces(reading, { connection, utc: reading.utc }, kind, (cutter) => cutter.flush());
  }

  #flushIdle(): void {
    const now = this.#traffic.now;
    for (const [connection, { utc, cutters }] of this.#readings)
      if (now - utc > limits.peers.frameMs && cutters.heard.waiting + cutters.said.waiting > 0) this.#flush(connection);
  }

  #keep(
    message: Omit<Message, "number" | "line" | "coveredLine" | "isWrong" | "isCovered">,
    {
      line,
      coveredLine = line,
      isWrong = false,
      isCovered = false,
    }: Pick<Message, "line"> & Partial<Pick<Message, "coveredLine" | "isWrong" | "isCovered">>,
  ): void {
    const { utc, kind, connection, bytes, length, isWhole } = message;
    const kept = { utc, kind, connection, bytes, length, isWhole, line, coveredLine, isWrong, isCovered };
    this.#messages.push({ ...kept, number: this.#next++ });
    this.#bytes += limits.traffic.messageBytes + bytes.length;
    while (this.#bytes > limits.traffic.bytes) {
      const oldest = this.#messages[this.#gone];
      if (oldest === undefined) break;
      this.#bytes -= limits.traffic.messageBytes + oldest.bytes.length;
      this.#messages[this.#gone++] = undefined;
    }
    if (this.#gone > 1024 && this.#gone > this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#gone);
      this.#gone = 0;
    }
  }
}

type Told = Pick<Message, "kind" | "connection" | "bytes" | "isWhole">;

function read(decoder: Decoder, { kind, connection, bytes, isWhole }: Told, framing: Framing): readonly Annotated[] {
  if (bytes.length === 0) return [];
  const base = { at: 0, length: bytes.length };
  if (!isWhole) return [{ ...base, name: "not a message", text: textOf(bytes), isProblem: true }];
  const protocol = protocolOf(connection);
  if (protocol === undefined) return [{ ...base, name: "message", text: `${bytes.length} bytes` }];
  const way = kind === "heard" ? "request" : "answer";
  try {
    return decoder.decode(bytes, protocol, { way, framing: framing === "rtu" ? "rtu" : "tcp" }).fields;
  } catch (error) {
    // A site does not fall over what somebody wanted to have read.
    const why = error instanceof Error ? error.message : String(error);
    return [{ ...base, name: "not understood", text: why, isProblem: true }];
  }
}

function coveredOf({ connection, isWhole, kind }: Told, fields: readonly Annotated[]): Covered {
  // What is no message is nothing that anybody knows.
  const protocol = protocolOf(connection);
  return protocol === undefined && isWhole ? { fields, spans: [] } : withoutSecrets(protocol, fields, kind !== "said");
}

function lineOf({ connection, isWhole, bytes }: Told, fields: readonly Annotated[]): string {
  const most = limits.traffic.lineCharacters;
  const protocol = protocolOf(connection);
  const [first] = fields;
  if (!isWhole) return shortened(`not a message, ${bytes.length} bytes: ${first?.text ?? ""}`, most);
  if (protocol === undefined) return first?.text ?? "";
  return messageLine(protocol, fields, most) || `${bytes.length} bytes`;
}

/** So much of it is letters that it is taken for a text. */
const TEXT_SHARE = 3 / 4;

/** Bytes as the text that they are, all of it (a port may have added parity) or most of it, or in hex. */
function textOf(bytes: Uint8Array): string {
  const some = bytes.subarray(0, limits.traffic.lineCharacters);
  const whole = printable(some.map((byte) => byte & 0x7f).filter((byte) => byte !== 0x0d && byte !== 0x0a));
  if (whole !== undefined && whole !== "") return JSON.stringify(whole);
  const isLetter = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  if (some.filter(isLetter).length < TEXT_SHARE * some.length) return hex(some);
  return `"${[...some].map((byte) => (isLetter(byte) ? String.fromCharCode(byte) : "·")).join("")}"`;
}
