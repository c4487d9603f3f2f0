/** The far side of a line, what is asked on one, and frames: what tests of lines stand on. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { crc16 } from "#wire/crc16.ts";
import { ModbusLine, type LineOptions } from "./line.ts";

export const read = (first: number, count = 1) => ({ kind: "read", fn: 3, first, count }) as const;
export const write = (first: number, value: number) =>
  ({ kind: "write", fn: 6, first, values: Uint16Array.of(value) }) as const;

/** The far side of a line: what it hears, and what it says. */
export function farSide(options: Partial<LineOptions> = {}) {
  const clock = new VirtualClock();
  const links: Link[] = [];
  const heard: string[] = [];
  let openings = 0;
  let refuse = false;
  const line = new ModbusLine(
    () => {
      openings++;
      if (refuse) return Promise.reject(new Error("cannot connect to 10.0.0.1:502: nothing listens there"));
      const [here, there] = nullModem();
      there.receive((bytes) => heard.push(Buffer.from(bytes).toString("hex")));
      links.push(there);
      return Promise.resolve(here);
    },
    clock,
    { framing: "tcp", timeoutMs: 100, retries: 2, backOffMs: 50, ...options },
  );
  const last = (): Link => {
    const link = links.at(-1);
    if (link === undefined) throw new Error("nobody has opened the line yet");
    return link;
  };
  return {
    clock,
    line,
    heard,
    openings: () => openings,
    refuse: (yes: boolean) => (refuse = yes),
    last,
    /** Answers on the newest link, with the transaction id of the n-th request. */
    say: (hex: string) => last().send(Buffer.from(hex.replaceAll(" ", ""), "hex")),
    /** Lets promises run, then time pass. */
    async pass(ms: number) {
      for (let k = 0; k < 10; k++) await Promise.resolve();
      clock.advance(ms);
      for (let k = 0; k < 10; k++) await Promise.resolve();
    },
  };
}

/** A frame with its checksum. */
export function sealed(hex: string): string {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const crc = crc16(bytes, 0, bytes.length);
  return bytes.toString("hex") + Buffer.of(crc & 255, crc >> 8).toString("hex");
}
