/** What two stations agree on when they connect, in the information fields of SNRM and UA (ISO/IEC 13239, 5.5.3; Green Book 8.4.5.3.2). */
import { Reader, WireError, Writer } from "#wire/cursor.ts";

/** From the view of who says it: largest information fields in bytes, and windows in frames. */
export interface HdlcParameters {
  readonly maxInfoTransmit: number;
  readonly maxInfoReceive: number;
  readonly windowTransmit: number;
  readonly windowReceive: number;
}

/** What holds where nothing is said. */
export const usual: HdlcParameters = { maxInfoTransmit: 128, maxInfoReceive: 128, windowTransmit: 1, windowReceive: 1 };

/** What there may be (Blue Book, IC 23; modulo 8 counts seven frames at most). */
export const ranges = { info: [32, 2030], window: [1, 7] } as const;

const FORMAT = 0x81;
const GROUP = 0x80;
const ids = { maxInfoTransmit: 5, maxInfoReceive: 6, windowTransmit: 7, windowReceive: 8 } as const;
const keys = Object.entries(ids) as readonly (readonly [keyof HdlcParameters, number])[];

/** Information fields in as few bytes as they take, windows in four, as all known stations write them. */
export function parametersBytes(parameters: HdlcParameters): Uint8Array {
  const group = new Writer(20);
  for (const [key, id] of keys) {
    const value = parameters[key];
    group.u8(id);
    if (id >= ids.windowTransmit) group.u8(4).u32(value);
    else if (value < 0x100) group.u8(1).u8(value);
    else group.u8(2).u16(value);
  }
  const bytes = group.done();
  return new Writer(24).u8(FORMAT).u8(GROUP).u8(bytes.length).bytes(bytes).done();
}

/** What an information field says, and what is usual of the rest; other groups and other parameters are nobody's. Throws a WireError. */
export function parametersOf(information: Uint8Array): HdlcParameters {
  const found = { ...usual };
  if (information.length === 0) return found;
  const reader = new Reader(information);
  const format = reader.u8();
  if (format !== FORMAT) throw new WireError(`expected format 0x81 of the parameters, found ${format}`, 0);
  while (reader.left > 0) {
    const group = reader.u8();
    const length = reader.u8();
    const end = reader.at + length;
    if (group !== GROUP) {
      reader.skip(length);
      continue;
    }
    while (reader.at < end) {
      const id = reader.u8();
      const at = reader.at;
      const size = reader.u8();
      if (reader.at + size > end) throw new WireError("a parameter is longer than its group", at);
      const key = keys.find(([, one]) => one === id)?.[0];
      if (key === undefined) reader.skip(size);
      else found[key] = valueOf(reader, size);
    }
  }
  return found;
}

function valueOf(reader: Reader, size: number): number {
  const { at } = reader;
  if (size < 1 || size > 4) throw new WireError(`expected a parameter of 1 to 4 bytes, found ${size}`, at);
  let value = 0;
  for (let k = 0; k < size; k++) value = value * 256 + reader.u8();
  return value;
}

/** What holds on the side of `own`: neither sends more than the other takes. Undefined where the other side wants what there may not be. */
export function agreed(own: HdlcParameters, other: HdlcParameters): HdlcParameters | undefined {
  const { info, window } = ranges;
  const infos = [other.maxInfoTransmit, other.maxInfoReceive];
  const windows = [other.windowTransmit, other.windowReceive];
  if (infos.some((one) => one < info[0]) || windows.some((one) => one < window[0])) return undefined;
  return {
    maxInfoTransmit: Math.min(own.maxInfoTransmit, other.maxInfoReceive),
    maxInfoReceive: Math.min(own.maxInfoReceive, other.maxInfoTransmit),
    windowTransmit: Math.min(own.windowTransmit, other.windowReceive, window[1]),
    windowReceive: Math.min(own.windowReceive, other.windowTransmit, window[1]),
  };
}
