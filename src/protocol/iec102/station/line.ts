/**
 * Stations on one link: frames are found in what comes, and whoever is meant answers. A frame whose check does not hold, or that is meant for
 * nobody, is not answered; nor is one for all, of which a point-to-point profile has none.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { frameBytes, type Frame } from "#protocol/iec102/frame/frame.ts";
import { FrameReceiver } from "#protocol/iec102/frame/receiver.ts";
import { Secondary } from "#protocol/iec102/frame/secondary.ts";
import { limits } from "#quantity/limits.ts";
import { Conversation } from "./conversation.ts";
import type { Iec102Host } from "./host.ts";

/** A meter on the line. */
export interface Iec102Station {
  readonly host: Iec102Host;
  /** The meter's port, by name. */
  readonly port: string;
  /** Whether it answers now; always unless said. */
  readonly answers?: (() => boolean) | undefined;
  /** How long an answer waits at least, milliseconds; not at all unless said. */
  readonly answerDelayMs?: (() => number) | undefined;
  /** A primary station has begun with it, or is gone. */
  readonly connected?: (() => void) | undefined;
  readonly left?: (() => void) | undefined;
}

export interface LineOptions {
  /** Whether the peer is on the site's own machine; not unless said. */
  readonly near?: boolean | undefined;
  /** Milliseconds that the rest of a frame is waited for at least: over TCP pieces may come with any pause between them. */
  readonly pauseMs?: number | undefined;
  /** Is told of bytes that are no frame, of a frame that was given up, of user data that are no ASDU, and of a key that is wrong. */
  readonly misunderstood?: (() => void) | undefined;
}

/** A station, as one link has it. */
interface Spoken {
  readonly station: Iec102Station;
  readonly conversation: Conversation;
  readonly secondary: Secondary;
}

type Asked = Extract<Frame, { kind: "frame" }>;

class Line {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #options: LineOptions;
  readonly #spoken: readonly Spoken[];
  readonly #receiver: FrameReceiver;
  #rest: Cancel = () => {};
  /** Bytes of answers that wait for the meter's delay. */
  #delayed = 0;
  #open = true;

  constructor(link: Link, stations: readonly Iec102Station[], clock: Clock, options: LineOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#spoken = stations.map((station) => this.#speaking(station));
    this.#receiver = new FrameReceiver(() => this.#first?.addressOctets ?? 2);
  }

  get #first() {
    return this.#spoken[0]?.station.host.settings;
  }

  receive(bytes: Uint8Array): void {
    this.#rest();
    const { noise } = this.#receiver;
    this.#work(this.#receiver.take(bytes), noise);
    if (!this.#receiver.waits || !this.#open) return;
    const waitMs = Math.max(this.#first?.interCharacterMs ?? 0, this.#options.pauseMs ?? 0);
    this.#rest = this.#clock.after(waitMs, () => this.#work(this.#receiver.giveUp(), -1));
  }

  end(): void {
    this.#open = false;
    this.#rest();
    for (const { conversation } of this.#spoken) conversation.end();
  }

  #speaking(station: Iec102Station): Spoken {
    const { host, port, connected = () => {}, left = () => {} } = station;
    const { near = false, misunderstood = () => {} } = this.#options;
    const peer = { protocol: "iec102", port, address: this.#link.peer, near };
    const conversation = new Conversation({ host, peer, clock: this.#clock, misunderstood, connected, left });
    return { station, conversation, secondary: new Secondary(conversation) };
  }

  #work(frames: readonly Frame[], noise: number): void {
    for (const frame of frames) if (this.#open && frame.kind === "frame") this.#take(frame);
    if (this.#receiver.noise !== noise) this.#options.misunderstood?.();
  }

  #take({ control, address, asdu }: Asked): void {
    // Answers of others on the line.
    if (control.from !== "primary") return;
    const spoken = this.#spoken.find(({ station }) => station.host.settings.address === address);
    if (spoken === undefined || spoken.station.answers?.() === false) return;
    const { station, conversation, secondary } = spoken;
    if (conversation.heard()) secondary.forget();
    const answer = secondary.take(control, asdu, address);
    if (answer !== undefined) this.#send(station, frameBytes(answer, station.host.settings.addressOctets));
  }

  #send(station: Iec102Station, bytes: Uint8Array): void {
    const waitMs = station.answerDelayMs?.() ?? 0;
    if (waitMs <= 0) return this.#link.send(bytes);
    // On a line that asks faster than it may be answered, what is too much is lost, as it is on a meter.
    if (this.#delayed + bytes.length > limits.peers.turnaround) return;
    this.#delayed += bytes.length;
    this.#clock.after(waitMs, () => {
      this.#delayed -= bytes.length;
      if (this.#open) this.#link.send(bytes);
    });
  }
}

/** Serves a link. Stations on it have as many octets of address as the first one. */
export function serveIec102(
  link: Link,
  stations: readonly Iec102Station[],
  clock: Clock,
  options: LineOptions = {},
): void {
  const line = new Line(link, stations, clock, options);
  link.receive((bytes) => line.receive(bytes));
  link.closed(() => line.end());
}
