/** Captures of Ethernet in pcap files (../shared/vectors/*.pcap), as libpcap writes them in its first version. */
import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../shared/vectors/", import.meta.url);

/** Why tests that need a capture are skipped; false where it is there. */
export function withoutCapture(name: string): string | false {
  return existsSync(new URL(name, folder)) ? false : "../shared is not here";
}

export interface CapturedFrame {
  /** Milliseconds after the first. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Empty where it is not there. */
export function captured(name: string): readonly CapturedFrame[] {
  if (withoutCapture(name) !== false) return [];
  return framesIn(readFileSync(new URL(name, folder)));
}

export function framesIn(file: Buffer): readonly CapturedFrame[] {
  const isLittle = file.readUInt32LE(0) === 0xa1b2c3d4 || file.readUInt32LE(0) === 0xa1b23c4d;
  const isNano = [file.readUInt32LE(0), file.readUInt32BE(0)].includes(0xa1b23c4d);
  const u32 = (at: number): number => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const frames: { at: number; bytes: Uint8Array }[] = [];
  for (let at = 24; at + 16 <= file.length; at += 16 + u32(at + 8)) {
    const ms = 1000 * u32(at) + u32(at + 4) / (isNano ? 1e6 : 1e3);
    frames.push({ at: ms, bytes: Uint8Array.from(file.subarray(at + 16, at + 16 + u32(at + 8))) });
  }
  const [first] = frames;
  return frames.map(({ at, bytes }) => ({ at: at - (first?.at ?? 0), bytes }));
}

/** The same, written: frames so many milliseconds apart. */
export function pcapOf(frames: readonly Uint8Array[], apartMs = 1): Uint8Array {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([
    head,
    ...frames.flatMap((frame, k) => {
      const record = Buffer.alloc(16);
      record.writeUInt32LE(1 + Math.floor((k * apartMs) / 1000), 0);
      record.writeUInt32LE(((k * apartMs) % 1000) * 1000, 4);
      record.writeUInt32LE(frame.length, 8);
      record.writeUInt32LE(frame.length, 12);
      return [record, frame];
    }),
  ]);
}
