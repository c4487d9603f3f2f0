/** General block transfer (Green Book 9.5 "General-Block-Transfer"): what follows the tag E0. */
import type { Reader, Writer } from "#wire/cursor.ts";
import type { GeneralBlockTransfer } from "./apdu.ts";
import { readOctets, writeOctets } from "./references.ts";

const LAST = 0x80;
const STREAMING = 0x40;
const WINDOW = 0x3f;

/** Strict; `bytes` is a view on the input. */
export function readGeneralBlock(from: Reader): GeneralBlockTransfer {
  const control = from.u8();
  return {
    apdu: "general-block-transfer",
    last: (control & LAST) !== 0,
    streaming: (control & STREAMING) !== 0,
    window: control & WINDOW,
    number: from.u16(),
    acknowledged: from.u16(),
    bytes: readOctets(from),
  };
}

export function writeGeneralBlock(out: Writer, block: GeneralBlockTransfer): void {
  const { last, streaming, window, number, acknowledged, bytes } = block;
  out.u8((last ? LAST : 0) | (streaming ? STREAMING : 0) | (window & WINDOW));
  writeOctets(out.u16(number).u16(acknowledged), bytes);
}
