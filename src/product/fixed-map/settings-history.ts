/** What the settings of a meter have been: what is kept, whoever changed it, and what nobody is shown only as changed. */
import { ConfigurationHistory, type Parts } from "#product/configuration-history.ts";
import type { KeyChange } from "#quantity/configuration-history.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Origin } from "#quantity/log.ts";
import type { Setting } from "#quantity/setting.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { MeterStore } from "#store/store.ts";

export type Values = Readonly<Record<string, number>>;

/** Who writes a register, unless more is known of him. */
const modbus: Origin = { by: "Modbus", protocol: "modbus" };

export class SettingsHistory {
  readonly entries: ConfigurationHistory;
  readonly #rules: InstrumentDesign["settings"];
  readonly #now: () => Stamp;
  /** Who changes something, while he does. */
  #by: Origin | undefined = modbus;
  #undoes: number | undefined;

  constructor(store: MeterStore, rules: InstrumentDesign["settings"], now: () => Stamp) {
    this.entries = new ConfigurationHistory(store);
    this.#rules = rules;
    this.#now = now;
  }

  /** What is done meanwhile is somebody's; undefined: nobody's, since there was nothing before. */
  by<T>(who: Origin | undefined, run: () => T, undoes?: number): T {
    const [by, undone] = [this.#by, this.#undoes];
    this.#by = who;
    this.#undoes = undoes;
    try {
      return run();
    } finally {
      this.#by = by;
      this.#undoes = undone;
    }
  }

  /** A peer at a port writes. */
  over<T>(port: string, run: () => T): T {
    return this.by({ ...modbus, port }, run);
  }

  /** Settings are others than they were. */
  changed(before: Values, after: Values): void {
    if (this.#by === undefined) return;
    const changes = this.changesOf(before, after);
    if (changes.length === 0) return;
    const consequences = consequencesOf(changes.map(({ key }) => key as Setting));
    this.entries.add({
      at: this.#now(),
      by: this.#by,
      before: this.shown(before),
      after: this.shown(after),
      changes,
      consequences,
      undoes: this.#undoes,
    });
  }

  /** What is kept through a power failure, and is another. */
  changesOf(before: Values, after: Values): readonly KeyChange[] {
    return (Object.keys(this.#rules) as Setting[]).flatMap((key): KeyChange | readonly KeyChange[] => {
      const rule = this.#rules[key];
      if (before[key] === after[key] || rule?.volatile === true) return [];
      return rule?.secret === true ? { key, secret: true } : { key, before: before[key], after: after[key] };
    });
  }

  /** What is kept, but for what is secret. */
  shown(values: Values): Parts {
    return Object.fromEntries(
      Object.entries(values).filter(([name]) => {
        const rule = this.#rules[name as Setting];
        return rule?.secret !== true && rule?.volatile !== true;
      }),
    );
  }
}

const anew: readonly (readonly [names: readonly Setting[], words: string])[] = [
  [["systemType"], "measurement and demand begin anew"],
  [["demandSubInterval", "demandSubIntervals"], "the demand interval begins anew"],
  [["pulseEnergy"], "energy pulses begin at zero"],
];

/** What begins anew when these settings are others. */
export function consequencesOf(changed: readonly Setting[]): readonly string[] {
  return anew.flatMap(([names, words]) => (names.some((name) => changed.includes(name)) ? [words] : []));
}
