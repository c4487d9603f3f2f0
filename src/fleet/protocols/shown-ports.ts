/** What stands at several places and is one: all listeners of one port of a meter show the same server. */
import type { Listening, Station } from "./protocol.ts";

/** A server, and at how many places it stands. */
interface Placed {
  readonly server: { close(): void };
  places: number;
}

export class ShownPorts<Shown extends Placed> {
  readonly #ports = new WeakMap<Listening["bindings"], Map<string, Shown>>();

  /** The one that stands elsewhere already, or another. Throws what `make` throws. */
  at({ device, port }: Station, make: () => Shown): Shown {
    const ports = this.#ports.get(device.bindings) ?? new Map<string, Shown>();
    this.#ports.set(device.bindings, ports);
    const shown = ports.get(port) ?? make();
    ports.set(port, shown);
    return shown;
  }

  /** It stands at one place less: at none it ends. */
  leave({ device, port }: Station, shown: Shown): void {
    shown.places--;
    if (shown.places > 0) return;
    shown.server.close();
    this.#ports.get(device.bindings)?.delete(port);
  }
}
