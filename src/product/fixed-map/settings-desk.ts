/** Settings that somebody changes through the surface, and takes back. */
import type { Instrument } from "#meter/instrument.ts";
import { firstOf } from "#product/file-error.ts";
import { firstChanges } from "#product/key-changes.ts";
import { originOf } from "#product/origin.ts";
import type { MeterCommand, Outcome, Session } from "#quantity/authority.ts";
import type { ChangesTold, Suggestions } from "#quantity/configuration-history.ts";
import { parseJson } from "#quantity/json-text.ts";
import { limits } from "#quantity/limits.ts";
import { describeDomain, type Setting } from "#quantity/setting.ts";
import type { PanelSessions } from "./panel-sessions.ts";
import { describedSettings } from "./settings-described.ts";
import { consequencesOf, type SettingsHistory, type Values } from "./settings-history.ts";
import { suggestedSettings } from "./settings-suggested.ts";

export type Configuring = Extract<MeterCommand, { readonly command: "configure" | "undoConfiguration" }>;

export function isConfiguring(told: MeterCommand): told is Configuring {
  return told.command === "configure" || told.command === "undoConfiguration";
}

export class SettingsDesk {
  readonly #instrument: Instrument;
  readonly history: SettingsHistory;
  readonly #panel: PanelSessions | undefined;

  constructor(instrument: Instrument, history: SettingsHistory, panel: PanelSessions | undefined) {
    this.#instrument = instrument;
    this.history = history;
    this.#panel = panel;
  }

  get #rules() {
    return this.#instrument.design.settings;
  }

  /** Every setting by name, but for what nobody is shown. */
  get shown(): Values {
    const shown = Object.entries(this.#instrument.settings());
    return Object.fromEntries(shown.filter(([name]) => this.#rules[name as Setting]?.secret === undefined));
  }

  describe(title: string): unknown {
    const options = new Set(this.#instrument.log === undefined ? [] : ["logging"]);
    return describedSettings(title, this.#instrument.design, options);
  }

  get suggestions(): Suggestions {
    const { design, log } = this.#instrument;
    return suggestedSettings(design, (name) => this.#instrument.setting(name), log !== undefined);
  }

  changesSince(isIt: (configuration: unknown) => boolean): ChangesTold | undefined {
    const now = this.shown;
    const names = Object.keys(now);
    // In the order in which they are shown.
    const inOrder = (parts: object): object =>
      Object.fromEntries(names.map((name) => [name, Reflect.get(parts, name)]));
    const earlier = this.history.entries.earlier(now, (parts) => isIt(inOrder(parts)));
    if (earlier === undefined) return undefined;
    return firstChanges(this.history.changesOf(earlier as Values, now), limits.configuration.changes);
  }

  obey(told: Configuring, session: Session): Outcome {
    if (told.command === "configure") {
      const given = givenIn(told.configuration);
      if ("words" in given) return { refused: "invalid", words: firstOf(given.words) };
      return this.#configure(given.values, told.check, session);
    }
    const { first, next } = this.history.entries;
    const { entry = next - 1, check } = told;
    const before = this.history.entries.before(entry, this.shown);
    if (before !== undefined) return this.#configure(before as Values, check, session, entry);
    if (next === 0) return { refused: "invalid", words: ["entry: nothing has been changed that could be taken back"] };
    return { refused: "invalid", words: [`entry: expected ${first} to ${next - 1}; found ${entry}`] };
  }

  #configure(given: Values, check: boolean | undefined, session: Session, undoes?: number): Outcome {
    const rules = this.#rules;
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(rules, name));
    if (unknown.length > 0)
      return { refused: "invalid", words: firstOf(unknown.map((name) => `${name}: there is no such setting`)) };
    const before = this.#instrument.settings();
    const changes = new Map(
      (Object.entries(given) as [Setting, number][]).filter(([name, value]) => before[name] !== value),
    );
    const by = originOf(session.peer, session.peer.user);
    const refused =
      check === true
        ? this.#instrument.check(changes)
        : this.history.by(by, () => this.#instrument.change(changes), undoes);
    if (refused === undefined && check !== true) this.#panel?.changed([...changes.keys()], session);
    if (refused !== undefined) {
      const { setting, value, expected } = refused;
      const rule = rules[setting];
      const domain = rule === undefined ? expected : describeDomain(rule);
      const means = domain === expected ? expected : `${expected} (${domain})`;
      return { refused: "invalid", words: [`${setting}: expected ${means}; found ${value}`] };
    }
    const { design, log } = this.#instrument;
    const setting = (name: Setting): number => changes.get(name) ?? before[name] ?? NaN;
    return {
      done: true,
      consequences: consequencesOf([...changes.keys()]),
      ...firstChanges(this.history.changesOf(before, { ...before, ...given }), limits.configuration.changes),
      suggestions: suggestedSettings(design, setting, log !== undefined),
    };
  }
}

/** Settings by name, or what is wrong with a text that has none. */
function givenIn(text: string): { readonly values: Values } | { readonly words: readonly string[] } {
  const none = { words: ["expected an object of settings and numbers"] };
  try {
    const value = parseJson(text, limits.configuration);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return none;
    const odd = Object.entries(value).filter(([, one]) => typeof one !== "number");
    const words = odd.map(([name, one]) => `${name}: expected a number; found ${foundText(one)}`);
    return words.length > 0 ? { words } : { values: value as Values };
  } catch {
    return none;
  }
}

/** A value in a refusal: of one that is long its beginning. */
function foundText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
