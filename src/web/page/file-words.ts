/** What is in a file of power quality, by the number at the end of its name (the file naming convention of PQDIF meters: docs/models). */
const SAG = 1;
const WAVEFORM = 2;
const RMS = 4;
const LOG = 8;
const RAPID = 16;
const INTERRUPTION = 32;
const DAY = 128;

const parts: readonly (readonly [bit: number, words: string])[] = [
  [SAG, "sag or swell"],
  [RAPID, "rapid voltage change"],
  [INTERRUPTION, "interruption"],
  [WAVEFORM, "waveforms"],
  [RMS, "RMS of half cycles"],
];

function typeOf(name: string): { readonly group: string | undefined; readonly type: number } {
  const [, group, digits = ""] = /_\d{10}_\d{1,6}(?:_(\d{2}))?_(\d{2,3})\.pqd$/.exec(name) ?? [];
  return { group, type: Number(digits) };
}

/** Whether there is something in a file that is drawn by time. */
export function hasTraces(name: string): boolean {
  const { type } = typeOf(name);
  return type === DAY || (type & (WAVEFORM | RMS)) !== 0;
}

/** "sag or swell, waveforms"; the name itself of a file of another kind. */
export function fileWords(name: string): string {
  const { group, type } = typeOf(name);
  if (type === DAY) return "a day of recordings";
  if (type === LOG) return `measurement log${group === undefined ? "" : ` ${Number(group)}`}`;
  const there = parts.filter(([bit]) => (type & bit) !== 0);
  const all = there.reduce((sum, [bit]) => sum + bit, 0);
  return type === 0 || all !== type ? name : there.map(([, words]) => words).join(", ");
}
