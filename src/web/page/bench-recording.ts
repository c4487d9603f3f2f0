/** What somebody does at a bench, as a scenario that does it again (docs/scenarios.md). */
import type { BenchState, BenchView } from "#quantity/bench-view.ts";

/** Something that was done, or expected, in the words of scenarios. */
export type Deed = Readonly<Record<string, unknown>>;

interface Noted {
  /** Milliseconds of the site's UTC. */
  readonly utc: number;
  readonly key: "do" | "expect";
  readonly deeds: readonly Deed[];
}

/** How far what is measured may be from what was measured, in the words of scenarios. */
const WITHIN = "1 %";

export class Recording {
  readonly #view: BenchView;
  readonly #steps: Noted[] = [];

  /** What the bench had by then is its first step. */
  constructor(view: BenchView) {
    this.#view = view;
    const set = setOf(view);
    if (Object.keys(set).length > 0) this.did(view.utc, { meter: view.name, bench: set });
  }

  get length(): number {
    return this.#steps.length;
  }

  did(utc: number, deed: Deed): void {
    this.#steps.push({ utc, key: "do", deeds: [deed] });
  }

  /** What is measured now is to be measured then, as far as it is known and more than nothing. */
  expects(utc: number, readings: Readonly<Record<string, number | null>>): void {
    const deeds = ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c", "W", "Hz"].flatMap((reading) => {
      const value = readings[reading] ?? 0;
      const is = Number(value.toPrecision(6));
      return is === 0 ? [] : [{ meter: this.#view.name, reading, is, within: WITHIN }];
    });
    if (deeds.length > 0) this.#steps.push({ utc, key: "expect", deeds });
  }

  /** The file: YAML, of whose values each is written as JSON. */
  get yaml(): string {
    const { utc: began, name, siteFile } = this.#view;
    const steps = this.#steps.flatMap(({ utc, key, deeds }) => [
      `  - at: ${Math.max(0, Math.round(utc - began)) / 1000} s`,
      `    ${key}:`,
      ...deeds.map((one) => `      - ${JSON.stringify(one)}`),
    ]);
    return [
      "# Recorded at a bench. It is run from where the site file lies: npx polyphase scenario FILE",
      `name: ${JSON.stringify(`recorded at the bench of ${name}`)}`,
      `site: ${JSON.stringify(siteFile)}`,
      `start: ${JSON.stringify(new Date(Math.round(began)).toISOString())}`,
      ...(steps.length === 0 ? ["steps: []"] : ["steps:", ...steps]),
      "",
    ].join("\n");
  }
}

/** What makes a bench that is as the site file has it what it is. */
function setOf({ now, differs, events, utc }: BenchView): Deed {
  const values = differs.flatMap(({ key }) => (key === "events" ? [] : [[key, now[key satisfies keyof BenchState]]]));
  const ordered = events
    .filter(({ by }) => by === "bench")
    .map(({ by: _by, utc: begins, ...event }) => ({ ...event, at: Math.max(0, Date.parse(begins) - utc) / 1000 }));
  return { ...Object.fromEntries(values), ...(ordered.length === 0 ? {} : { events: ordered }) } as Deed;
}
