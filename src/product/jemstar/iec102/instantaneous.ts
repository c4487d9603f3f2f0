/** Values of the moment: energies as far as load profiles count them, powers and power factors, volts and amps, primary. */
import type { Instantaneous } from "#protocol/iec102/station/host.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { totalUnits } from "./configuration.ts";
import type { Shown } from "./shown.ts";
import { countedNow, wholeUnits } from "./totals.ts";

function named(name: string): Measure {
  const measure = parseMeasure(name);
  if (measure === undefined) throw new Error(`there is no ${name}`);
  return measure;
}

const energies = ["Wh.import", "Wh.export", "varh.q1", "varh.q2", "varh.q3", "varh.q4"].map(named);
const powers = ["", ".a", ".b", ".c"].map((phase) => ({
  active: named(`W${phase}`),
  reactive: named(`var${phase}`),
  factor: named(`PF${phase}.leadlag`),
}));
const phases = ["a", "b", "c"].map((phase) => ({ amps: named(`A.${phase}`), volts: named(`V.${phase}`) }));

export function instantaneousOf(shown: Shown): Instantaneous {
  const { surface, configuration } = shown;
  const unit = totalUnits[configuration.iec102.unit];
  const there = namesIn(surface.measures);
  const read = (measure: Measure): number | undefined =>
    there.has(measureName(measure)) ? surface.read(measure, "primary").value : undefined;
  return {
    at: { stamp: surface.now() },
    totals: energies.map((one) => {
      const value = countedNow(shown, one);
      return value === undefined ? undefined : wholeUnits(value, unit);
    }),
    powers: powers.map(({ active: w, reactive: q, factor }) => {
      const [active, reactive, lagging] = [read(w), read(q), read(factor)];
      return {
        active,
        reactive,
        factor: lagging === undefined ? undefined : Math.abs(lagging),
        quadrant: quadrantOf(active, reactive),
      };
    }),
    phases: phases.map(({ amps, volts }) => ({ amps: read(amps), volts: read(volts) })),
  };
}

const names = new WeakMap<readonly Measure[], ReadonlySet<string>>();

/** What a connection does not have reads as nothing flowing there: it is not there. */
function namesIn(measures: readonly Measure[]): ReadonlySet<string> {
  let found = names.get(measures);
  if (found === undefined) names.set(measures, (found = new Set(measures.map(measureName))));
  return found;
}

/** What is less of the active power than this is rounding. */
const NOTHING = 1e-9;

/** IEC 62053-23: 1 and 4 come in, 1 and 2 lag what comes in. */
function quadrantOf(active: number | undefined, reactive: number | undefined): 1 | 2 | 3 | 4 | undefined {
  if (active === undefined || reactive === undefined) return undefined;
  const isUp = reactive >= -NOTHING * Math.abs(active);
  if (active >= 0) return isUp ? 1 : 4;
  return isUp ? 2 : 3;
}
