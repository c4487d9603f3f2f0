/** The connection that data of one FTP conversation go over: opened by the peer only, one at a time, once for each file or list. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { DataPort } from "#io/data-port.ts";
import type { Link } from "#io/link.ts";
import { Draft } from "#io/sftp-draft.ts";
import { limits } from "#quantity/limits.ts";

/** Opens a port for the peer; `taken` runs with its connection. Rejects where there is none. */
export type OpenPort = (taken: (link: Link) => void) => Promise<DataPort>;

/**
 * How it went: done; nobody came; it moved no more; it broke off; ABOR; the file was too long; it was forbidden meanwhile.
 */
export type Ended = "done" | "none" | "late" | "lost" | "aborted" | "long" | "barred";

/** A port, and who has come there. */
class Opened {
  port: DataPort | undefined;
  #link: Link | undefined;
  #lost = false;
  #whenCome: (link: Link) => void = () => {};

  come(link: Link): void {
    this.#link = link;
    link.closed(() => (this.#lost = true));
    this.#whenCome(link);
  }

  /** Runs with the link, now or when it is there. */
  when(run: (link: Link) => void): void {
    this.#whenCome = run;
    if (this.#link !== undefined) run(this.#link);
  }

  /** Whether the link has ended before anybody had a use for it. */
  get isLost(): boolean {
    return this.#lost;
  }
}

export class DataConnection {
  readonly #clock: Clock;
  readonly #openPort: OpenPort;
  #opened: Opened | undefined;
  #expiry: Cancel = () => {};
  #stop: (() => void) | undefined;
  #isOver = false;

  constructor(clock: Clock, openPort: OpenPort) {
    this.#clock = clock;
    this.#openPort = openPort;
  }

  /** Opens a port in the place of any before; its number. Undefined where there is none. */
  async open(): Promise<number | undefined> {
    this.close();
    const opened = new Opened();
    try {
      opened.port = await this.#openPort((link) => opened.come(link));
    } catch {
      return undefined;
    }
    if (this.#isOver) {
      opened.port.close();
      return undefined;
    }
    this.#opened = opened;
    this.#expiry = this.#clock.after(limits.ftp.dataMs, () => this.close());
    return opened.port.port;
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** Ends a transfer that is under way; false where there is none. */
  abort(): boolean {
    const stop = this.#stop;
    stop?.();
    if (stop === undefined) this.close();
    return stop !== undefined;
  }

  close(): void {
    this.#expiry();
    this.#opened?.port?.close();
    this.#opened = undefined;
  }

  /** The conversation has ended. */
  over(): void {
    this.#isOver = true;
    this.#stop?.();
    this.close();
  }

  /** Sends bytes as fast as the peer takes them, for as long as they may go on; not before what has been said has gone. */
  send(bytes: Uint8Array, isSaid: () => boolean, mayGoOn: () => boolean): Promise<Ended> {
    return this.#transfer((link, moved, end) => {
      let at = 0;
      let taken = 0;
      // Nobody has anything to say there; but its end is not seen while nobody reads.
      link.receive(() => end("lost"));
      link.closed(() => end("lost"));
      const look = (): Cancel | undefined => {
        if (!mayGoOn()) return void end("barred");
        while (isSaid() && at < bytes.length && link.waiting <= limits.peers.answers) {
          const piece = bytes.slice(at, at + limits.ftp.pieceBytes);
          at += piece.length;
          link.send(piece);
        }
        if (at - link.waiting > taken) moved();
        taken = at - link.waiting;
        return taken === bytes.length && isSaid() ? void end("done") : this.#clock.after(limits.peers.lookMs, again);
      };
      let cancel: Cancel | undefined;
      const again = (): void => void (cancel = look());
      again();
      return () => cancel?.();
    });
  }

  /** Takes all that comes until the peer closes the connection. What breaks off is nothing. */
  async take(): Promise<Uint8Array | Ended> {
    const draft = new Draft(limits.ftp.putBytes);
    let length = 0;
    let isLong = false;
    const ended = await this.#transfer((link, moved, end) => {
      link.receive((piece) => {
        moved();
        isLong ||= !draft.write(length, piece);
        length += piece.length;
        // A connection that is reset under who sends hides the reply from him: what is too long comes to its end first.
        if (length > limits.ftp.wastedBytes) end("long");
      });
      link.closed((fault) => end(isLong ? "long" : fault === undefined ? "done" : "lost"));
      return () => {};
    });
    return ended === "done" ? draft.bytes : ended;
  }

  /** Runs with the peer's connection once that is there; what runs returns ends what it has under way. */
  #transfer(run: (link: Link, moved: () => void, end: (how: Ended) => void) => () => void): Promise<Ended> {
    const opened = this.#opened;
    if (opened === undefined) return Promise.resolve("none");
    this.#expiry();
    const { promise, resolve } = Promise.withResolvers<Ended>();
    let isEnded = false;
    let late = this.#clock.after(limits.ftp.dataMs, () => end("none"));
    let stop = (): void => {};
    const end = (how: Ended): void => {
      if (isEnded) return;
      isEnded = true;
      late();
      stop();
      this.#stop = undefined;
      if (this.#opened === opened) this.#opened = undefined;
      opened.port?.close();
      resolve(how);
    };
    const moved = (): void => {
      late();
      if (!isEnded) late = this.#clock.after(limits.ftp.dataMs, () => end("late"));
    };
    this.#stop = () => end("aborted");
    opened.when((link) => {
      if (isEnded) return link.close();
      if (opened.isLost) return end("lost");
      moved();
      stop = run(link, moved, end);
      if (isEnded) stop();
      return undefined;
    });
    return promise;
  }
}
