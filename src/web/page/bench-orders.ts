/** What buttons of the bench order, in the words of the API. */

export const phases = ["a", "b", "c"] as const;
export type Phase = (typeof phases)[number];

export const eventKinds = ["sag", "swell", "interruption", "transient", "step"] as const;
export type OrderedKind = (typeof eventKinds)[number];

export interface EventForm {
  readonly kind: OrderedKind;
  /** By how much, percent; of a transient of the peak of the fundamental, of a step of the amps. */
  readonly depth: number;
  readonly lastsMs: number;
  readonly phases: readonly Phase[];
}

/** How deep and long each is unless somebody says otherwise. */
export const usual: Readonly<Record<OrderedKind, Pick<EventForm, "depth" | "lastsMs">>> = {
  sag: { depth: 40, lastsMs: 200 },
  swell: { depth: 20, lastsMs: 200 },
  interruption: { depth: 100, lastsMs: 1000 },
  transient: { depth: 80, lastsMs: 10 },
  step: { depth: 50, lastsMs: 60_000 },
};

/** Percent by which something can be less or more. */
export const mostOf: Readonly<Record<OrderedKind, number>> = {
  sag: 100,
  swell: 200,
  interruption: 100,
  transient: 300,
  step: 1000,
};

/** An event as it is ordered: 40 % less are 0.6 of the volts. */
export function eventOf({ kind, depth, lastsMs, phases }: EventForm): Readonly<Record<string, unknown>> {
  const part = (percent: number): number => Math.round(percent * 1e4) / 1e6;
  const sizes = {
    sag: { volts: part(100 - depth) },
    swell: { volts: part(100 + depth) },
    interruption: {},
    transient: { volts: part(depth) },
    step: { amps: part(100 + depth) },
  };
  return { kind, for: lastsMs / 1000, phases, ...sizes[kind] };
}

/** A list of harmonics with one of an order in place of what it had; without percent it is gone. */
export function withOrder<T extends { readonly order: number; readonly percent: number }>(
  list: readonly T[],
  one: T,
): readonly T[] {
  const others = list.filter(({ order }) => order !== one.order);
  return one.percent > 0 ? [...others, one].sort((a, b) => a.order - b.order) : others;
}
