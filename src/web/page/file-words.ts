/** What is in a file of power quality, by the number at the end of its name (the file naming convention of PQDIF meters: docs/models). */
import type { Text } from "#quantity/text.ts";
import { say } from "./language.ts";
import { fileTexts } from "./texts/viewer.ts";

const SAG = 1;
const WAVEFORM = 2;
const RMS = 4;
const LOG = 8;
const RAPID = 16;
const INTERRUPTION = 32;
const DAY = 128;

const parts: readonly (readonly [bit: number, words: Text])[] = [
  [SAG, fileTexts.sag],
  [RAPID, fileTexts.rapid],
  [INTERRUPTION, fileTexts.interruption],
  [WAVEFORM, fileTexts.waveforms],
  [RMS, fileTexts.rms],
];

function typeOf(name: string): { readonly group: string | undefined; readonly type: number } {
  const [, group, digits = ""] = /_\d{10}_\d{1,6}(?:_(\d{2}))?_(\d{2,3})\.pqd$/.exec(name) ?? [];
  return { group, type: Number(digits) };
}

/** Whether there is something in a file that is drawn by time. */
export function hasTraces(name: string): boolean {
  const { type } = typeOf(name);
  return type === DAY || (type & (WAVEFORM | RMS | LOG)) !== 0;
}

/** "sag or swell, waveforms"; the name itself of a file of another kind. */
export function fileWords(name: string): string {
  const { group, type } = typeOf(name);
  if (type === DAY) return say(fileTexts.day);
  if (type === LOG) return `${say(fileTexts.log)}${group === undefined ? "" : ` ${Number(group)}`}`;
  const there = parts.filter(([bit]) => (type & bit) !== 0);
  const all = there.reduce((sum, [bit]) => sum + bit, 0);
  return type === 0 || all !== type ? name : there.map(([, words]) => say(words)).join(", ");
}
