/** Objects of files of DNP3 (IEEE 1815 annex A, object 70) in a line each. */
import { Reader } from "#wire/cursor.ts";
import { timeText } from "./dnp3-words.ts";

const modes: Readonly<Record<number, string>> = { 0: "to delete", 1: "to read", 2: "to write", 3: "to append" };
const LAST = 0x8000_0000;

/** Throws WireError of what is too short. */
export function fileText(variation: number, octets: Uint8Array): string {
  const from = new Reader(octets);
  const u16 = (): number => from.u16(true);
  const u32 = (): number => from.u32(true);
  const rest = (): string => from.latin1(from.left);
  switch (variation) {
    case 3: {
      from.skip(4);
      const [created, permissions, key, size, mode, block, id] = [
        u32() + 2 ** 32 * u16(),
        u16(),
        u32(),
        u32(),
        u16(),
        u16(),
        u16(),
      ];
      return [
        `"${rest()}" ${modes[mode] ?? `mode ${mode}`}`,
        ...(created === 0 ? [] : [`made at ${timeText(created)}`]),
        `permissions ${permissions.toString(8)}`,
        ...(key === 0 ? [] : ["with an authentication key"]),
        `${size} octets, blocks of ${block}, request ${id}`,
      ].join(", ");
    }
    case 4: {
      const [handle, size, block, id, status] = [u32(), u32(), u16(), u16(), from.u8()];
      const text = rest();
      return `handle ${handle}, ${size} octets, blocks of ${block}, request ${id}, status ${status}${text === "" ? "" : ` "${text}"`}`;
    }
    case 5: {
      const [handle, block] = [u32(), u32()];
      return `handle ${handle}, block ${block % LAST}${block >= LAST ? ", the last" : ""}, ${from.left} octets`;
    }
    case 6: {
      const [handle, block, status] = [u32(), u32(), from.u8()];
      return `handle ${handle}, block ${block % LAST}, status ${status}`;
    }
    default:
      return `${octets.length} octets`;
  }
}
