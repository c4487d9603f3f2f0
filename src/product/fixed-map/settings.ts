/** A site file's settings of a meter: their check, and when they are applied. */
import { didYouMean } from "#quantity/nearest.ts";
import { SETTINGS } from "#meter/setting-store.ts";
import type { MeterModel } from "#model/model.ts";
import type { MeterEntry } from "#product/product.ts";
import { wordsOf } from "#quantity/instrument-design.ts";
import { describeDomain, inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";
import type { MeterStore } from "#store/store.ts";
import type { VirtualMeter } from "./virtual-meter.ts";

/** A meter's settings as numbers, with what is wrong with them by name. */
export function settingsOf(
  { settings, options }: Pick<MeterEntry, "settings" | "options">,
  model: MeterModel,
): { values: Map<Setting, number>; problems: string[] } {
  const values = new Map<Setting, number>();
  const problems: string[] = [];
  const rules = model.instrument.settings;
  for (const [name, given] of Object.entries(settings)) {
    const rule: SettingRule | undefined = rules[name as Setting];
    if (rule === undefined || (rule.option !== undefined && !options[rule.option])) {
      const missing = rule?.option === undefined ? "" : ` without options.${rule.option}`;
      problems.push(
        `${name}: ${model.name} has no such setting${missing}; it has ${Object.keys(rules).join(", ")}${rule === undefined ? didYouMean(name, Object.keys(rules)) : ""}`,
      );
      continue;
    }
    const words = wordsOf(model.instrument, name as Setting);
    const word = words?.[String(given)];
    const value = word ?? Number(given);
    if (inDomain(rule, value)) values.set(name as Setting, value);
    else {
      const named = words === undefined ? "" : `${Object.keys(words).join(", ")}, or `;
      problems.push(`${name}: expected ${named}${describeDomain(rule)}; found ${given}`);
    }
  }
  return { values, problems };
}

const KEY = "site-settings";

/** What became of a site file's settings at a start. */
export interface AppliedSettings {
  readonly applied: boolean;
  /** Those that were otherwise on the meter. */
  readonly differing: readonly Setting[];
  /** Records of a meter that is not new are not there: of what the file said before, or of what was set as well. */
  readonly lost?: "file" | "settings" | undefined;
  /** Why the meter refused them. */
  readonly refused?: string;
}

/**
 * Applies a site file's settings at the first start, and when they have changed in the file since; otherwise what
 * is stored wins. What is stored wins as well where it is not known any more what the file said: that is damage, and no first start.
 * `isKnown` says whether the meter has counted before.
 */
export function applySettings(
  { instrument, history }: Pick<VirtualMeter, "instrument" | "history">,
  store: MeterStore,
  settings: ReadonlyMap<Setting, number>,
  isKnown: boolean,
): AppliedSettings {
  const differing = [...settings].filter(([name, value]) => instrument.setting(name) !== value).map(([name]) => name);
  const said = new TextEncoder().encode(JSON.stringify([...settings]));
  const before = store.get(KEY);
  store.holds(KEY, () => said);
  if (isSame(before, settings)) return { applied: false, differing };
  if (before === undefined && store.get(SETTINGS) !== undefined) {
    store.put(KEY, said);
    return { applied: false, differing, lost: "file" };
  }
  if (settings.size > 0) {
    const by = before === undefined ? undefined : { by: "the site file" };
    const refused = history.by(by, () => instrument.change(settings));
    if (refused !== undefined) {
      const why = `settings.${refused.setting}: expected ${refused.expected}; found ${refused.value}`;
      return { applied: false, differing, refused: why };
    }
  }
  store.put(KEY, said);
  return { applied: true, differing, lost: before === undefined && isKnown ? "settings" : undefined };
}

/** Whether the settings applied last say the same, in whatever order. */
function isSame(bytes: Uint8Array | undefined, settings: ReadonlyMap<Setting, number>): boolean {
  if (bytes === undefined) return false;
  const before = new Map(JSON.parse(new TextDecoder().decode(bytes)) as [Setting, number][]);
  return before.size === settings.size && [...settings].every(([name, value]) => before.get(name) === value);
}
