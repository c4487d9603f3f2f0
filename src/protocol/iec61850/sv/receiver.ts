/** What comes of sampled values at one place, and whose streams they are. Nothing is made for a frame. */
import { macNumber } from "#io/ethernet-frame.ts";
import { WireError } from "#wire/cursor.ts";
import type { Clock } from "#clock/clock.ts";
import type { SvSource } from "./source.ts";
import { appIdOf, isSimulated, PDU_AT, pduEnd } from "./sv-frame.ts";
import { SvPdu, type Asdu } from "./sv-pdu.ts";

/** FNV-1a of octets [from, to). */
function hashOf(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let hash = 0x811c9dc5;
  for (let k = from; k < to; k++) hash = Math.imul(hash ^ (bytes[k] ?? 0), 0x01000193);
  return hash;
}

function isOf({ svId }: SvSource, { bytes, svIdFrom, svIdTo }: Asdu): boolean {
  if (svId.length !== svIdTo - svIdFrom) return false;
  for (let k = 0; k < svId.length; k++) if (svId[k] !== bytes[svIdFrom + k]) return false;
  return true;
}

const NO_VIEW: DataView = new DataView(new ArrayBuffer(0));
const NOBODY: readonly SvSource[] = [];

export class SvReceiver {
  readonly counts = {
    frames: 0,
    /** Instants of streams that nobody follows. */
    unknown: 0,
    /** What is no frame of sampled values. */
    malformed: 0,
  };
  readonly #clock: Clock;
  readonly #pdu = new SvPdu();
  /** The frame that came last: a port that lends the same octets again and again has one view of them. */
  readonly #frame = { view: NO_VIEW, appId: 0, simulated: false, sender: 0, elapsed: 0 };
  #sources: ReadonlyMap<number, readonly SvSource[]> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** These are fed from now on. */
  follow(sources: readonly SvSource[]): void {
    this.#sources = Map.groupBy(sources, ({ svId }) => hashOf(svId));
  }

  /** A frame without its tag; false where it is none. */
  takeFrame(bytes: Uint8Array): boolean {
    const view = this.#viewOf(bytes);
    try {
      this.#pdu.read(bytes, PDU_AT, pduEnd(view));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.counts.malformed++;
      return false;
    }
    this.counts.frames++;
    const frame = this.#frame;
    frame.view = view;
    frame.appId = appIdOf(view);
    frame.simulated = isSimulated(view);
    frame.sender = macNumber(bytes, 6);
    frame.elapsed = this.#clock.elapsed();
    const { asdus, count } = this.#pdu;
    for (let k = 0; k < count; k++) {
      const asdu = asdus[k];
      if (asdu === undefined) continue;
      let followed = false;
      for (const source of this.#sources.get(hashOf(bytes, asdu.svIdFrom, asdu.svIdTo)) ?? NOBODY) {
        if (!isOf(source, asdu)) continue;
        source.take(asdu, frame);
        followed = true;
      }
      if (!followed) this.counts.unknown++;
    }
    return true;
  }

  #viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
    const { view } = this.#frame;
    const isSame = view.buffer === buffer && view.byteOffset === byteOffset && view.byteLength === byteLength;
    return isSame ? view : new DataView(buffer, byteOffset, byteLength);
  }
}
