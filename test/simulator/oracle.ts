/**
 * Remembers every change that was acknowledged and every value that was handed out, and holds what the site says against it. It
 * knows what people asked, what they were answered and how much time went by, and nothing of how the site works.
 *
 * A change is asked, and then acknowledged, refused, or never answered, because the process ended first: then both are right, until
 * somebody sees which. When a bit of the journal flipped, the changes of that one record may be gone, too (`damaged`).
 */
import { hold } from "./violation.ts";

/** When something is asked, answered and seen. */
export interface Moment {
  /** Writes to the disk so far: what tells whether a change can have been in a record. */
  readonly write: number;
  /** The site's time, which people's settings of a meter's clock do not move. */
  readonly utc: number;
  /** The site says that it can keep nothing: what it hands out then it may take back when it ends before it can again. */
  readonly isTroubled: boolean;
}

type Outcome = "asked" | "acknowledged" | "refused";

/** One change that somebody asked for. */
export class Change<T> {
  readonly value: T;
  readonly #now: Moment;
  readonly #asked: number;
  #ended = Infinity;
  #isOpen = false;
  outcome: Outcome = "asked";
  /** Its record was damaged while nobody looked. */
  damaged = false;

  constructor(value: T, now: Moment) {
    this.value = value;
    this.#now = now;
    this.#asked = now.write;
  }

  acknowledged(): void {
    this.#end("acknowledged");
  }

  refused(): void {
    this.#end("refused");
  }

  /** It is not there, whatever became of it. */
  withdrawn(): void {
    this.outcome = "refused";
  }

  #end(outcome: Outcome): void {
    if (this.outcome !== "asked") return;
    this.outcome = outcome;
    this.#ended = this.#now.write;
  }

  /** It takes effect some time after it is acknowledged: the record of that comes until `carriedOut` is said. */
  comesLater(): void {
    this.#isOpen = true;
  }

  carriedOut(): void {
    // What cannot be kept yet is in the record after that.
    if (this.#now.isTroubled) return;
    this.#isOpen = false;
    this.#ended = this.#now.write;
  }

  /** Whether it can have been in the record that was written then. */
  wasIn(write: number): boolean {
    return this.#asked < write && (this.#isOpen || write <= this.#ended);
  }
}

interface Claim {
  /** The record that was written then is damaged. */
  damaged(write: number): void;
}

/** What has one value at a time, which people change: a setting, a part of the configuration, a mark, a password. */
export class Fact<T> implements Claim {
  readonly #name: string;
  readonly #now: Moment;
  /** Oldest first; the first is what it was in the beginning. */
  #changes: Change<T>[];

  constructor(name: string, now: Moment, initial: T) {
    this.#name = name;
    this.#now = now;
    const first = new Change(initial, now);
    first.acknowledged();
    this.#changes = [first];
  }

  ask(value: T): Change<T> {
    const change = new Change(value, this.#now);
    this.#changes.push(change);
    return change;
  }

  /** Whether nobody has ever asked for another. */
  get isFirst(): boolean {
    return this.#changes.length === 1;
  }

  /** What it may be now. */
  get possible(): readonly T[] {
    const values: T[] = [];
    for (const change of this.#changes.toReversed()) {
      if (change.outcome === "refused") continue;
      values.push(change.value);
      if (change.outcome === "acknowledged" && !change.damaged) break;
    }
    return values;
  }

  /** Somebody saw it: from here on it is that. */
  saw(value: T): void {
    const { possible } = this;
    hold(
      possible.includes(value),
      () => `${this.#name} is ${String(value)}; expected ${possible.map(String).join(" or ")}`,
    );
    if (this.#now.isTroubled) return;
    const at = this.#changes.findLastIndex((change) => change.value === value && change.outcome !== "refused");
    for (const later of this.#changes.splice(at + 1)) later.refused();
    const seen = this.#changes.at(-1);
    seen?.acknowledged();
    if (seen !== undefined) seen.damaged = false;
  }

  damaged(write: number): void {
    for (const change of this.#changes.slice(1)) if (change.wasIn(write)) change.damaged = true;
  }
}

/** Marks that changes leave and nobody takes back: entries of a log, resets that a register counts. */
export class Tally implements Claim {
  readonly #name: string;
  readonly #now: Moment;
  readonly #changes: Change<undefined>[] = [];

  constructor(name: string, now: Moment) {
    this.#name = name;
    this.#now = now;
  }

  ask(): Change<undefined> {
    const change = new Change(undefined, this.#now);
    this.#changes.push(change);
    return change;
  }

  saw(count: number): void {
    const open = this.#changes.filter(({ outcome }) => outcome !== "refused");
    const doubtful = open.filter(({ outcome, damaged }) => outcome !== "acknowledged" || damaged);
    const [least, most] = [open.length - doubtful.length, open.length];
    hold(
      count >= least && count <= most,
      () => `${this.#name}: ${count}; expected ${least === most ? least : `${least} to ${most}`}`,
    );
    if (this.#now.isTroubled) return;
    // Which of those in doubt it was does not matter: so many are there.
    doubtful.forEach((change, k) => {
      if (k >= count - least) return change.withdrawn();
      change.acknowledged();
      change.damaged = false;
    });
  }

  damaged(write: number): void {
    for (const change of this.#changes) if (change.wasIn(write)) change.damaged = true;
  }
}

/** A member of a series, as somebody read it. */
export interface Member {
  readonly sequence: number;
  /** When it was over, UTC. */
  readonly utc: number;
  /** All that it says. */
  readonly text: string;
  /** How often it has happened: what repeats grows into one entry. */
  readonly times?: number;
}

/** A meter's calculation cycle and its answer: by so much its time is another than the site's, if nobody has set it. */
const CLOCK_SLACK_MS = 2000;

/** What is known of one that was read. */
interface Known extends Member {
  /** Of a meter whose clock was set its time tells nothing: it happened between the look before and the one that found it. */
  readonly between?: { readonly from: number; readonly to: number };
}

/** Records, entries, self reads: what was read of them stays, each as it was. */
export class Series {
  readonly #name: string;
  readonly #now: Moment;
  readonly #members = new Map<number, Known>();
  #next = 0;
  /** When it was looked at last. */
  #lookedAt = -Infinity;
  /** Members of these stretches may be gone. */
  readonly #damaged: { readonly from: number; readonly to: number }[] = [];

  constructor(name: string, now: Moment) {
    this.#name = name;
    this.#now = now;
  }

  /** All that there is from the first that was asked for on; `next` where the answer says it. */
  saw(members: readonly Member[], from: number, next = (members.at(-1)?.sequence ?? from - 1) + 1): void {
    const found = new Map(members.map((member) => [member.sequence, member]));
    for (const [sequence, known] of this.#members) {
      if (sequence < from) continue;
      const member = found.get(sequence);
      if (member === undefined) {
        hold(this.#mayBeGone(known), () => `${this.#name}: ${sequence} is gone: ${known.text}`);
        this.#members.delete(sequence);
      } else {
        const same = member.text === known.text && (member.times ?? 1) >= (known.times ?? 1);
        hold(
          same || this.#mayBeGone(known),
          () =>
            `${this.#name}: ${sequence} was ${known.times ?? 1} x ${known.text}, is ${member.times ?? 1} x ${member.text}`,
        );
      }
    }
    hold(
      next >= this.#next || this.#damaged.length > 0,
      () => `${this.#name}: the next is ${next} and was ${this.#next}`,
    );
    if (this.#now.isTroubled) return;
    this.#next = next;
    for (const member of members) this.#members.set(member.sequence, this.#known(member));
    this.#lookedAt = this.#now.utc;
  }

  #known(member: Member): Known {
    const { between } = this.#members.get(member.sequence) ?? {};
    if (between !== undefined) return { ...member, between };
    if (this.#members.has(member.sequence)) return member;
    const { utc } = this.#now;
    const isRight = member.utc >= this.#lookedAt - CLOCK_SLACK_MS && member.utc <= utc + CLOCK_SLACK_MS;
    return isRight ? member : { ...member, between: { from: this.#lookedAt, to: utc } };
  }

  #mayBeGone({ utc, between = { from: utc, to: utc } }: Known): boolean {
    return this.isDoubtful(between.from, between.to);
  }

  /** Whether something that happened in this stretch may be gone. */
  isDoubtful(from: number, to: number): boolean {
    return this.#damaged.some((one) => one.from <= to && one.to >= from);
  }

  /** A record with what happened in this stretch is damaged. */
  damaged(from: number, to: number): void {
    this.#damaged.push({ from, to });
  }

  get known(): readonly Member[] {
    return [...this.#members.values()].toSorted((a, b) => a.sequence - b.sequence);
  }
}

/** What an energy register may be: so much more or less than what has flowed, and never less than somebody has read. */
interface Guess {
  /** What it would be had nothing flowed since the beginning of all. */
  least: number;
  most: number;
  /** Nobody takes back what was handed out. */
  floor: number;
  readonly change: Change<number>;
}

/** Energy that has flowed while the process ran, by the arithmetic of the source, Wh. */
export interface Flow {
  readonly total: number;
  /** At what flows now. */
  during(seconds: number): number;
}

export interface EnergyOptions {
  readonly flow: Flow;
  /** How old a reading may be: the calculation cycle, s. */
  readonly lag: number;
}

/** Of sums of floating-point numbers, Wh. */
const ROUNDING = 0.02;

export class Energy implements Claim {
  readonly #name: string;
  readonly #now: Moment;
  readonly #options: EnergyOptions;
  /** The last is what was asked last. */
  readonly #guesses: Guess[] = [];

  constructor(name: string, now: Moment, options: EnergyOptions) {
    this.#name = name;
    this.#now = now;
    this.#options = options;
    this.preset(0, 0).acknowledged();
  }

  /** Somebody gives it a value; so much may flow until he has an answer. */
  preset(value: number, slack: number): Change<number> {
    const change = new Change(value, this.#now);
    const base = value - this.#options.flow.total;
    this.#guesses.push({ least: base - slack, most: base, floor: value, change });
    return change;
  }

  /** For a moment so much could have been counted more, or less: what flows has changed within a calculation cycle. */
  blurred(energy: number): void {
    for (const guess of this.#guesses) {
      guess.least -= energy;
      guess.most += energy;
    }
  }

  /** Energy that need not have been kept, because the process ended, or had not begun to measure. */
  lost(energy: number): void {
    for (const guess of this.#guesses) guess.least -= energy;
  }

  /** Somebody has read it; what is read is cut, or as exact as `resolution`. */
  saw(value: number, resolution: number): void {
    const { flow, lag } = this.#options;
    const { total } = flow;
    const [low, high] = [value - ROUNDING, value + resolution + ROUNDING];
    const late = flow.during(lag);
    const guesses = this.#inQuestion();
    const right = guesses.filter(
      ({ least, most, floor }) => high + late >= least + total && low <= most + total && high >= floor,
    );
    hold(right.length > 0, () => {
      const words = guesses.map(
        ({ least, most, floor }) => `${least + total} to ${most + total}, and ${floor} or more as it was read before`,
      );
      return `${this.#name} is ${value}; expected ${words.join("; or ")}`;
    });
    if (this.#now.isTroubled) return;
    for (const guess of right) {
      guess.least = Math.max(guess.least, low - total);
      guess.most = Math.min(guess.most, high + late - total);
      guess.floor = Math.max(guess.floor, value);
    }
    for (const guess of guesses) if (!right.includes(guess)) guess.change.refused();
    const [only, other] = right;
    if (other !== undefined || only === undefined) return;
    only.change.acknowledged();
    only.change.damaged = false;
  }

  /** From the last value that it was given for sure on. */
  #inQuestion(): readonly Guess[] {
    const open = this.#guesses.filter(({ change }) => change.outcome !== "refused");
    const sure = open.findLastIndex(({ change }) => change.outcome === "acknowledged" && !change.damaged);
    return open.slice(Math.max(0, sure));
  }

  damaged(write: number): void {
    for (const { change } of this.#guesses.slice(1)) if (change.wasIn(write)) change.damaged = true;
  }

  /** Somebody may have read what a damaged record knew: so much may be taken back. */
  back(energy: number): void {
    for (const guess of this.#guesses) {
      guess.least -= energy;
      guess.floor -= energy;
    }
  }
}
