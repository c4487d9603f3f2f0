/** Where messages over UDP go: a socket that is made when there is something to say, and that nobody waits for. */
import type { Link } from "#io/link.ts";
import { connectUdp } from "#io/udp-listener.ts";
import { ROUTABLE_PORT } from "./transports.ts";

/** "239.0.0.1:102", "[ff05::1]": an address, and a port where it is not the usual one. */
export const DESTINATION = /^(\[[0-9A-Fa-f:.]+\]|[^:\s[\]]+)(?::(\d{1,5}))?$/;

export class Destination {
  readonly #host: string;
  readonly #port: number;
  #link: Link | undefined;
  #connecting = false;
  #open = true;

  constructor(text: string) {
    const [, host = "", port = ROUTABLE_PORT] = DESTINATION.exec(text) ?? [];
    this.#host = host.replace(/^\[|\]$/g, "");
    this.#port = Number(port);
  }

  send(bytes: Uint8Array): void {
    if (this.#link !== undefined) this.#link.send(bytes);
    else if (!this.#connecting) void this.#connect(bytes);
  }

  async #connect(first: Uint8Array): Promise<void> {
    this.#connecting = true;
    try {
      const link = await connectUdp(this.#host, this.#port);
      if (!this.#open) {
        link.close();
        return;
      }
      link.closed(() => (this.#link = undefined));
      this.#link = link;
      link.send(first);
    } catch {
      // What cannot be reached now is tried with the next message.
    } finally {
      this.#connecting = false;
    }
  }

  close(): void {
    this.#open = false;
    this.#link?.close();
  }
}
