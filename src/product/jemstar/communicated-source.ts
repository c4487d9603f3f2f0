/**
 * What other meters say (section communicated of the configuration): this one as the Modbus master of its slaves, over TCP or on a serial
 * port of its own. Every channel is read at its own pace; where nobody answers, that is what the meter is told.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { openSerial } from "#io/serial.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusLine } from "#protocol/modbus/line.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export type CommunicatedChannel = RevenueFile["communicated"][number];

/** How long an answer may take, and a connection. */
const TIMEOUT_MS = 1000;
const MODBUS_PORT = 502;
const MS = 1000;

export interface CommunicatedOptions {
  /** By which slaves go, however fast the site's clock does. */
  readonly real: Clock;
  readonly channels: () => readonly CommunicatedChannel[];
  /** Grows with the configuration. */
  readonly epoch: () => number;
  /** Whether it asks at all now. */
  readonly works: () => boolean;
  /** A channel, from 1, was read: what its register has; undefined where nobody answered. */
  readonly take: (channel: number, raw: number | undefined) => void;
  /** Opens what a channel names; the network or the device of this machine unless said. */
  readonly connect?: ((channel: CommunicatedChannel) => Promise<Link>) | undefined;
}

export class CommunicatedSource {
  readonly #options: CommunicatedOptions;
  #lines = new Map<string, ModbusLine>();
  /** What waits for its time, by channel. */
  readonly #polls = new Map<number, Cancel>();
  #epoch: number | undefined;
  #started = false;

  constructor(options: CommunicatedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.#begin();
  }

  stop(): void {
    this.#started = false;
    this.#end();
  }

  /** Goes on with another configuration where there is one. */
  look(): void {
    if (!this.#started || this.#epoch === this.#options.epoch()) return;
    this.#end();
    this.#begin();
  }

  #begin(): void {
    const { channels, epoch } = this.#options;
    this.#epoch = epoch();
    channels().forEach((channel, k) => this.#poll(k + 1, channel, this.#epoch));
  }

  #end(): void {
    for (const cancel of this.#polls.values()) cancel();
    this.#polls.clear();
    for (const line of this.#lines.values()) line.close();
    this.#lines = new Map();
    this.#epoch = undefined;
  }

  /** Reads a channel, and again after its time; one that does not answer so fast is not asked meanwhile. */
  #poll(number: number, channel: CommunicatedChannel, epoch: number | undefined): void {
    const { real, works, take, epoch: now } = this.#options;
    // What is on its way when a configuration is applied is of the slave before: the meter may know of the next one before this does.
    const isOf = (): boolean => this.#started && this.#epoch === epoch && now() === epoch;
    const next = (): void => {
      const again = real.after(channel.everySeconds * MS, () => this.#poll(number, channel, epoch));
      this.#polls.set(number, again);
    };
    if (!works()) return next();
    void this.#read(channel).then((raw) => {
      if (!isOf()) return;
      if (works()) take(number, raw);
      next();
    });
  }

  async #read(channel: CommunicatedChannel): Promise<number | undefined> {
    const { unit, table, register, format } = channel;
    const request = {
      kind: "read",
      fn: table === "holding" ? 0x03 : 0x04,
      first: register,
      count: format.endsWith("32") ? 2 : 1,
    } as const;
    try {
      const response = await this.#line(channel).request(unit, request);
      return response.kind === "registers" ? valueOf(response.values, channel) : undefined;
    } catch {
      // Why a slave is silent is nothing that the meter could do anything about.
      return undefined;
    }
  }

  #line(channel: CommunicatedChannel): ModbusLine {
    const { host, device, baud } = channel;
    const place = host ?? device ?? "";
    let line = this.#lines.get(place);
    if (line === undefined) {
      const { real, connect = connected } = this.#options;
      line = new ModbusLine(() => connect(channel), real, {
        framing: host === undefined ? "rtu" : "tcp",
        timeoutMs: TIMEOUT_MS,
        retries: 0,
        backOffMs: TIMEOUT_MS,
        baud: host === undefined ? baud : undefined,
      });
      this.#lines.set(place, line);
    }
    return line;
  }
}

function connected({ host = "", device, baud, parity }: CommunicatedChannel): Promise<Link> {
  if (device !== undefined) return openSerial({ device, baud, parity });
  const [, name = "", port = MODBUS_PORT] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
  return connectTcp(name.replace(/^\[|\]$/g, ""), Number(port), TIMEOUT_MS);
}

/** A number of registers; undefined of floating point that is none. */
export function valueOf(
  words: Uint16Array,
  { format, words: order }: Pick<CommunicatedChannel, "format" | "words">,
): number | undefined {
  const view = new DataView(new ArrayBuffer(4));
  const [first = 0, second = 0] = words;
  const [high, low] = order === "high first" ? [first, second] : [second, first];
  view.setUint16(0, format.endsWith("16") ? first : high);
  view.setUint16(2, low);
  switch (format) {
    case "u16":
      return view.getUint16(0);
    case "i16":
      return view.getInt16(0);
    case "u32":
      return view.getUint32(0);
    case "i32":
      return view.getInt32(0);
    case "f32": {
      const value = view.getFloat32(0);
      return Number.isFinite(value) ? value : undefined;
    }
  }
}
