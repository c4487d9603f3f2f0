/** The energies whose ratio is a power factor over time. */
import type { Measure } from "#quantity/measure.ts";

/**
 * Active over apparent energy. Both ways, neither takes off what came back: a difference of energies over a difference of
 * others would be no power factor. That of watts is vectorial.
 */
export function factorEnergies(measure: Measure): { readonly active: Measure; readonly apparent: Measure } {
  const direction = measure.direction === "bidirectional" ? "absolute" : measure.direction;
  const apparent = measure.quantity === "PF.arithmetic" ? "VAh.arithmetic" : "VAh";
  return { active: { ...measure, direction, quantity: "Wh" }, apparent: { ...measure, direction, quantity: apparent } };
}
