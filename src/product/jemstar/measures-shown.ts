/** What a JEMStar II shows of the moment, by its connection: what has no transformer is not there. */
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import { connections, type Connection } from "#revenue/settings/connections.ts";

const letters = ["a", "b", "c"] as const;
const pairs = ["ab", "bc", "ca"] as const;

function namesOf({ voltages, elements, neutral }: Connection): string[] {
  const volts = voltages.map((k) => letters[k]);
  const amps = elements.map((k) => letters[k]);
  const powers = ["W", "var", "VA"].flatMap((unit) => [...amps.map((phase) => `${unit}.${phase}`), unit]);
  return [
    ...volts.map((phase) => `V.${phase}`),
    "V.ln",
    ...(voltages.length === 3 ? pairs : pairs.slice(0, 1)).map((pair) => `V.${pair}`),
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
  ];
}

const shown = new Map<string, readonly Measure[]>();

export function measuresShown(connection: RevenueConfiguration["primary"]["connection"]): readonly Measure[] {
  let measures = shown.get(connection);
  if (measures === undefined) {
    measures = namesOf(connections[connection]).flatMap((name) => parseMeasure(name) ?? []);
    shown.set(connection, measures);
  }
  return measures;
}
