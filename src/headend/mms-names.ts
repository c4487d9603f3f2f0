/** What data objects of IEC 61850-7-4 mean in names of the glossary, where the standard leaves no doubt; supply and demand of MMTR it leaves to who configures. */
const phases: Readonly<Record<string, string>> = { phsA: "a", phsB: "b", phsC: "c", neut: "n" };
const lines: Readonly<Record<string, string>> = { phsAB: "ab", phsBC: "bc", phsCA: "ca" };

const totals: Readonly<Record<string, string>> = { TotW: "W", TotVAr: "var", TotVA: "VA", TotPF: "PF", Hz: "Hz" };
const ofPhases: Readonly<Record<string, string>> = { PhV: "V", A: "A", W: "W", VAr: "var", VA: "VA", PF: "PF" };

/** "W.a" of MMXU's W.phsA; undefined of what has no name there. */
export function glossaryName(node: string, path: readonly string[]): string | undefined {
  if (!/MMXU\d*$/.test(node)) return undefined;
  const [object = "", part, more] = path;
  if (more !== undefined) return undefined;
  if (part === undefined) return totals[object];
  if (object === "PPV") return lines[part] === undefined ? undefined : `V.${lines[part]}`;
  const quantity = ofPhases[object];
  const phase = phases[part];
  // Of a neutral only what flows in it and its voltage are more than words.
  if (quantity === undefined || phase === undefined || (phase === "n" && object !== "A")) return undefined;
  return `${quantity}.${phase}`;
}
