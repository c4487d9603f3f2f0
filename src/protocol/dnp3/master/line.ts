/**
 * A link with outstations behind it, as a master has it (IEEE 1815 clause 9): frames and segments of each outstation by its link address,
 * confirmation by the data link where it is wanted, and one conversation at a time: on a line with several only who is asked may talk.
 */
import type { Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { transmissionMs } from "#io/serial.ts";
import { bits, primary, secondary } from "#protocol/dnp3/link/control.ts";
import { headerBytes, type Frame } from "#protocol/dnp3/link/frame.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { Primary, type ConfirmSettings } from "#protocol/dnp3/link/primary.ts";
import { Secondary, type Verdict } from "#protocol/dnp3/link/secondary.ts";
import { Reassembler } from "#protocol/dnp3/link/segments.ts";
import { DnpError } from "./failing.ts";
import type { OutstationWay } from "./way.ts";

export interface LineSettings extends ConfirmSettings {
  /** The master's link address. */
  readonly master: number;
  /** Of a serial line. */
  readonly baud?: number | undefined;
}

/** Octets of the longest fragment that is taken; outstations have 2048 as a rule. */
const MOST_FRAGMENT = 16_384;

/** What the line knows of one outstation. */
interface Station {
  readonly primary: Primary;
  readonly secondary: Secondary;
  readonly reassembler: Reassembler;
  /** That its link states have to be reset. */
  wasTold: boolean;
  take: (fragment: Uint8Array) => void;
  failed: (why: DnpError) => void;
}

export class Line {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #settings: LineSettings;
  readonly #frames = new FrameReader();
  readonly #stations = new Map<number, Station>();
  #turn: Promise<unknown> = Promise.resolve();
  #ended: DnpError | undefined;
  /** Told who answers the data link. */
  #here: (address: number) => void = nothing;
  /** Nobody can answer any more. */
  #gone: () => void = nothing;

  constructor(link: Link, clock: Clock, settings: LineSettings) {
    this.#link = link;
    this.#clock = clock;
    this.#settings = settings;
    link.receive((bytes) => this.#took(bytes));
    link.closed((fault) => this.#close(fault));
  }

  /** What to call the other end. */
  get peer(): string {
    return this.#link.peer;
  }

  /** The way to the outstation of an address. */
  to(address: number): OutstationWay {
    const station = this.#station(address);
    return {
      peer: `${this.#link.peer}, outstation ${address},`,
      send: (fragment) => {
        station.primary.send(fragment);
        return this.#onLineMs(fragment.length);
      },
      receive: (run) => (station.take = run),
      failed: (run) => {
        station.failed = run;
        if (this.#ended !== undefined) run(this.#ended);
      },
      turn: (work) => this.turn(work),
    };
  }

  /** Runs when nobody else's work on the line is under way. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /**
   * Who answers a request for the link status to one of the addresses within `ms`: at the self-address it is another. Of a line without packets they
   * have to be asked one by one, or their answers run into each other.
   */
  async present(addresses: readonly number[], ms: number): Promise<readonly number[]> {
    return this.turn(async () => {
      if (this.#ended !== undefined) throw this.#ended;
      const found = new Set<number>();
      const all = Promise.withResolvers<void>();
      this.#here = (address) => {
        found.add(address);
        if (addresses.every((one) => found.has(one))) all.resolve();
      };
      const { master } = this.#settings;
      for (const destination of addresses)
        this.#link.send(
          headerBytes({ control: bits.dir | bits.prm | primary.requestLinkStatus, destination, source: master }),
        );
      const cancel = this.#clock.after(ms, all.resolve);
      this.#gone = all.resolve;
      await all.promise;
      cancel();
      this.#here = this.#gone = nothing;
      if (this.#ended !== undefined && found.size === 0) throw this.#ended;
      return [...found].sort((a, b) => a - b);
    });
  }

  close(): void {
    this.#link.close();
  }

  #onLineMs(octets: number): number {
    const { baud } = this.#settings;
    return baud === undefined ? 0 : transmissionMs(octets, baud);
  }

  #station(address: number): Station {
    const known = this.#stations.get(address);
    if (known !== undefined) return known;
    const station: Station = {
      primary: new Primary({
        destination: address,
        source: this.#settings.master,
        isMaster: true,
        settings: () => this.#settings,
        clock: this.#clock,
        send: (bytes) => this.#link.send(bytes),
        sendMs: (octets) => this.#onLineMs(octets),
        failed: () =>
          station.failed(
            new DnpError(
              `${this.#link.peer}, outstation ${address}, does not acknowledge what the data link sends`,
              "silent",
            ),
          ),
      }),
      secondary: new Secondary(),
      reassembler: new Reassembler(MOST_FRAGMENT),
      wasTold: false,
      take: nothing,
      failed: nothing,
    };
    this.#stations.set(address, station);
    return station;
  }

  #took(bytes: Uint8Array): void {
    this.#frames.add(bytes);
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) this.#frame(frame);
  }

  /** What is not for this master, or not from an outstation that it asks, it does not hear: so it passes over the echo of its own frames. */
  #frame({ control, destination, source, data }: Frame): void {
    if (destination !== this.#settings.master || (control & bits.dir) !== 0) return;
    const code = control & bits.function;
    const isAnswer = (control & bits.prm) === 0;
    if (isAnswer && (code === secondary.linkStatus || code === secondary.notSupported)) this.#here(source);
    const station = this.#stations.get(source);
    if (station === undefined) return;
    if (isAnswer) return station.primary.heard(control);
    const verdict = station.secondary.take(control, data.length);
    const { answer, deliver, resets } =
      verdict.answer === secondary.nack ? this.#counted(station, control, data) : verdict;
    if (resets) station.reassembler.reset();
    if (answer !== undefined)
      this.#link.send(headerBytes({ control: bits.dir | answer, destination: source, source: this.#settings.master }));
    const fragment = deliver ? station.reassembler.take(data) : undefined;
    if (fragment !== undefined) station.take(fragment);
  }

  /**
   * Counted data of who has not reset the link states. It is told to once; some never do, who were connected before and take the connection for the
   * same one: their count is taken as they have it.
   */
  #counted(station: Station, control: number, data: Uint8Array): Verdict {
    if (!station.wasTold) {
      station.wasTold = true;
      return { answer: secondary.nack, deliver: false, resets: false };
    }
    station.secondary.take(bits.prm | primary.resetLinkStates, 0);
    if ((control & bits.fcb) === 0) station.secondary.take(bits.prm | bits.fcb | bits.fcv | primary.testLinkStates, 0);
    return station.secondary.take(control, data.length);
  }

  #close(fault: Error | undefined): void {
    const why = fault === undefined ? "" : `: ${fault.message}`;
    this.#ended = new DnpError(`${this.#link.peer} ended the connection${why}`, "closed");
    this.#gone();
    for (const { primary, failed } of this.#stations.values()) {
      primary.end();
      failed(this.#ended);
    }
  }
}

function nothing(): void {}
