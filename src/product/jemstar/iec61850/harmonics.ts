/** Harmonics of the last block as arrays of MHAI: order 1 is the fundamental; of order 0, which nobody measures, nothing is known. */
import { nodeName, type Ied } from "#protocol/iec61850/model/ied.ts";
import type { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { quality } from "#protocol/iec61850/model/value.ts";
import type { QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import type { Draft } from "./draft.ts";
import type { Around } from "./points.ts";

interface Place {
  readonly channel: string;
  readonly order: number;
  readonly value: number;
  readonly q: number;
  readonly t: number;
}

const channels: Readonly<Record<string, readonly [volts: string, amps: string]>> = {
  phsAHar: ["V.a", "A.a"],
  phsBHar: ["V.b", "A.b"],
  phsCHar: ["V.c", "A.c"],
  phsABHar: ["V.ab", ""],
  phsBCHar: ["V.bc", ""],
  phsCAHar: ["V.ca", ""],
};

export class Harmonics {
  readonly #places: readonly Place[];
  #shown: string | null | undefined;

  constructor(ied: Ied, leaves: LeafIndex) {
    this.#places = ied.devices.flatMap(({ inst, nodes }) =>
      nodes
        .filter(({ lnClass }) => lnClass === "MHAI")
        .flatMap((node) =>
          node.objects.flatMap(({ name, attributes }) =>
            attributes.flatMap((one) => {
              if (one.kind !== "array" || one.fc !== "MX") return [];
              const channel = channels[one.name]?.[name === "HA" ? 1 : 0] ?? "";
              return one.items.flatMap((_, order): Place[] => {
                const path = `${nodeName(node)}.${name}.${one.name}(${order})`;
                const index = (tail: string): number | undefined => leaves.find(inst, `${path}.${tail}`)?.leaf.index;
                const [value, q, t] = [index("cVal.mag.f"), index("q"), index("t")];
                return value === undefined || q === undefined || t === undefined
                  ? []
                  : [{ channel, order, value, q, t }];
              });
            }),
          ),
        ),
    );
  }

  /** Shows a block that has not been shown yet; `view` is asked for only where there is something to show it. */
  show(draft: Draft, view: () => QualityView | undefined, { at }: Around): void {
    if (this.#places.length === 0) return;
    const block = view();
    const utc = block?.utc;
    if (utc === this.#shown && this.#shown !== undefined) return;
    this.#shown = utc;
    const found = new Map(block?.channels.map((one) => [one.name, one]));
    for (const { channel, order, ...place } of this.#places) {
      const value = magnitude(found.get(channel), order);
      const isNew = draft.set(place.value, value);
      const isOther = draft.set(place.q, value === undefined ? quality.invalid : quality.good);
      if (isNew || isOther) draft.set(place.t, at);
    }
  }
}

/** Percents of the fundamental as what they are of. */
function magnitude(channel: QualityChannelView | undefined, order: number): number | undefined {
  const percent = channel?.harmonics[order - 1];
  const fundamental = channel?.fundamental;
  if (percent === undefined || percent === null || fundamental === undefined || fundamental === null) return undefined;
  return Math.fround((fundamental * percent) / 100);
}
