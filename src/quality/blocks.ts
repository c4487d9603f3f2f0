/**
 * Gathers half cycles into blocks of 10 cycles (50 Hz) or 12 (60 Hz): one after the other without gap, and begun anew at the
 * first cycle after each ten minutes of UTC, where the block under way runs to its end and overlaps the new one (IEC 61000-4-30,
 * 4.4 and 4.5). A block is whole cycles that follow one another, or it is given up: nothing is spliced.
 */
import { type GridHalf, hasFundamental } from "#metrology/grid-half.ts";

/** Why a block was given up. */
export type GivenUp =
  /** Samples were missing in all channels: the source has a gap. */
  | "gap"
  /** The phase jumped, and the windows were aligned to it anew. */
  | "realigned"
  /** No fundamental of the meter's range is known: there are no cycles that a block could be of. */
  | "frequency"
  /** The source ended, or stopped, within it. */
  | "ended";

const TEN_MINUTES = 600_000;

/** How many half cycles a block waits before it is handed out: a voltage of one cycle that began in it may be known that much later. */
const WAIT = 2;

/** Times that differ by less are one, seconds. */
const ROUNDING = 1e-6;

/** One block. What is handed out is overwritten by later ones. */
export class Block {
  /** Seconds on the source's clock at which it begins, and its length. */
  at = NaN;
  seconds = 0;
  /** Milliseconds since 1970 at which it begins; NaN where that is not known. */
  utc = NaN;
  /** It is the first one after ten minutes of UTC, or after an interruption: intervals begin with it. */
  resync = false;
  /** Where in the rings its first instant lies. */
  from = 0;
  /** Bit c is set where channel c is not valid in it. */
  missing = 0;
  harmonicLimit = 0;
  /** A dip, a swell or an interruption was in it. */
  flagged = false;
  halves = 0;
  /** Half cycles that it has waited since it ended. */
  waited = 0;

  begin(half: GridHalf, utc: number, resync: boolean): void {
    this.at = half.at;
    this.utc = utc;
    this.resync = resync;
    this.from = half.from;
    this.seconds = this.missing = this.halves = this.waited = 0;
    this.harmonicLimit = Infinity;
    this.flagged = false;
  }

  add(half: GridHalf): void {
    this.halves++;
    this.seconds += half.seconds;
    this.missing |= half.missing;
    this.harmonicLimit = Math.min(this.harmonicLimit, half.harmonicLimit);
  }
}

/** Who wants blocks. */
export interface BlockTaker {
  /** A block has just ended: its instants are still in the rings. */
  measure(block: Block, half: GridHalf): void;
  /** All is known of the block that was measured last, its flag too. */
  take(block: Block): void;
  /** A block that had begun at `at` seconds was given up. */
  giveUp(block: Block, why: GivenUp): void;
}

export class Blocks {
  readonly #needed: number;
  readonly #utc: (at: number) => number;
  readonly #taker: BlockTaker;
  /** The block under way, the one before it that overlaps it, and the one that has ended and waits; and a spare. */
  #current: Block | undefined;
  #old: Block | undefined;
  #ended: Block | undefined;
  readonly #free: Block[] = Array.from({ length: 4 }, () => new Block());
  /** Of the cycle that began last: in which ten minutes of UTC. */
  #tick = NaN;
  #resync = true;

  /** `utc` says what time a second on the source's clock is; NaN where nobody knows. */
  constructor(cycles: 10 | 12, utc: (at: number) => number, taker: BlockTaker) {
    this.#needed = 2 * cycles;
    this.#utc = utc;
    this.#taker = taker;
  }

  half(half: GridHalf): void {
    if (!half.joined) this.#break("gap");
    else if (!hasFundamental(half.lock)) this.#break("frequency");
    else if (half.uneven) this.#break("realigned");
    this.#age();
    if (half.uneven || !hasFundamental(half.lock)) return;
    if (half.index % 2 === 0) this.#beginCycle(half);
    this.#old?.add(half);
    this.#current?.add(half);
    if (this.#old?.halves === this.#needed) {
      this.#end(this.#old, half);
      this.#old = undefined;
    } else if (this.#current?.halves === this.#needed) {
      this.#end(this.#current, half);
      this.#current = undefined;
    }
  }

  /** Says that the voltage was disturbed from one time to another (seconds on the source's clock). */
  disturb(from: number, to: number): void {
    for (const block of [this.#current, this.#old, this.#ended]) {
      if (block === undefined || to <= block.at + ROUNDING) continue;
      if (block !== this.#ended || from < block.at + block.seconds - ROUNDING) block.flagged = true;
    }
  }

  /** Says that nothing more comes for now. */
  finish(): void {
    this.#break("ended");
  }

  /** A block begins where there is none under way, and with the first cycle after each ten minutes of UTC. */
  #beginCycle(half: GridHalf): void {
    const utc = this.#utc(half.at);
    const tick = Math.floor(utc / TEN_MINUTES);
    const isTick = tick !== this.#tick && !Number.isNaN(tick) && !Number.isNaN(this.#tick);
    this.#tick = tick;
    if (isTick) {
      if (this.#old !== undefined) this.#giveUp(this.#old, "realigned");
      this.#old = this.#current;
      this.#current = undefined;
      this.#resync = true;
    }
    if (this.#current !== undefined) return;
    this.#current = this.#free.pop();
    this.#current?.begin(half, utc, this.#resync);
    this.#resync = false;
  }

  #end(block: Block, half: GridHalf): void {
    // Two blocks end at least a cycle apart: the one before has been handed out.
    this.#ended = block;
    this.#taker.measure(block, half);
  }

  #age(): void {
    const block = this.#ended;
    if (block === undefined || ++block.waited < WAIT) return;
    this.#handOut(block);
  }

  #handOut(block: Block): void {
    this.#ended = undefined;
    this.#taker.take(block);
    this.#free.push(block);
  }

  #giveUp(block: Block, why: GivenUp): void {
    this.#taker.giveUp(block, why);
    this.#free.push(block);
  }

  #break(why: GivenUp): void {
    if (this.#ended !== undefined) this.#handOut(this.#ended);
    for (const block of [this.#old, this.#current]) if (block !== undefined) this.#giveUp(block, why);
    this.#old = this.#current = undefined;
    this.#resync = true;
    this.#tick = NaN;
  }
}
