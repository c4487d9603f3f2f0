/**
 * A connection of HTTP whose requests are worked off in turns: Node hands whatever has come to its parser at once, thousands of small
 * requests, and nobody else is served meanwhile. Here it gets slices of it, each peer's in its turn, and not while requests of before
 * wait for their answers or answers wait for the peer.
 */
import type http from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Bursting, Turns } from "#io/turns.ts";
import { limits } from "#quantity/limits.ts";

type Done = (error?: Error | null) => void;

const NOTHING = new Uint8Array(0);

export class ConnectionInTurns extends Duplex implements Bursting {
  readonly #socket: Socket;
  readonly #turns: Turns;
  /** What has come and was not handed on. */
  #rest: Uint8Array = NOTHING;
  /** Requests that have no whole answer yet. */
  #open = 0;
  #ended = false;

  constructor(socket: Socket, turns: Turns) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#turns = turns;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Uint8Array) => {
      socket.pause();
      this.#rest = bytes;
      turns.enter(this);
    });
    socket.on("end", () => {
      this.#ended = true;
      if (this.#rest.length === 0) this.push(null);
    });
    socket.on("timeout", () => this.emit("timeout"));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    // A connection that failed has ended; there is nobody to tell.
    this.on("error", () => {});
  }

  /** A request has come on it. */
  asked(answer: http.ServerResponse): void {
    this.#open++;
    answer.once("close", () => this.#open--);
  }

  // ── what Node's server and the site ask of a socket ─────────────────────────────────────────────────────────────

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get encrypted(): boolean {
    return "encrypted" in this.#socket && this.#socket.encrypted === true;
  }

  setTimeout(ms: number, run?: () => void): this {
    this.#socket.setTimeout(ms, run);
    return this;
  }

  // ── turns ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The body of one request may be on its way; of the next one nothing is handed on. */
  get isBlocked(): boolean {
    return this.#open > 1 || this.writableLength > limits.peers.answers;
  }

  get held(): number {
    return this.#rest.length + limits.peers.readAhead + this.writableLength;
  }

  slice(): "done" | "more" | "blocked" {
    if (this.isBlocked) return "blocked";
    const slice = this.#rest.subarray(0, limits.peers.slice);
    this.#rest = this.#rest.subarray(slice.length);
    // A copy: parts of what Node has read keep the whole.
    this.push(Uint8Array.from(slice));
    if (this.#rest.length > 0) return "more";
    this.#rest = NOTHING;
    if (this.#ended) this.push(null);
    else if (this.readableLength < this.readableHighWaterMark) this.#socket.resume();
    return "done";
  }

  dismiss(): void {
    this.destroy();
  }

  override _read(): void {
    if (this.#rest.length === 0 && !this.#ended) this.#socket.resume();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: Done): void {
    this.#socket.write(bytes, done);
  }

  override _final(done: Done): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#turns.leave(this);
    this.#rest = NOTHING;
    this.#socket.destroy();
    done(error);
  }
}

/** Hands a server's connections to it in turns. */
export function inTurns(server: http.Server, turns: Turns): void {
  // Over TLS a connection begins when its handshake is done.
  const begins = "setSecureContext" in server ? "secureConnection" : "connection";
  const takers = server.listeners(begins);
  server.removeAllListeners(begins);
  server.on(begins, (socket: Socket) => {
    const connection = new ConnectionInTurns(socket, turns);
    for (const take of takers) take.call(server, connection);
  });
  server.prependListener("request", ({ socket }: http.IncomingMessage, answer: http.ServerResponse) => {
    if (socket instanceof ConnectionInTurns) socket.asked(answer);
  });
}
