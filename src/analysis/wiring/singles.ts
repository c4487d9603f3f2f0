/** The mistakes that a meter of a system can be connected with, one by one. */
import { type Phase, phases } from "#quantity/quantity.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import type { Mistake, MistakeKind } from "./mistake.ts";

/** Pairs of a list, each once. */
function pairsOf<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((one, k) => list.slice(k + 1).map((other): [T, T] => [one, other]));
}

const rotations: readonly (readonly Phase[])[] = [
  ["b", "c", "a"],
  ["c", "a", "b"],
];

/** Terminals for voltages that a meter of a system uses: those of its lines, where it has no neutral. */
export function terminalsOf(system: WiringName): readonly Phase[] {
  const { ln, ll } = wiringOf(system);
  if (ln.length > 0) return ln;
  return phases.filter((phase) => ll.some((pair) => pair.includes(phase)));
}

export function singlesOf(system: WiringName): readonly Mistake[] {
  return [...voltsOf(system), ...ampsOf(system)];
}

function each(kind: MistakeKind, list: readonly (readonly Phase[])[]): Mistake[] {
  return list.map((of) => ({ kind, phases: of }));
}

function voltsOf(system: WiringName): Mistake[] {
  const { ln, elements } = wiringOf(system);
  const terminals = terminalsOf(system);
  const alone = terminals.map((phase) => [phase]);
  const three = terminals.length === 3;
  const out = each("allVoltsRatio", [[]]);
  out.push(...each("deadVolts", alone));
  // Turned round, both of two terminals are as they were.
  if (terminals.length > 1 && system !== "1-phase-ll") out.push(...each("swappedVolts", pairsOf(terminals)));
  if (three) out.push(...each("rotatedVolts", rotations));
  if (ln.length > 0) {
    if (ln.length > 1) {
      out.push(...each("reversedVolts", alone), ...each("voltsRatio", alone), ...each("neutralSwapped", alone));
      out.push(
        ...each(
          "misplacedVolts",
          ln.flatMap((one) => ln.filter((to) => to !== one).map((to) => [one, to])),
        ),
      );
    }
  } else if (elements.length === 2) {
    // Two transformers from line to line, ab and cb.
    out.push(...each("reversedVolts", [["a"], ["c"]]), ...each("voltsRatio", [["a"], ["c"]]));
  }
  return out;
}

function ampsOf(system: WiringName): Mistake[] {
  const { currents } = wiringOf(system);
  const alone = currents.map((phase) => [phase]);
  const out = each("reversedAmps", alone);
  if (currents.length > 1) {
    out.push(...each("reversedAmps", [currents]));
    out.push(...each("swappedAmps", pairsOf(currents)));
    out.push(...each("ampsRatio", alone));
    out.push(...each("misplacedAmps", misplaced(system)));
  }
  if (currents.length === 3) out.push(...each("rotatedAmps", rotations));
  return [...out, ...each("deadAmps", alone)];
}

function misplaced(system: WiringName): (readonly Phase[])[] {
  const { currents } = wiringOf(system);
  const conductors = system === "two-element" ? phases : currents;
  return currents.flatMap((one) => conductors.filter((to) => to !== one).map((to) => [one, to]));
}

/** Services that a meter of a system can be found at though it is set to another. */
export function servicesOf(system: WiringName): readonly Mistake[] {
  const is = (service: NonNullable<Mistake["service"]>, of: readonly Phase[] = []): Mistake => ({
    kind: "service",
    phases: of,
    service,
  });
  if (system === "wye")
    return [
      is("split-phase"),
      is("single phase"),
      ...phases.map((phase) => is("high-leg delta", [phase])),
      ...phases.map((phase) => is("corner-grounded delta", [phase])),
    ];
  // With two transformers nothing tells what the neutral carries.
  if (system === "delta" || system === "open-delta") return [is("four-wire wye")];
  if (system === "split-phase") return [is("network"), is("single phase")];
  if (system === "network") return [is("split-phase"), is("single phase")];
  return [];
}
