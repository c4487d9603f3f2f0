/** What a JEMStar II shows of the moment, by its connection and its options: what has no transformer, or was not ordered, is not there. */
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { connections } from "#revenue/settings/connections.ts";
import { hasPowerQuality, type Ordered } from "#revenue/settings/model-number.ts";
import { hasHarmonics } from "#revenue/settings/power-quality.ts";

type Primary = RevenueConfiguration["primary"];

const letters = ["a", "b", "c"] as const;
const pairs = ["ab", "bc", "ca"] as const;

/** The phases of each kind that a connection has. */
interface Places {
  readonly volts: readonly string[];
  readonly lines: readonly string[];
  readonly amps: readonly string[];
  readonly neutral: boolean;
}

function placesOf(connection: Primary["connection"]): Places {
  const { voltages, elements, neutral } = connections[connection];
  return {
    volts: voltages.map((k) => letters[k]),
    lines: voltages.length === 3 ? pairs : pairs.slice(0, 1),
    amps: elements.map((k) => letters[k]),
    neutral,
  };
}

/** What has a fundamental: volts to neutral, or those of a delta, and amps. */
function phasorsOf({ volts, lines, amps, neutral }: Places): string[] {
  return [...(neutral ? volts : lines).map((one) => `V.${one}`), ...amps.map((one) => `A.${one}`)];
}

function namesOf(places: Places): string[] {
  const { volts, lines, amps, neutral } = places;
  const powers = ["W", "var", "VA"].flatMap((unit) => [...amps.map((phase) => `${unit}.${phase}`), unit]);
  return [
    ...volts.map((phase) => `V.${phase}`),
    "V.ln",
    ...lines.map((pair) => `V.${pair}`),
    "V.ll",
    ...amps.map((phase) => `A.${phase}`),
    ...(neutral ? ["A.n"] : []),
    "A",
    ...powers,
    ...amps.map((phase) => `PF.${phase}.leadlag`),
    "PF.leadlag",
    "Hz",
    ...volts.map((phase) => `THD.V.${phase}`),
    ...amps.map((phase) => `THD.A.${phase}`),
    "unbalance.V",
    "unbalance.A",
    ...phasorsOf(places).map((one) => `deg.${one}`),
  ];
}

/** What any power quality has: the ratios of zero sequences, fundamentals as phasors, deviations, the frequency of ten seconds. */
function basicNames(places: Places, { pqVoltage }: Primary): string[] {
  const { volts, lines } = places;
  const measured = pqVoltage === "ln" ? volts : lines;
  const phasors = phasorsOf(places);
  return [
    ...(volts.length === 3 ? ["unbalance.V.zero", "unbalance.A.zero"] : []),
    ...phasors.map((one) => `${one}.fundamental`),
    ...["under.V", "over.V"].flatMap((what) => measured.map((one) => `${what}.${one}`)),
    "Hz.10s",
  ];
}

/** What PQ2 and PQ3 have besides: sequences, distortion by parity and of the demand current, crest factors, flicker. */
function advancedNames({ volts, lines, amps }: Places, { pqVoltage, signalFrequency }: Primary): string[] {
  const measured = pqVoltage === "ln" ? volts : lines;
  const channels = [...measured.map((one) => `V.${one}`), ...amps.map((one) => `A.${one}`)];
  const sequences = ["V", "A"].flatMap((unit) => ["positive", "negative", "zero"].map((one) => `${unit}.${one}`));
  return [
    ...(volts.length === 3 ? sequences.flatMap((one) => [one, `${one}.angle`]) : []),
    // Distortion of volts to neutral, and of amps, is there without.
    ...(pqVoltage === "ll" ? lines.map((one) => `THD.V.${one}`) : []),
    ...channels.flatMap((one) => ["odd", "even"].map((parity) => `THD.${one}.${parity}`)),
    ...amps.flatMap((one) => ["", ".odd", ".even"].map((parity) => `TDD.A.${one}${parity}`)),
    ...channels.map((one) => `crest.${one}`),
    ...(signalFrequency === undefined ? [] : measured.map((one) => `MSV.${one}`)),
    ...["Pinst", "Pst", "Plt"].flatMap((speed) => measured.map((one) => `${speed}.${one}`)),
  ];
}

const shown = new Map<string, readonly Measure[]>();

export function measuresShown(primary: Primary, ordered: Pick<Ordered, "options">): readonly Measure[] {
  const { connection, pqVoltage, signalFrequency } = primary;
  const level = hasHarmonics(ordered) ? "harmonics" : hasPowerQuality(ordered) ? "basic" : "none";
  const key = `${connection} ${pqVoltage} ${level} ${signalFrequency !== undefined}`;
  let measures = shown.get(key);
  if (measures === undefined) {
    const places = placesOf(connection);
    const names = [
      ...namesOf(places),
      ...(level === "none" ? [] : basicNames(places, primary)),
      ...(level === "harmonics" ? advancedNames(places, primary) : []),
    ];
    measures = names.flatMap((name) => parseMeasure(name) ?? []);
    shown.set(key, measures);
  }
  return measures;
}
