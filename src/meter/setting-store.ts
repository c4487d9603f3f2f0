/**
 * The settings of one meter: what its model allows, what was chosen. A change is a transaction: every value is
 * checked against its domain, then all of them together against each other; all hold or none.
 */
import type { SettingRefusal } from "#quantity/interfaces.ts";
import { describeDomain, inDomain, type Setting, type SettingRules } from "#quantity/setting.ts";
import type { MeterStore } from "#store/store.ts";

/** Where they are kept, once any of them was chosen. */
export const SETTINGS = "settings";

export type CrossCheck = (
  value: (name: Setting) => number,
  changes: ReadonlyMap<Setting, number>,
) => SettingRefusal | undefined;

export class SettingStore {
  readonly #rules: SettingRules;
  readonly #store: MeterStore;
  /** What is not as it is by default. */
  readonly #chosen = new Map<Setting, number>();
  /** Whether any was ever chosen. */
  #isKept: boolean;
  readonly complaint: string | undefined;

  constructor(rules: SettingRules, store: MeterStore) {
    this.#rules = rules;
    this.#store = store;
    const bytes = store.get(SETTINGS);
    this.#isKept = bytes !== undefined;
    store.holds(SETTINGS, () => (this.#isKept ? this.#kept : undefined));
    if (bytes === undefined) return;
    try {
      const stored = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
      for (const [name, value] of Object.entries(stored)) {
        const rule = rules[name as Setting];
        if (rule !== undefined && typeof value === "number" && inDomain(rule, value)) {
          this.#choose(name as Setting, value);
        }
      }
    } catch (error) {
      this.complaint = `its settings could not be read (${String(error)}); they are kept as ${SETTINGS}.unreadable`;
      store.put(`${SETTINGS}.unreadable`, bytes);
    }
  }

  has(name: Setting): boolean {
    return this.#rules[name] !== undefined;
  }

  get(name: Setting): number {
    return this.#chosen.get(name) ?? this.#rules[name]?.default ?? NaN;
  }

  #choose(name: Setting, value: number): void {
    if (value === this.#rules[name]?.default) this.#chosen.delete(name);
    else this.#chosen.set(name, value);
  }

  #all(): [Setting, number][] {
    return (Object.keys(this.#rules) as Setting[]).map((name) => [name, this.get(name)]);
  }

  /** Every setting by name. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#all());
  }

  /** Whether all of the changes together would be taken. */
  check(changes: ReadonlyMap<Setting, number>, crossCheck: CrossCheck): SettingRefusal | undefined {
    for (const [setting, value] of changes) {
      const rule = this.#rules[setting];
      if (rule === undefined) return { setting, value, expected: "no such setting on this meter" };
      if (!inDomain(rule, value)) return { setting, value, expected: describeDomain(rule) };
    }
    return crossCheck((name) => changes.get(name) ?? this.get(name), changes);
  }

  /** Takes changes that have been checked. */
  set(changes: ReadonlyMap<Setting, number>): void {
    for (const [setting, value] of changes) this.#choose(setting, value);
    this.#isKept = true;
    this.#store.put(SETTINGS, this.#kept);
  }

  get #kept(): Uint8Array {
    const kept = Object.fromEntries(this.#all().filter(([name]) => this.#rules[name]?.volatile !== true));
    return new TextEncoder().encode(JSON.stringify(kept));
  }
}
