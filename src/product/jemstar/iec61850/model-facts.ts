/** What the model of a meter is made of: how it is connected and was ordered, what its channels are, who it is. */
import type { Iec61850Configuration } from "./configuration.ts";
import { measuredRows, type Kind, type MeasuredRow } from "./object-table.ts";

export interface ModelFacts {
  readonly settings: Iec61850Configuration;
  /** By their written names: what it can be asked for. */
  readonly measures: ReadonlySet<string>;
  /** Its volts are to neutral; else from line to line. */
  readonly neutral: boolean;
  /** How the phases of the site follow each other. */
  readonly rotation: "abc" | "acb";
  readonly energies: boolean;
  /** Primary: ratios, nominal volts, class amps; elements. */
  readonly volts: number;
  readonly amps: number;
  readonly hz: 50 | 60;
  readonly io: readonly { readonly mode: string }[];
  /** Whether triggers fill the logs of sags, swells and interruptions; whether it records disturbances; of which channels. */
  readonly voltageEvents: boolean;
  readonly recorded: readonly string[];
  /** Harmonics from order 0 to one less, of volts to neutral or from line to line. */
  readonly harmonics: { readonly orders: number; readonly volts: "ln" | "ll" } | undefined;
  /** Of every meter of its kind (ICD): what follows from the transformers and the nominal voltage of one is not said. */
  readonly isTemplate?: boolean;
  readonly identity: {
    readonly manufacturer: string;
    readonly title: string;
    readonly modelNumber: string;
    readonly serial: string;
    readonly firmware: string;
    readonly location: string;
  };
}

/** Volts and amps are never beyond so many times what is nominal. */
const BEYOND = 2;
const PHASES = 3;
const MOST_FLICKER = 20;
const MOST_CREST = 10;
const HERTZ_AROUND = 10;

/** The range of a kind of values, which dead bands are parts of: primary. */
export function rangeOf(
  kind: Kind,
  { volts, amps, hz }: Pick<ModelFacts, "volts" | "amps" | "hz">,
): { readonly min: number; readonly max: number } {
  const power = BEYOND * volts * amps;
  const ranges: Readonly<Record<Kind, readonly [min: number, max: number]>> = {
    volts: [0, BEYOND * volts],
    amps: [0, amps],
    power: [-power, power],
    powers: [-PHASES * power, PHASES * power],
    apparent: [0, power],
    apparents: [0, PHASES * power],
    hertz: [hz - HERTZ_AROUND, hz + HERTZ_AROUND],
    factor: [-1, 1],
    percent: [0, 100],
    flicker: [0, MOST_FLICKER],
    crest: [0, MOST_CREST],
  };
  const [min, max] = ranges[kind];
  return { min: Math.fround(min), max: Math.fround(max) };
}

/** Channels, from 1, that are inputs, or outputs. */
export function channelsOf(io: readonly { readonly mode: string }[], way: "input" | "output"): readonly number[] {
  return io.flatMap(({ mode }, k) => (mode.startsWith(way) ? [k + 1] : []));
}

/** Whether it measures something: of a power factor whatever its sign is by. */
export function isMeasured({ measures }: Pick<ModelFacts, "measures">, name: string): boolean {
  return measures.has(name) || measures.has(`${name}.leadlag`);
}

/** What it measures of the model, one row a place. */
export function rowsMeasured(facts: Pick<ModelFacts, "measures" | "neutral">): readonly MeasuredRow[] {
  const rows = measuredRows(facts.neutral).filter(([, , , measure]) => isMeasured(facts, measure));
  const places = rows.map(([node, name, part]) => `${node}.${name}.${part}`);
  return rows.filter((_, k) => places.indexOf(places[k] ?? "") === k);
}

/** The dead band of a data object: its own, or that of all. */
export function deadbandOf({ deadband, deadbands }: Iec61850Configuration, of: string): number {
  return deadbands.find((one) => one.of === of)?.db ?? deadband;
}
