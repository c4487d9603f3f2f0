/** What is nothing but bits and registers: the `devices` of a site file, which stand in for what is no meter. */
import type { Clock } from "#clock/clock.ts";
import type { Device } from "#product/product.ts";
import { MemoryUnit, type Memory } from "#protocol/modbus/memory-unit.ts";
import type { Measure } from "#quantity/measure.ts";
import type { SurfaceIdentity } from "#quantity/meter-surface.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { StepSource } from "#waveform/source.ts";

export interface MemoryEntry {
  readonly name: string;
  readonly memory: Memory;
}

class MemorySurface extends PlainSurface {
  readonly identity: SurfaceIdentity;
  override readonly measures: readonly Measure[] = [];
  readonly #clock: Clock;

  constructor(name: string, clock: Clock) {
    super();
    this.identity = {
      name,
      model: "memory",
      title: "Bits and registers",
      manufacturer: "",
      serial: "",
      firmware: "",
      modelNumber: "",
    };
    this.#clock = clock;
  }

  now(): Stamp {
    return { utc: this.#clock.utc(), offsetMinutes: 0, daylightSaving: false, synchronised: true };
  }

  protected value(): undefined {
    return undefined;
  }
}

/** It has no inputs. */
const nothing: StepSource = { kind: "steps", ended: true, step: () => 0 };

export function memoryDevice({ name, memory }: MemoryEntry, clock: Clock): Device {
  const unit = new MemoryUnit(memory);
  return {
    surface: new MemorySurface(name, clock),
    source: nothing,
    bindings: { modbus: ({ face }) => (face === undefined ? unit : undefined) },
    notices: [],
    line: { address: 1, baud: 19_200, parity: 0 },
    room: () => undefined,
    advance() {},
    start() {},
    stop() {},
  };
}
