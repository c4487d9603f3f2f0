/** What the wiring check says to a technician: what is wrong, what to change, and what cannot be told. */
import type { Phase } from "#quantity/quantity.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import type { Mistake, Service } from "./mistake.ts";
import { certaintyOf, SURE, type Explanation, type Untold, type WiringCheck } from "./wiring-check.ts";

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

export function toldWiring(check: WiringCheck): ToldWiring {
  const { system, explanations, untold } = check;
  return {
    verdict: verdictWords(check),
    explanations: explanations.slice(0, MOST_TOLD).map((one) => toldExplanation(one, system)),
    untold: untold.map((one) => untoldWords[one]),
  };
}

function verdictWords(check: WiringCheck): string {
  const { verdict, explanations, untold } = check;
  const [first] = explanations;
  const sure = `${percent(certaintyOf(explanations))} sure`;
  const backward = first?.rotation === "acb" ? " The phases follow each other as A, C, B." : "";
  switch (verdict) {
    case "right":
      return `The wiring is right (${sure}).${backward}`;
    case "wrong":
      return `The wiring is wrong (${sure}).`;
    case "ambiguous":
      return ratiosAside(explanations) >= SURE && !untold.includes("unusualLoad")
        ? `What is connected where is right (${percent(ratiosAside(explanations))} sure); whether a current transformer has another ratio is open.`
        : "What is measured can be explained in several ways.";
    case "unknown":
      if (untold.includes("noVolts")) return "Nothing can be told: there is no voltage.";
      return first === undefined
        ? "Nothing that is known explains what is measured."
        : `The voltages are right (${sure}); of the currents nothing can be told.${backward}`;
  }
}

/** How sure it is that nothing but a ratio of current transformers can be wrong. */
function ratiosAside(explanations: readonly Explanation[]): number {
  if (explanations[0]?.mistakes.length !== 0) return 0;
  return explanations
    .filter(({ mistakes }) => mistakes.every(({ kind }) => kind === "ampsRatio"))
    .reduce((sum, { probability }) => sum + probability, 0);
}

function toldExplanation(one: Explanation, system: WiringName): ToldExplanation {
  const { probability, mistakes, rotation, others, ratio } = one;
  return {
    probability: percent(probability),
    mistakes: mistakes.map((mistake) => toldMistake(mistake, { system, ratio })),
    loads: loadWords(one, system),
    same: others
      .filter((way) => way.probability >= LEAST_SAME && !(way.mistakes.length === 0 && way.rotation === rotation))
      .slice(0, MOST_SAME)
      .map((way) => wayWords(way, system)),
  };
}

function wayWords({ mistakes, rotation }: Pick<Explanation, "mistakes" | "rotation">, system: WiringName): string {
  const said = mistakes.map((mistake) => toldMistake(mistake, { system }).wrong);
  const turns = rotation === "acb" ? ["The phases of the service follow each other as A, C, B."] : [];
  return [...said, ...turns].join(" ") || "All is right.";
}

/** "0.92 lagging" of each current. */
function loadWords({ lags }: Explanation, system: WiringName): string {
  const { currents } = wiringOf(system);
  const said = currents.flatMap((phase, k) => {
    const lag = lags[k];
    if (lag === null || lag === undefined) return [];
    const factor = Math.cos((lag * Math.PI) / 180);
    const side = Math.abs(factor) > 0.995 ? "" : lag * factor > 0 ? " lagging" : " leading";
    return [`${phase.toUpperCase()} ${Math.abs(factor).toFixed(2)}${side}${factor < 0 ? " to the supply" : ""}`];
  });
  return said.length === 0 ? "" : `Power factors: ${said.join(", ")}`;
}

/** "99 %", and never 100 where there is something else. */
export function percent(part: number): string {
  if (part >= 0.9995) return "more than 99.9 %";
  return `${(100 * part).toFixed(part < 0.1 || part > 0.985 ? 1 : 0)} %`;
}

const name = (phase: Phase | undefined): string => (phase ?? "a").toUpperCase();

function list(phases: readonly Phase[]): string {
  const names = phases.map(name);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Of a meter without a neutral the transformers are from line to line. */
function pairOf(phase: Phase | undefined): string {
  return phase === "c" ? "C to B" : "A to B";
}

interface Told {
  readonly system: WiringName;
  readonly ratio?: number | undefined;
}

export function toldMistake({ kind, phases, service }: Mistake, { system, ratio }: Told): ToldMistake {
  const [first, second] = [name(phases[0]), name(phases[1])];
  const lines = wiringOf(system).ln.length === 0;
  const factor = ratio === undefined ? "" : ` by a factor of ${ratio.toPrecision(3)}`;
  const inputs = `A, B and C have those of ${list(phases)}`;
  switch (kind) {
    case "reversedAmps":
      return phases.length > 1
        ? {
            wrong: `All current transformers (${list(phases)}) are reversed.`,
            change:
              "Turn all of them round, or swap the two leads of each at the meter; or the meter is set to count the other direction.",
          }
        : {
            wrong: `The current transformer of ${first} is reversed.`,
            change: `Turn the current transformer of ${first} round, or swap its two leads at the meter; short it before its leads are opened.`,
          };
    case "swappedAmps":
      return {
        wrong: `The currents of ${first} and ${second} are swapped.`,
        change: `Swap the leads of the current transformers of ${first} and ${second} at the meter, or the transformers on their conductors.`,
      };
    case "rotatedAmps":
      return {
        wrong: `The currents are rotated by one phase: inputs ${inputs}.`,
        change: "Move the leads of each current transformer to the input of its own phase.",
      };
    case "misplacedAmps":
      return {
        wrong: `The current input of ${first} measures the conductor of ${second}.`,
        change: `Put the current transformer of ${first} on the conductor of ${first}.`,
      };
    case "deadAmps":
      return {
        wrong: `The current transformer of ${first} is shorted, open or not connected, or ${first} has no load.`,
        change: `See whether ${first} has a load; then open the shorting link, and look for a broken lead.`,
      };
    case "ampsRatio":
      return {
        wrong: `The current of ${first} is off${factor} against the others: its transformer has another ratio, or its load is so.`,
        change: `Compare the nameplate of the current transformer of ${first} with the setting, or its amps with a clamp meter.`,
      };
    case "swappedVolts":
      return {
        wrong: `The voltages of ${first} and ${second} are swapped.`,
        change: `Swap the voltage leads of ${first} and ${second} at the meter.`,
      };
    case "rotatedVolts":
      return {
        wrong: `The voltages are rotated by one phase: inputs ${inputs}.`,
        change: "Move each voltage lead to the terminal of its own phase.",
      };
    case "misplacedVolts":
      return {
        wrong: `The voltage terminal of ${first} is connected to ${second}.`,
        change: `Connect the voltage terminal of ${first} to ${first}.`,
      };
    case "deadVolts":
      return {
        wrong: `The voltage of ${first} is missing.`,
        change: `Look for a blown fuse, an open disconnect or a broken lead of ${first}.`,
      };
    case "reversedVolts": {
      const which = lines ? `from ${pairOf(phases[0])}` : `of ${first}`;
      return {
        wrong: `The voltage transformer ${which} is reversed.`,
        change: `Swap the two secondary leads of the voltage transformer ${which}.`,
      };
    }
    case "voltsRatio": {
      const which = lines ? `from ${pairOf(phases[0])}` : `of ${first}`;
      return {
        wrong: `The voltage ${which} is off${factor} against the others: its transformer has another ratio.`,
        change: `Compare the nameplate of the voltage transformer ${which} with the others.`,
      };
    }
    case "allVoltsRatio":
      return {
        wrong: `All voltages are off${factor} against the nominal one.`,
        change: `Check the ratio of the voltage transformers and the nominal voltage that the meter is set to${hintOf(ratio)}.`,
      };
    case "neutralSwapped":
      return {
        wrong: `The neutral and the voltage of ${first} are swapped.`,
        change: `Swap the leads at the terminals of the neutral and of ${first}.`,
      };
    case "service":
      return serviceWords(service, first);
  }
}

/** A factor of the square root of three has a cause of its own. */
function hintOf(ratio: number | undefined): string {
  const off = Math.abs(Math.abs(Math.log(ratio ?? 1)) - Math.log(3) / 2);
  return off < 0.06 ? " (line to line and line to neutral seem to be mistaken for each other)" : "";
}

function serviceWords(service: Service | undefined, phase: string): ToldMistake {
  const system = "Set the meter to the system that there is, and connect it as its manual shows it.";
  switch (service) {
    case "split-phase":
      return { wrong: "The service is a split phase: A and B are opposite to each other.", change: system };
    case "network":
      return {
        wrong: "The service is two phases of a wye, a third of a turn apart, not a split phase.",
        change: system,
      };
    case "four-wire wye":
      return {
        wrong: "The service has a neutral that carries current: the currents of A, B and C do not add up to nothing.",
        change: "Set the meter to a four-wire wye, and connect its neutral terminal.",
      };
    case "single phase":
      return {
        wrong: "All voltage terminals are on one phase.",
        change: "Connect each terminal to its own phase, or set the meter to a single phase.",
      };
    case "high-leg delta":
      return { wrong: `The service is a four-wire delta whose high leg is ${phase}.`, change: system };
    case "corner-grounded delta":
    case undefined:
      return {
        wrong: `The service is a delta without a neutral, of which ${phase} is grounded.`,
        change: "Set the meter to a delta, and connect nothing to its neutral terminal.",
      };
  }
}

const untoldWords: Readonly<Record<Untold, string>> = {
  noVolts: "There is no voltage to judge by.",
  noLoad: "No current flows: how current transformers are connected cannot be told. Check again with a load.",
  noAngles:
    "Of some currents it is not known when they flow: their phase has no voltage, or the meter tells neither angles nor both active and reactive power.",
  noNominal: "The nominal voltage is not known: voltages that are all off by one factor cannot be found.",
  mayExport:
    "Power that flows to the supply is measured like power to loads with all current transformers reversed: say whether the site can generate.",
  unusualLoad:
    "The power factor would be one that is seldom (under 0.7 lagging or 0.95 leading): check again with another load before anything is changed.",
  unbalanced:
    "The currents differ by more than loads usually do: by their loads, or by the ratio of a transformer. Compare them with a clamp meter.",
  rotation: "Without angles of the voltages it is not known in which order the phases follow each other.",
  ratios:
    "Ratios of current transformers that are all off by one factor, or as much as loads differ, cannot be told from a measurement: compare with a clamp meter.",
};
