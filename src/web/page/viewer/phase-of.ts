/** Of which phase a channel plainly is: what the file says, or else its name. */
import type { ChannelHead } from "#format/recording.ts";

/** "U L1", "VA-N", "Ib", "phase c", "HV Bus VR", "VAB": what it measures, and of what; words before it where it says what it measures. */
const named =
  /^(?:(?:.*[ _.-])?(?:voltage|current|volts?|amps?|spannung|strom|напряжение|ток|[uvi])|phase|ph)?[ _.-]*(l[123]|[abcrst123]|ab|bc|ca)(?:[ _.-]*n)?$/;
const behind = /\s*(?:\([^()]*\)|\[[^[\]]*\]|\bin \S+)$/;
const letters: Readonly<Record<string, string>> = Object.fromEntries([
  ...["a l1 1 r", "b l2 2 s", "c l3 3 t"].flatMap((names, k) => names.split(" ").map((name) => [name, "abc"[k] ?? ""])),
  ...["ab", "bc", "ca"].map((pair) => [pair, pair]),
]);

export function phaseOf({ name, phase }: Pick<ChannelHead, "name" | "phase">): string | undefined {
  if (phase !== undefined) return phase;
  const bare = name.trim().replace(behind, "").toLowerCase();
  const [, of = ""] = named.exec(bare) ?? [];
  return letters[of];
}

/** The phase of PQDIF's word for it: "A-N", "A-B". */
export function phaseOfWord(word: unknown): string | undefined {
  const [, first, second] = /^([ABC])-([ABCN])$/.exec(String(word)) ?? [];
  if (first === undefined || second === undefined) return undefined;
  return second === "N" ? first.toLowerCase() : `${first}${second}`.toLowerCase();
}
