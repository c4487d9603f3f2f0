/**
 * Serves Modbus RTU on a link: a serial line, or a TCP connection that carries RTU frames. On a shared line the
 * requests to other units and their answers pass by; both are recognised and ignored. Address 0 is a broadcast: every
 * unit executes it and none answers.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { joined } from "#io/byte-run.ts";
import type { Link } from "#io/link.ts";
import { transmissionMs } from "#io/serial.ts";
import { limits } from "#quantity/limits.ts";
import type { FaultyAnswers } from "./faults.ts";
import {
  crcHolds,
  frame,
  frameGapMs,
  LONGEST_REQUEST,
  longWriteLength,
  MAX_FRAME,
  MIN_FRAME,
  requestLength,
  responseLength,
  seal,
} from "./rtu.ts";
import { answer, ANSWER_ROOM, type Units } from "./unit.ts";

const BROADCAST = 0;

/** Adapters deliver bytes in lumps this far apart; shorter silence does not end a frame. */
const LUMP_MS = 20;

/** Shorter silence no timer keeps; the way through computer and adapter takes as long. */
const TIMER_MS = 1;

/**
 * How long an answer waits: 3.5 characters. The fixed 1.75 ms above 19,200 baud (clause 2.5.1.1) spare those who find frames by timers, who
 * would have to keep 0.3 ms at 115,200 baud; nothing here does.
 */
function turnaroundMs(baud: number | undefined): number {
  const silence = baud === undefined ? 0 : transmissionMs(3.5, baud);
  return silence < TIMER_MS ? 0 : silence;
}

export interface RtuOptions {
  /** Answers wait for the silence of this line speed; undefined over TCP, which has none. */
  readonly baud?: number;
  /**
   * From the first byte of a frame until it is whole, milliseconds. Unless said a short silence ends a frame on a line; over TCP pieces may
   * come with any pause between them, up to what masters wait for an answer.
   */
  readonly frameTimeoutMs?: (() => number) | undefined;
  /** How long the answers of a unit wait at least, milliseconds: what its meter is set to wait before it drives the line. */
  readonly answerDelayMs?: ((unit: number) => number) | undefined;
  /** Is told of bytes that are no frame, and of a frame that was given up. */
  readonly misunderstood?: (() => void) | undefined;
  /** Every answer goes through their plan. */
  readonly faults?: FaultyAnswers | undefined;
}

export function serveModbusRtu(link: Link, units: Units, clock: Clock, options: RtuOptions = {}): void {
  const gap = options.baud === undefined ? 0 : frameGapMs(options.baud);
  const turnaround = turnaroundMs(options.baud);
  const pauseMs = options.baud === undefined ? limits.peers.frameMs : 0;
  let pending: Uint8Array = new Uint8Array(0);
  /** What an answer brings about at once comes while requests are worked off. */
  let consuming = false;
  /** Bytes that were no frame have been counted, and no good frame has come since. */
  let noisy = false;
  let silence: Cancel = () => {};
  /** When the first byte of what is pending came. */
  let began = 0;
  /** Bytes of answers that wait for the line's silence. */
  let waiting = 0;

  const answerRequest = (bytes: Uint8Array, from: number, length: number): void => {
    const address = bytes[from] ?? 0;
    const out = new Uint8Array(ANSWER_ROOM + 3);
    const end = from + length - 2;
    if (address === BROADCAST) {
      for (const unit of units.all()) answer(unit, bytes, from + 1, end, out, 1);
      return;
    }
    const unit = units.find(address);
    if (unit === undefined || unit.silent === true) return;
    const wait = Math.max(turnaround, options.answerDelayMs?.(address) ?? 0);
    if (options.faults !== undefined && !options.faults.idle) {
      const pdu = bytes.slice(from + 1, end);
      const answered = (): Uint8Array | undefined => {
        const size = answer(unit, pdu, 0, pdu.length, out, 1);
        return size === 0 ? undefined : out.slice(1, 1 + size);
      };
      options.faults.answer({ unit: address, pdu, answer: answered, frame: (made) => frame(address, made) }, wait);
      return;
    }
    const size = answer(unit, bytes, from + 1, end, out, 1);
    if (size === 0) return;
    out[0] = address;
    seal(out, size + 1);
    const response = out.subarray(0, size + 3);
    if (wait === 0) link.send(response);
    // On a line that asks faster than it may be answered, what is too much is lost, as it is on a meter.
    else if (waiting + response.length <= limits.peers.turnaround) {
      waiting += response.length;
      clock.after(wait, () => {
        waiting -= response.length;
        link.send(response);
      });
    }
  };

  /** Takes whole frames from the front of what is pending; `quiet` says that nothing more will follow soon. */
  const consume = (quiet: boolean): void => {
    let from = 0;
    consuming = true;
    /** A frame begins here: after silence, or after another one. */
    let aligned = true;
    /** What came last of this is no frame. */
    let misread = false;
    while (pending.length - from >= MIN_FRAME) {
      const asRequest = requestAt(pending, from);
      const asResponse = asRequest > 0 ? 0 : frameAt(pending, from, responseLength);
      if (asRequest > 0 || asResponse > 0) {
        noisy = misread = false;
        aligned = true;
        if (asRequest > 0) answerRequest(pending, from, asRequest);
        from += Math.max(asRequest, asResponse);
        continue;
      }
      // What lies between two silences and has its CRC is a frame, whatever its function and however long it should be.
      const whole = quiet && aligned ? unknownLength(pending, from) : 0;
      if (whole > 0) {
        noisy = misread = false;
        answerRequest(pending, from, whole);
        from += whole;
        continue;
      }
      if (!quiet && (maybeMore(pending, from) || (aligned && !framesAfter(pending, from)))) break;
      // Noise, or a frame with a wrong CRC: look for the next frame one byte on.
      if (!noisy) for (const unit of units.all()) unit.more?.diagnostics.error();
      noisy = true;
      misread = true;
      aligned = false;
      from++;
    }
    consuming = false;
    // What is left when the line is quiet is too little for a frame.
    if (misread || (quiet && from < pending.length)) options.misunderstood?.();
    pending = quiet ? pending.slice(pending.length) : pending.slice(from);
    // What can be no frame any more must not grow.
    if (pending.length > 4 * MAX_FRAME) pending = pending.slice(-MAX_FRAME);
  };

  link.receive((chunk) => {
    silence();
    pending = joined(pending, chunk);
    if (consuming) return;
    consume(false);
    if (pending.length <= chunk.length) began = clock.elapsed();
    if (pending.length === 0) return;
    const lump = Math.max(gap, LUMP_MS);
    const left = options.frameTimeoutMs === undefined ? pauseMs : began + options.frameTimeoutMs() - clock.elapsed();
    silence = clock.after(lump, () => {
      // A part of a frame waits for the rest; what is whole, whatever its function, does not, nor what a good frame ends.
      const whole = unknownLength(pending, 0) === pending.length || framesAfter(pending, 0, pending.length);
      if (left <= lump || whole) consume(true);
      else silence = clock.after(left - lump, () => consume(true));
    });
  });
  link.closed(() => silence());
}

type Predict = typeof requestLength;

/** A request with too much in it is a frame, and is refused. */
function longest(predict: Predict): number {
  return predict === responseLength ? MAX_FRAME : LONGEST_REQUEST;
}

/** The length of the request that begins here and has its CRC; 0 when none does. */
function requestAt(bytes: Uint8Array, from: number): number {
  return frameAt(bytes, from, requestLength) || frameAt(bytes, from, longWriteLength);
}

/** The length of the frame of a kind that begins here and has its CRC; 0 when none does. */
function frameAt(bytes: Uint8Array, from: number, predict: Predict): number {
  const length = predict(bytes, from, bytes.length);
  const whole = length > 0 && length <= longest(predict) && from + length <= bytes.length;
  return whole && crcHolds(bytes, from, length) ? length : 0;
}

/** Whether what begins here may be a frame of which more is to come. */
function maybeMore(bytes: Uint8Array, from: number): boolean {
  return [requestLength, longWriteLength, responseLength].some((predict) => {
    const length = predict(bytes, from, bytes.length);
    return length === 0 || (length > 0 && length <= longest(predict) && from + length > bytes.length);
  });
}

/** Whether a good frame begins further on, one that ends at `end` where that is said: then what is here is none. */
function framesAfter(bytes: Uint8Array, from: number, end?: number): boolean {
  for (let at = from + 1; at + MIN_FRAME <= bytes.length; at++) {
    const length = requestAt(bytes, at) || frameAt(bytes, at, responseLength);
    if (length > 0 && (end === undefined || at + length === end)) return true;
  }
  return false;
}

/** A frame of which nothing else is known ends where its CRC holds; 0 when it does nowhere. */
function unknownLength(bytes: Uint8Array, from: number): number {
  const most = Math.min(MAX_FRAME, bytes.length - from);
  for (let length = most; length >= MIN_FRAME; length--) if (crcHolds(bytes, from, length)) return length;
  return 0;
}
