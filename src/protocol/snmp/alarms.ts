/** The alarms of a meter as they begin and end: triggers beyond their levels, conditions that are trouble, failures that it finds. */
import type { MeterStatus } from "#quantity/meter-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { numberText } from "./values.ts";

export interface AlarmView {
  /** It is called so for as long as it lasts: "trigger.4", "condition.Low battery". */
  readonly name: string;
  readonly text: string;
  /** What it looked at, and how it is: "V.a", "98.2 V"; a condition has neither. */
  readonly of?: string | undefined;
  readonly value?: string | undefined;
  readonly level?: string | undefined;
}

export interface Alarm extends AlarmView {
  readonly since: Stamp;
}

/** An object identifier has room for so many: 128 numbers, with those before an index. */
const LONGEST_NAME = 64;

function nameOf(kind: string, text: string): string {
  return `${kind}.${text.replaceAll(/[^ -~]/g, "?")}`.slice(0, LONGEST_NAME);
}

/** Those that there are, each name once. */
export function alarmsOf({ alarms, conditions, failures }: MeterStatus): ReadonlyMap<string, AlarmView> {
  const all: AlarmView[] = [
    ...alarms.map(({ id, label, value, of, unit = "", level }): AlarmView => {
      const text = label === "" ? `trigger ${id}` : label;
      return { name: `trigger.${id}`, text, of, value: `${numberText(value)} ${unit}`.trim(), level };
    }),
    ...conditions.flatMap(({ text, trouble, means }): AlarmView[] =>
      trouble ? [{ name: nameOf("condition", text), text, level: means }] : [],
    ),
    ...failures.map((text): AlarmView => ({ name: nameOf("failure", text), text })),
  ];
  return new Map(all.map((one) => [one.name, one]));
}

export class AlarmWatch {
  #known = new Map<string, Alarm>();

  /** Those that last, by name. */
  get all(): ReadonlyMap<string, Alarm> {
    return this.#known;
  }

  /** Takes what there is now; what has begun, and what has ended. */
  look(status: MeterStatus, now: Stamp): { readonly begun: readonly Alarm[]; readonly ended: readonly Alarm[] } {
    const there = alarmsOf(status);
    const ended = [...this.#known.values()].filter(({ name }) => !there.has(name));
    const begun: Alarm[] = [];
    const known = new Map<string, Alarm>();
    for (const [name, one] of there) {
      const before = this.#known.get(name);
      const alarm = { ...one, since: before?.since ?? now };
      if (before === undefined) begun.push(alarm);
      known.set(name, alarm);
    }
    this.#known = known;
    return { begun, ended };
  }
}
