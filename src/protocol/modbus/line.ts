/**
 * A line to one or many units, which any number of callers share: opened when it is first needed and again after it broke.
 * What is safe to ask twice is asked again after a failure, each time after a longer pause; other callers' requests go on
 * meanwhile.
 */
import type { Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { ModbusClient, type Asking, type ClientOptions, type Requester } from "./client.ts";
import { again, ClientError } from "./failing.ts";
import { Exception, type Request, type Response } from "./pdu.ts";
import { SmallerReads } from "./smaller-reads.ts";

export interface LineOptions extends ClientOptions {
  /** How often a request is asked again. */
  readonly retries: number;
  /** Pause before the first retry, in milliseconds; each further one is twice as long. */
  readonly backOffMs: number;
  /** Registers that are read at once at most; 125, the protocol's own limit, unless said. */
  readonly maxRegisters?: number | undefined;
}

export class ModbusLine implements Requester {
  readonly #connect: () => Promise<Link>;
  readonly #clock: Clock;
  readonly #options: LineOptions;
  #client: Promise<ModbusClient> | undefined;
  #open: ModbusClient | undefined;
  #closed = false;
  readonly #reads: SmallerReads;

  constructor(connect: () => Promise<Link>, clock: Clock, options: LineOptions) {
    this.#connect = connect;
    this.#clock = clock;
    this.#options = options;
    this.#reads = new SmallerReads((...one) => this.#ask(...one), options.maxRegisters);
  }

  /** Opens the link now; rejects when it cannot be opened. */
  async open(): Promise<void> {
    await this.#ready();
  }

  #ready(): Promise<ModbusClient> {
    if (this.#client === undefined || this.#open?.ended === true) {
      this.#open = undefined;
      const opening = this.#connect().then((link) => {
        const client = new ModbusClient(link, this.#clock, this.#options);
        this.#open = client;
        if (this.#closed) client.close();
        return client;
      });
      this.#client = opening;
      opening.catch(() => {
        if (this.#client === opening) this.#client = undefined;
      });
    }
    return this.#client;
  }

  request(unit: number, request: Request, asking: Asking = {}): Promise<Response> {
    return request.kind === "read" ? this.#reads.read(unit, request, asking) : this.#ask(unit, request, asking);
  }

  async #ask(unit: number, request: Request, asking: Asking): Promise<Response> {
    const { retries = this.#options.retries } = asking;
    let before: ClientError | undefined;
    for (let tries = 0; ; tries++) {
      const last = tries >= retries;
      let sent = false;
      try {
        if (this.#closed) throw new ClientError("the line was closed", "closed");
        const client = await this.#ready();
        sent = true;
        const response = await client.request(unit, request, asking);
        // A busy unit has not done what it was asked.
        const busy = response.kind === "exception" && response.exception === Exception.serverDeviceBusy;
        if (!busy || last) return response;
      } catch (failed) {
        const error = failed instanceof ClientError ? again(before, failed) : failed;
        before = error instanceof ClientError ? error : undefined;
        const hopeless = this.#closed || (error instanceof ClientError && error.reason === "other unit");
        // Whether a write that was not answered was done, nobody knows here.
        if (last || hopeless || (sent && request.kind === "write")) throw error;
      }
      await new Promise<void>((resolve) => this.#clock.after(this.#options.backOffMs * 2 ** tries, resolve));
    }
  }

  close(): void {
    this.#closed = true;
    this.#open?.close();
  }
}
