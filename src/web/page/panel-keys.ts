/** The keys of a keyboard that stand for what is on a panel's face. */
import type { Control } from "#panel/panel.ts";

/** What stands on keys whose name at a browser (KeyboardEvent.key) is another. */
const caps: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};

/** Letters are the same with Shift or Caps Lock, which somebody may have left on. */
const plain = (key: string): string => ([...key].length === 1 ? key.toLowerCase() : key);

/** Which control a key stands for: the one that has it, or the one on which its sign stands, as "+" does on "+/Up". */
export function controlOfKey(controls: readonly Control[], key: string): Control | undefined {
  const pressed = plain(key);
  return (
    controls.find((one) => one.key !== undefined && plain(one.key) === pressed) ??
    controls.find(({ label }) => /^[^\p{L}\p{N}\s]$/u.test(key) && label.split("/").includes(key))
  );
}

/** "← Back", for each control that has a key. */
export function keyWords(controls: readonly Control[]): readonly string[] {
  return controls.flatMap(({ key, label }) => (key === undefined ? [] : [`${caps[key] ?? key} ${label}`]));
}
