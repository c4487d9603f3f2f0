/** Which channels of a recording are plainly which inputs of a meter, by their names and units. */
import type { ChannelHead, RecordingPhase } from "#format/recording.ts";
import { unitOf } from "#format/unit.ts";
import { inputs, type ChannelMap, type Input, type InputMap } from "#waveform/channel-map.ts";

/** What stands before the phase in the name of a voltage, or of a current, and what may stand behind. */
const prefix = {
  V: /^(voltage|volts?|spannung|tension|uln|v[li]-?n|напряжение|v|u)?[ _.-]*(?:ph(?:ase)?[ _.-]+)?/i,
  A: /^(current|amps?|strom|courant|corriente|ток|i|a)?[ _.-]*(?:ph(?:ase)?[ _.-]+)?/i,
} as const;
const neutral = /[ _.-]*n$/i;
/** A unit that stands in the name: "U L1 in V", "Ua (kV)". */
const unitInName = /\s*(?:\([^()]*\)|\[[^[\]]*\]|\bin \S+)$/;

/** Names of the phases a, b and c. */
const phaseNames = ["a l1 1 r", "b l2 2 s", "c l3 3 t"].map((names) => names.split(" "));

/** The input that a channel is; undefined of one that is not plainly one. A channel of no unit has to have a name that says it. */
function inputOf({ name, unit, phase }: ChannelHead): Input | undefined {
  const given = unit.trim();
  if (phase !== undefined) return ofPhase(phase, given);
  const bare = name.trim().replace(unitInName, "");
  const quantity = given === "" ? undefined : unitOf(given)?.quantity;
  if (given !== "" && quantity !== "V" && quantity !== "A") return undefined;
  for (const kind of ["V", "A"] as const) {
    if (quantity !== undefined && quantity !== kind) continue;
    const [said = "", word] = prefix[kind].exec(bare) ?? [];
    if (word === undefined && quantity === undefined) continue;
    const rest = bare.slice(said.length).toLowerCase();
    // "A" is a phase where nothing else is left of the name.
    const phase = rest === "" ? bare.toLowerCase() : kind === "V" ? rest.replace(neutral, "") : rest;
    const place = phaseNames.findIndex((names) => names.includes(phase));
    if (place >= 0 && (rest !== "" || quantity !== undefined)) return inputs[place + (kind === "V" ? 0 : 3)];
  }
  return undefined;
}

/** The input of a channel whose phase the file says; undefined of two terminals, which are no input. */
function ofPhase(phase: RecordingPhase, unit: string): Input | undefined {
  const quantity = unitOf(unit)?.quantity;
  if (quantity !== "V" && quantity !== "A") return undefined;
  return inputs.find((input) => input === `${quantity === "V" ? "v" : "i"}${phase}`);
}

/** By input the name of its channel, or its number where that name stands twice; undefined where nothing is plain. */
export function suggestedMap(
  channels: readonly ChannelHead[],
): Readonly<Partial<Record<Input, string | number>>> | undefined {
  const own = channels.map(inputOf);
  const sure = inputs.flatMap((input) => {
    const c = own.indexOf(input);
    // Of two that could be it, nobody knows which.
    if (c < 0 || own.lastIndexOf(input) !== c) return [];
    const name = channels[c]?.name.trim() ?? "";
    const isOnly = channels.filter((other) => other.name.trim() === name).length === 1;
    return [[input, isOnly ? name : c + 1] as const];
  });
  if (sure.length > 0) return Object.fromEntries(sure);
  return onlyPair(channels);
}

/**
 * The map of channels whose voltages are from line to line, as the file says: the terminal that two of them have is what the others are
 * against, and stays at zero. Undefined where there are none.
 */
export function pairMap(channels: readonly ChannelHead[]): InputMap | undefined {
  const only = (phase: RecordingPhase, quantity: "V" | "A"): number => {
    const found = channels.flatMap((one, c) =>
      one.phase === phase && unitOf(one.unit)?.quantity === quantity ? [c + 1] : [],
    );
    return found.length === 1 ? (found[0] ?? 0) : 0;
  };
  const [ab, bc, ca] = (["ab", "bc", "ca"] as const).map((pair) => only(pair, "V"));
  const volts = pairVolts(ab ?? 0, bc ?? 0, ca ?? 0);
  if (volts === undefined) return undefined;
  const amps = (["a", "b", "c"] as const).flatMap((phase) => {
    const channel = only(phase, "A");
    return channel === 0 ? [] : [[`i${phase}`, { channel }] as const];
  });
  return { ...volts, ...Object.fromEntries(amps) };
}

/** By the numbers of the channels; 0 of one that there is not. */
function pairVolts(ab: number, bc: number, ca: number): InputMap | undefined {
  const as = (channel: number): ChannelMap => ({ channel });
  const against = (channel: number): ChannelMap => ({ channel, scale: -1 });
  if (ab > 0 && bc > 0) return { va: as(ab), vc: against(bc) };
  if (ab > 0 && ca > 0) return { vb: against(ab), vc: as(ca) };
  if (bc > 0 && ca > 0) return { vb: as(bc), va: against(ca) };
  return ab > 0 ? { va: as(ab) } : undefined;
}

/** One channel of volts and one of amps, whatever they are called, are those of one phase. */
function onlyPair(channels: readonly ChannelHead[]): Readonly<Partial<Record<Input, string | number>>> | undefined {
  const [volts, amps] = (["V", "A"] as const).map((quantity) =>
    channels.flatMap(({ unit, name }, c) =>
      unit.trim() !== "" && unitOf(unit.trim())?.quantity === quantity ? [[name.trim(), c + 1] as const] : [],
    ),
  );
  const [va, ia] = [volts?.[0], amps?.[0]];
  if (va === undefined || ia === undefined || volts?.length !== 1 || amps?.length !== 1) return undefined;
  const of = ([name, number]: readonly [string, number]): string | number => (name === "" ? number : name);
  return va[0] === ia[0] ? { va: va[1], ia: ia[1] } : { va: of(va), ia: of(ia) };
}
