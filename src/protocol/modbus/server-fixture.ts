/** A small unit behind a TCP and an RTU server, over a null modem: what tests of the servers stand on. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { crc16 } from "#wire/crc16.ts";
import { Exception } from "./pdu.ts";
import { serveModbusTcp } from "./tcp-server.ts";
import { serveModbusRtu, type RtuOptions } from "./rtu-server.ts";
import { lineUnits, tcpUnits, type ModbusUnit } from "./unit.ts";

/** Registers 0 to 199: 100 times the unit plus the address; 10 can be written. */
export function unit(id: number): ModbusUnit & { written: number[] } {
  const written: number[] = [];
  return {
    written,
    read(first, count, out, at) {
      if (first + count > 200) return Exception.illegalDataAddress;
      for (let k = 0; k < count; k++) {
        const value = 100 * id + first + k;
        out[at + 2 * k] = value >> 8;
        out[at + 2 * k + 1] = value & 255;
      }
      return 0;
    },
    write(first, values) {
      const [value] = values;
      if (first !== 10 || values.length !== 1 || value === undefined) return Exception.illegalDataAddress;
      if (value === 0xdead) return Exception.illegalDataValue;
      written.push(value);
      return 0;
    },
    serverId: () => Uint8Array.of(247, 0xff, 0x48, 0x69),
    identification: () => ({
      conformity: 1,
      objects: new Map([
        [0, "V"],
        [1, "P"],
        [2, "R"],
      ]),
    }),
  };
}

export function tcp(ids: readonly number[] = [1], any = false) {
  const [here, there] = nullModem();
  const units = new Map(ids.map((id) => [id, unit(id)]));
  serveModbusTcp(there, tcpUnits(units, any));
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  return {
    here,
    units,
    ask(...parts: string[]): string {
      heard = "";
      for (const part of parts) here.send(Buffer.from(part.replaceAll(" ", ""), "hex"));
      return heard;
    },
  };
}
export function sealed(hex: string): string {
  const body = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const crc = crc16(body);
  return body.toString("hex") + Buffer.of(crc & 255, crc >> 8).toString("hex");
}

export function rtu(
  ids: readonly number[] = [1],
  baud?: number,
  frameTimeoutMs?: number,
  more: Pick<RtuOptions, "answerDelayMs" | "misunderstood"> = {},
) {
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  const units = new Map(ids.map((id) => [id, unit(id)]));
  const timeout = frameTimeoutMs === undefined ? {} : { frameTimeoutMs: () => frameTimeoutMs };
  serveModbusRtu(there, lineUnits(units), clock, { ...(baud === undefined ? {} : { baud }), ...timeout, ...more });
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  return {
    clock,
    units,
    /** What is answered to parts that come `gap` milliseconds apart, and a tenth of a second later. */
    ask(parts: readonly string[], gap = 1): string {
      heard = "";
      for (const part of parts) {
        here.send(Buffer.from(part.replaceAll(" ", ""), "hex"));
        clock.advance(gap);
      }
      clock.advance(100);
      return heard;
    },
  };
}
