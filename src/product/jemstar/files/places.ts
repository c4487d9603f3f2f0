/** What channels are of in a file: their phases, and names as the manual prints them ("Vl-n Ph A"). */
import type { ChannelDefinition } from "#format/pqdif/pqdif.ts";

export interface PlacedChannel {
  readonly name: string;
  readonly phase: NonNullable<ChannelDefinition["phase"]>;
  readonly measured: "voltage" | "current";
  readonly unit: "V" | "A";
  /** Of volts: to neutral, or from line to line. */
  readonly between: "ln" | "ll" | undefined;
  /** "A", "AB". */
  readonly letters: string;
}

const phases = {
  a: "A-N",
  b: "B-N",
  c: "C-N",
  n: "N-G",
  ab: "A-B",
  bc: "B-C",
  ca: "C-A",
} as const satisfies Record<string, NonNullable<ChannelDefinition["phase"]>>;

/** Of "V.a", "V.ab", "A.c"; undefined of what is not volts or amps of a phase. */
export function placeOf(channel: string): PlacedChannel | undefined {
  const [quantity, place = "", ...more] = channel.split(".");
  if ((quantity !== "V" && quantity !== "A") || more.length > 0 || !Object.hasOwn(phases, place)) return undefined;
  const phase = phases[place as keyof typeof phases];
  const letters = place.toUpperCase();
  if (quantity === "A") {
    return { name: `Amps Ph ${letters}`, phase, measured: "current", unit: "A", between: undefined, letters };
  }
  const between = place.length === 2 ? "ll" : "ln";
  const name = `${between === "ll" ? "Vl-l" : "Vl-n"} Ph ${letters}`;
  return { name, phase, measured: "voltage", unit: "V", between, letters };
}
