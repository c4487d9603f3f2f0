/** What a person enters on the LCD: digits one after the other, of which one flashes, or one of several words. */

export interface Entry {
  readonly text: string;
  /** The character that flashes. */
  readonly flashes: number | undefined;
  readonly value: number;
  /** Somebody has changed it, whatever it is now. */
  readonly isTouched: boolean;
  /** + and -. */
  step(by: 1 | -1): void;
  /** To the digit on the right, or on the left; false where there is none. */
  move(by: 1 | -1): boolean;
  /** Back to its first digit. */
  again(): void;
}

export interface DigitFormat {
  readonly digits: number;
  /** Of them, behind the point. */
  readonly decimals: number;
  /** Whether `value` is what the digits say without their point. */
  readonly isWhole: boolean;
}

/** Each digit goes from 0 to 9 and round; whether the number is one that is taken is asked when it is left. */
export class DigitEntry implements Entry {
  readonly #digits: number[];
  readonly #format: DigitFormat;
  #at = 0;
  isTouched = false;

  constructor(value: number, format: DigitFormat) {
    this.#format = format;
    const { digits, decimals, isWhole } = format;
    const number = Math.round(value * (isWhole ? 1 : 10 ** decimals));
    this.#digits = Array.from(String(number).padStart(digits, "0").slice(-digits), Number);
  }

  get value(): number {
    const number = Number(this.#digits.join(""));
    return this.#format.isWhole ? number : number / 10 ** this.#format.decimals;
  }

  /** The digits as they stand. */
  get digits(): string {
    return this.#digits.join("");
  }

  get text(): string {
    const { decimals, digits } = this.#format;
    if (decimals === 0) return this.digits;
    const before = this.digits.slice(0, digits - decimals);
    return `${before === "" ? "0" : before}.${this.digits.slice(digits - decimals)}`;
  }

  get flashes(): number {
    const { digits, decimals } = this.#format;
    const before = digits - decimals;
    if (this.#at < before) return this.#at;
    return this.#at + 1 + (before === 0 ? 1 : 0);
  }

  step(by: 1 | -1): void {
    const digit = this.#digits[this.#at];
    if (digit === undefined) return;
    this.#digits[this.#at] = (digit + 10 + by) % 10;
    this.isTouched = true;
  }

  move(by: 1 | -1): boolean {
    const to = this.#at + by;
    if (to < 0 || to >= this.#digits.length) return false;
    this.#at = to;
    return true;
  }

  again(): void {
    this.#at = 0;
  }
}

export interface Choices {
  readonly words: readonly (readonly [value: number, text: string])[];
  /** They have two ends; one goes down no further than the next. Otherwise after the last comes the first. */
  readonly isScale: boolean;
  /** Whether the meter would take a value now. */
  readonly takes: (value: number) => boolean;
}

/** Only what the meter takes can be chosen. */
export class ChoiceEntry implements Entry {
  readonly #choices: Choices;
  readonly flashes = undefined;
  #at: number;
  isTouched = false;

  constructor(value: number, choices: Choices) {
    this.#choices = choices;
    this.#at = Math.max(
      0,
      choices.words.findIndex(([one]) => one === value),
    );
  }

  get value(): number {
    return this.#choices.words[this.#at]?.[0] ?? NaN;
  }

  get text(): string {
    return this.#choices.words[this.#at]?.[1] ?? "";
  }

  /** "When moving up to a larger energy, the meter will jump to the first value where it can find a valid solution." */
  step(by: 1 | -1): void {
    const { words, isScale, takes } = this.#choices;
    const { length } = words;
    for (let k = 1; k < length; k++) {
      const to = this.#at + k * by;
      if (isScale && (to < 0 || to >= length || (by < 0 && k > 1))) return;
      const index = (to + length * k) % length;
      const [value] = words[index] ?? [];
      if (value === undefined || !takes(value)) continue;
      this.#at = index;
      this.isTouched = true;
      return;
    }
  }

  move(_by: 1 | -1): boolean {
    return false;
  }

  again(): void {}
}
