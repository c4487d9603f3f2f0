/** What a client sends in blocks: cuts of the bytes behind the reference, numbered from 1. */
import type { Block, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import type { Exchange } from "./exchange.ts";

/** As many bytes a block as the meter takes; `request` is what carries one. Throws DlmsError where none has room. */
export function* blocksOf(
  exchange: Exchange,
  bytes: Uint8Array,
  request: (block: Block) => Xdlms,
): Generator<Block, void> {
  let at = 0;
  for (let number = 1; at < bytes.length; number++) {
    const room = exchange.roomBeside(request({ last: false, number, bytes: new Uint8Array(0) }));
    const end = Math.min(bytes.length, at + room);
    yield { last: end === bytes.length, number, bytes: bytes.subarray(at, end) };
    at = end;
  }
}
