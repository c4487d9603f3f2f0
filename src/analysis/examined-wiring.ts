/** The wiring of which a recording has channels: what it does not have is not measured, rather than 0. */
import { MapError } from "#waveform/channel-map.ts";
import type { Phase } from "#quantity/quantity.ts";
import { type Wiring, wiringOf } from "#quantity/wiring.ts";
import type { ExamineSettings } from "./examine-settings.ts";

/** Throws MapError where voltages of the wiring have no channel. Of one without a neutral one terminal may be what the others are against. */
export function examinedWiring({ wiring: name, map }: Pick<ExamineSettings, "wiring" | "map">): Wiring {
  const wiring = wiringOf(name);
  const terminals = new Set<Phase>([...wiring.ln, ...wiring.ll.flatMap((pair) => [...pair] as Phase[])]);
  const lacking = [...terminals].filter((phase) => map[`v${phase}`] === undefined);
  const [first] = lacking;
  if (first !== undefined && (wiring.ln.length > 0 || lacking.length > 1)) {
    const inputs = lacking.map((phase) => `v${phase}`).join(" and ");
    throw new MapError(`v${first}`, `the wiring ${name} (${wiring.means}) takes ${inputs}, and no channel is one`);
  }
  return { ...wiring, currents: wiring.currents.filter((phase) => map[`i${phase}`] !== undefined) };
}
