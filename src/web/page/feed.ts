/**
 * The event stream of a meter, and whether it still says anything. A connection that ends tells of it; one whose other end has stopped,
 * or whose cable is out, does not. The site says something every second (limits.web.beatMs): when nothing has come for some seconds the
 * stream is given up and opened anew, and only so, so that there never are two.
 */

/** Milliseconds without a word after which there is no connection. */
export const LOST_MS = 5000;
/** Milliseconds until a stream that failed is opened anew. */
export const AGAIN_MS = 2000;
/** Milliseconds after which a page that nobody sees lets its stream go. */
export const UNSEEN_MS = 10_000;
/** Milliseconds that a calculation cycle has at least, as far as silence goes: the longest of any meter. */
export const CYCLE_MS = 1500;

export interface StreamEvent {
  readonly data?: string;
  /** Where the stream has come to. */
  readonly lastEventId?: string;
}

/** As much of an EventSource as there has to be. */
export interface Stream {
  addEventListener(type: string, run: (event: StreamEvent) => void): void;
  close(): void;
}

/** When what was heard, by a clock that does not step, in milliseconds. */
export interface Heard {
  readonly connected: boolean;
  /** The last reading; undefined before the first. */
  readonly readAt: number | undefined;
  /** Between the last two readings. */
  readonly cycleMs: number;
}

export interface FeedOptions {
  /** Opens a stream, `after` where one before it was left. */
  readonly open: (after: string | undefined) => Stream;
  readonly now: () => number;
  /** Whether somebody sees the page: of one in the background the stream is let go, for a browser has six connections to a site. */
  readonly isSeen: () => boolean;
  /** Takes a reading; `follows` says that none is missing between it and the one before. */
  readonly read: (data: string, follows: boolean) => void;
  /** What was logged between two streams, where it was left off. */
  readonly missed?: (data: string) => void;
  /** The site has said something: a reading, or that it lives. */
  readonly beat: (data: string) => void;
  /** There is no connection any more, or still none. */
  readonly lost: () => void;
}

export class Feed {
  readonly #options: FeedOptions;
  #stream: Stream | undefined;
  /** Since when something has been waited for. */
  #heardAt: number;
  /** When a stream that failed is opened anew. */
  #again: number | undefined;
  /** Since when nobody has seen the page. */
  #unseenAt: number | undefined;
  #isResting = false;
  /** Where the last reading stood. */
  #left: string | undefined;
  #heard: Heard = { connected: false, readAt: undefined, cycleMs: CYCLE_MS };

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#heardAt = options.now();
    this.#open();
  }

  get heard(): Heard {
    return this.#heard;
  }

  #open(): void {
    const stream = this.#options.open(this.#left);
    this.#stream = stream;
    this.#again = undefined;
    this.#heardAt = this.#options.now();
    const take =
      (run: (data: string) => void) =>
      ({ data = "", lastEventId = "" }: StreamEvent): void => {
        // What a stream says that has been given up is said by the next one, too.
        if (this.#stream !== stream) return;
        run(data);
        if (lastEventId !== "") this.#left = lastEventId;
      };
    stream.addEventListener(
      "message",
      take((data) => this.#read(data)),
    );
    stream.addEventListener(
      "missed",
      take((data) => this.#options.missed?.(data)),
    );
    stream.addEventListener(
      "beat",
      take((data) => this.#beat(data)),
    );
    stream.addEventListener(
      "error",
      take(() => this.#lose()),
    );
  }

  #beat(data: string): void {
    this.#heardAt = this.#options.now();
    this.#heard = { ...this.#heard, connected: true };
    this.#options.beat(data);
  }

  #read(data: string): void {
    const now = this.#options.now();
    const { readAt } = this.#heard;
    const gap = readAt === undefined ? 0 : now - readAt;
    const follows = readAt !== undefined && gap <= silentMs(this.#heard);
    // A pause is no cycle.
    const cycleMs = follows ? Math.max(CYCLE_MS, gap) : this.#heard.cycleMs;
    this.#heardAt = now;
    this.#heard = { connected: true, readAt: now, cycleMs };
    this.#options.read(data, follows);
  }

  /** Opens another stream, of which something else is asked: what was heard goes on. */
  openAnew(): void {
    this.#stream?.close();
    this.#open();
  }

  #lose(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#heard = { ...this.#heard, connected: false };
    this.#again = this.#options.now() + AGAIN_MS;
    this.#options.lost();
  }

  /** Looks whether anything has been heard: to be called a few times a second. */
  look(): void {
    const now = this.#options.now();
    if (this.#options.isSeen()) this.#unseenAt = undefined;
    else this.#unseenAt ??= now;
    if (this.#unseenAt !== undefined && now - this.#unseenAt > UNSEEN_MS) return this.#rest();
    if (this.#isResting) {
      this.#isResting = false;
      this.#open();
    } else if (this.#stream === undefined) {
      if (this.#again !== undefined && now >= this.#again) this.#open();
    } else if (now - this.#heardAt > LOST_MS) this.#lose();
  }

  /** What has been closed is not opened again by somebody who comes back. */
  #rest(): void {
    if (this.#stream === undefined && this.#again === undefined) return;
    this.#stream?.close();
    this.#stream = undefined;
    this.#again = undefined;
    this.#isResting = true;
  }

  close(): void {
    this.#isResting = false;
    this.#stream?.close();
    this.#stream = undefined;
    this.#again = undefined;
  }
}

/** Milliseconds after which readings are missing: three calculation cycles. */
export function silentMs({ cycleMs }: Heard): number {
  return 3 * cycleMs;
}
