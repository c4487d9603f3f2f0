/** A person's own ride-through curve: the least voltage that equipment bears, by duration, as it is typed: "0.02 0; 0.5 70; 10 80". */

/** Up to and with so many seconds so many percent of the nominal voltage, itself still borne. */
export interface Step {
  readonly upTo: number;
  readonly percent: number;
}

/** Corners that a curve may have. */
const MOST = 50;

/** The steps of a text; what is wrong with it as the part that is. An empty text has none. */
export function readCurve(text: string): readonly Step[] | string {
  const parts = text.split(/[;\n]/).flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const steps: Step[] = [];
  for (const part of parts) {
    const [upTo, percent, ...rest] = part.replaceAll(",", ".").replace(/%$/, "").trim().split(/\s+/).map(Number);
    const isOne = upTo !== undefined && percent !== undefined && rest.length === 0;
    if (!isOne || !(upTo > (steps.at(-1)?.upTo ?? 0)) || !(percent >= 0 && percent < 100)) return part;
    if (!Number.isFinite(upTo) || steps.length >= MOST) return part;
    steps.push({ upTo, percent });
  }
  return steps;
}

/** Whether it is borne; undefined of what the curve says nothing about: what is longer, and what is above the nominal voltage. */
export function isBorne(steps: readonly Step[], seconds: number, percent: number): boolean | undefined {
  const step = steps.find(({ upTo }) => seconds <= upTo);
  return step === undefined || percent > 100 ? undefined : percent >= step.percent;
}
