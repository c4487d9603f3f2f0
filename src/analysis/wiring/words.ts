/** What the wiring check says to a technician, in a language: what is wrong, what to change, and what cannot be told. */
import type { Phase } from "#quantity/quantity.ts";
import { filled, type Language, type Text } from "#quantity/text.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import type { Mistake } from "./mistake.ts";
import { detailTexts, mistakeTexts, placeTexts, serviceTexts, untoldTexts, verdictTexts } from "./texts.ts";
import { certaintyOf, SURE, type Explanation, type WiringCheck } from "./wiring-check.ts";

export interface ToldMistake {
  readonly wrong: string;
  readonly change: string;
}

export interface ToldExplanation {
  /** "99 %". */
  readonly probability: string;
  /** None where all is right. */
  readonly mistakes: readonly ToldMistake[];
  /** How its loads would be. */
  readonly loads: string;
  /** Other connections that measure the same. */
  readonly same: readonly string[];
}

export interface ToldWiring {
  readonly verdict: string;
  readonly explanations: readonly ToldExplanation[];
  readonly untold: readonly string[];
}

/** Explanations that are told, and others of the same measurement, of those that are likely enough to matter. */
const MOST_TOLD = 6;
const MOST_SAME = 3;
const LEAST_SAME = 0.005;

export function toldWiring(check: WiringCheck, language: Language): ToldWiring {
  return new Teller(language).told(check);
}

interface Told {
  readonly system: WiringName;
  readonly ratio?: number | undefined;
}

const name = (phase: Phase | undefined): string => (phase ?? "a").toUpperCase();

/** How sure it is that nothing but a ratio of current transformers can be wrong. */
function ratiosAside(explanations: readonly Explanation[]): number {
  if (explanations[0]?.mistakes.length !== 0) return 0;
  return explanations
    .filter(({ mistakes }) => mistakes.every(({ kind }) => kind === "ampsRatio"))
    .reduce((sum, { probability }) => sum + probability, 0);
}

/** A factor of the square root of three has a cause of its own. */
function isRootOfThree(ratio: number | undefined): boolean {
  return Math.abs(Math.abs(Math.log(ratio ?? 1)) - Math.log(3) / 2) < 0.06;
}

class Teller {
  readonly #language: Language;

  constructor(language: Language) {
    this.#language = language;
  }

  told(check: WiringCheck): ToldWiring {
    const { system, explanations, untold } = check;
    return {
      verdict: this.#verdict(check),
      explanations: explanations.slice(0, MOST_TOLD).map((one) => this.#explanation(one, system)),
      untold: untold.map((one) => this.#say(untoldTexts[one])),
    };
  }

  /** "99 %", and never 100 where there is something else. */
  #percent(part: number): string {
    if (part >= 0.9995) return this.#say(detailTexts.almostAll);
    return `${this.#number((100 * part).toFixed(part < 0.1 || part > 0.985 ? 1 : 0))} %`;
  }

  #say(text: Text, values?: Readonly<Record<string, string>>): string {
    return filled(text, this.#language, values);
  }

  #number(text: string): string {
    return this.#language === "de" ? text.replace(".", ",") : text;
  }

  #verdict(check: WiringCheck): string {
    const { verdict, explanations, untold } = check;
    const [first] = explanations;
    const sureOf = (part: number): string => this.#say(verdictTexts.sure, { percent: this.#percent(part) });
    const sure = sureOf(certaintyOf(explanations));
    const alone = this.#verdictText(check);
    if (alone === verdictTexts.ratioOpen) return this.#say(alone, { sure: sureOf(ratiosAside(explanations)) });
    const turns = verdict === "right" || (verdict === "unknown" && !untold.includes("noVolts") && first !== undefined);
    const backward = turns && first?.rotation === "acb" ? ` ${this.#say(verdictTexts.backward)}` : "";
    return `${this.#say(alone, { sure })}${backward}`;
  }

  #verdictText({ verdict, explanations, untold }: WiringCheck): Text {
    switch (verdict) {
      case "right":
        return verdictTexts.right;
      case "wrong":
        return verdictTexts.wrong;
      case "ambiguous":
        return ratiosAside(explanations) >= SURE && !untold.includes("unusualLoad")
          ? verdictTexts.ratioOpen
          : verdictTexts.several;
      case "unknown":
        if (untold.includes("noVolts")) return verdictTexts.noVoltage;
        return explanations[0] === undefined ? verdictTexts.unexplained : verdictTexts.voltsOnly;
    }
  }

  #explanation(one: Explanation, system: WiringName): ToldExplanation {
    const { probability, mistakes, rotation, others, ratio } = one;
    return {
      probability: this.#percent(probability),
      mistakes: mistakes.map((mistake) => this.#mistake(mistake, { system, ratio })),
      loads: this.#loads(one, system),
      same: others
        .filter((way) => way.probability >= LEAST_SAME && !(way.mistakes.length === 0 && way.rotation === rotation))
        .slice(0, MOST_SAME)
        .map((way) => this.#way(way, system)),
    };
  }

  #way({ mistakes, rotation }: Pick<Explanation, "mistakes" | "rotation">, system: WiringName): string {
    const said = mistakes.map((mistake) => this.#mistake(mistake, { system }).wrong);
    const turns = rotation === "acb" ? [this.#say(detailTexts.turns)] : [];
    return [...said, ...turns].join(" ") || this.#say(detailTexts.allRight);
  }

  /** "A 0.92 lagging" of each current. */
  #loads({ lags }: Explanation, system: WiringName): string {
    const said = wiringOf(system).currents.flatMap((phase, k) => {
      const lag = lags[k];
      if (lag === null || lag === undefined) return [];
      const factor = Math.cos((lag * Math.PI) / 180);
      const { unity, lagging, leading } = detailTexts;
      const text = Math.abs(factor) > 0.995 ? unity : lag * factor > 0 ? lagging : leading;
      const words = this.#say(text, { phase: name(phase), factor: this.#number(Math.abs(factor).toFixed(2)) });
      return [factor < 0 ? this.#say(detailTexts.toSupply, { factor: words }) : words];
    });
    return said.length === 0 ? "" : this.#say(detailTexts.factors, { list: said.join(", ") });
  }

  #list(phases: readonly Phase[]): string {
    const names = phases.map(name);
    if (names.length < 2) return names.join("");
    return `${names.slice(0, -1).join(", ")} ${this.#say(detailTexts.and)} ${names.at(-1)}`;
  }

  /** Which voltage transformer: of a meter without a neutral they are from line to line. */
  #which(phase: Phase | undefined, system: WiringName): string {
    if (wiringOf(system).ln.length > 0) return this.#say(detailTexts.of, { phase: name(phase) });
    return this.#say(detailTexts.fromTo, { from: phase === "c" ? "C" : "A", to: "B" });
  }

  #mistake({ kind, phases, service }: Mistake, { system, ratio }: Told): ToldMistake {
    const factor = ratio === undefined ? undefined : { factor: this.#number(ratio.toPrecision(3)) };
    const values = {
      first: name(phases[0]),
      second: name(phases[1]),
      list: this.#list(phases),
      which: this.#which(phases[0], system),
      off: factor === undefined ? this.#say(placeTexts.off) : this.#say(placeTexts.offBy, factor),
      by: factor === undefined ? "" : this.#say(placeTexts.by, factor),
      hint: isRootOfThree(ratio) ? this.#say(placeTexts.hint) : "",
    };
    const { wrong, change } =
      kind === "service"
        ? serviceTexts[service ?? "corner-grounded delta"]
        : kind === "reversedAmps" && phases.length > 1
          ? mistakeTexts.allReversedAmps
          : mistakeTexts[kind];
    return { wrong: this.#say(wrong, values), change: this.#say(change, values) };
  }
}
