/** Power quality as an instrument tells it, for tests of who shows it: blocks put together by hand, and a product that has one. */
import type { FlickerView, QualityChannelView, QualityView } from "#quantity/quality-view.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { Product } from "#product/product.ts";

type Percents = Readonly<Record<number, number | null>>;

/** Percent by order; every other order to `last` is 0, and what comes after it is not known. */
function orders(given: Percents, last: number, first = 0): readonly (number | null)[] {
  return Array.from({ length: 50 }, (_, k) => (k + 1 > last ? null : (given[k + 1] ?? (k === 0 ? first : 0))));
}

/** A channel with these harmonics, whose distortion is their root of squares. */
export function channel(
  name: string,
  fundamental: number,
  degrees: number,
  harmonics: Percents,
  { last = 50, interharmonics = {} }: { readonly last?: number; readonly interharmonics?: Percents } = {},
): QualityChannelView {
  const rootOf = (takes: (order: number) => boolean): number =>
    Math.hypot(...Object.entries(harmonics).map(([order, percent]) => (takes(Number(order)) ? (percent ?? 0) : 0)));
  const thd = rootOf(() => true);
  const isAmps = name.startsWith("A");
  return {
    name,
    unit: isAmps ? "A" : "V",
    rms: fundamental * Math.hypot(1, thd / 100),
    fundamental,
    degrees,
    crest: 1.4567,
    thd,
    thdOdd: rootOf((order) => order % 2 === 1),
    thdEven: rootOf((order) => order % 2 === 0),
    ...(isAmps ? { k: 1.25, tdd: 3.5 } : {}),
    harmonics: orders(harmonics, last, 100),
    interharmonics: orders(interharmonics, last - 1),
  };
}

export const flicker: readonly FlickerView[] = [
  { name: "V.a", pinst: 0.42, pst: 0.651, pstFlagged: true, plt: null, pltFlagged: false },
  { name: "V.b", pinst: 0.43, pst: 0.652, pstFlagged: false, plt: null, pltFlagged: false },
  { name: "V.c", pinst: null, pst: null, pstFlagged: false, plt: null, pltFlagged: false },
];

/** Three phases of which A has 7.2 % of the fifth harmonic, and C is sampled too slowly for what is above the 23rd. */
export const block: QualityView = {
  utc: "2026-01-01T00:00:00Z",
  cycles: 12,
  flagged: false,
  missing: [],
  channels: [
    channel("V.a", 120.1, 0, { 2: 0.3, 5: 7.2, 7: 2.5, 11: 1.25 }, { interharmonics: { 4: 0.8 } }),
    channel("V.b", 119.2, -120.5, { 3: 0.9, 5: 2.75, 7: 1.5 }),
    channel("V.c", 121.3, 119.25, { 5: 3.1, 23: 0.5 }, { last: 23 }),
    channel("V.ab", 207.4, 29.7, { 5: 4.4 }),
    channel("A.a", 5.01, -25.5, { 3: 8, 5: 22, 7: 11 }),
    channel("A.b", 4.02, -146.25, { 5: 20 }),
  ],
  unbalance: { V: { negative: 0.84, zero: 0.51 }, A: { negative: 12.5, zero: null } },
  flicker,
  hz10s: 59.9876,
};

const volts = parseMeasure("V.a")!;

/** A meter that has measured one block, or says what `shown` makes at each look. */
export class QualitySurface extends PlainSurface {
  readonly identity;
  readonly measures = [volts];
  shown: () => QualityView | undefined = () => block;

  constructor(name: string) {
    super();
    this.identity = {
      name,
      model: "quality-meter",
      title: "Quality meter",
      manufacturer: "",
      serial: "",
      firmware: "",
      modelNumber: "",
    };
  }

  advance(): void {
    this.changes.tell("cycle");
  }

  now = () => ({ utc: Date.UTC(2026, 0, 1), offsetMinutes: 0, daylightSaving: false, synchronised: true });
  protected value = () => 120.1;
  override quality = () => this.shown();
}

/** A product of such meters; the surfaces that it has made, by name. */
export function qualityMeters(): { readonly product: Product; readonly made: Map<string, QualitySurface> } {
  const made = new Map<string, QualitySurface>();
  const product: Product = {
    protocols: [],
    models: [{ name: "quality-meter", title: "Quality meter", manual: "none" }],
    check: () => [],
    make({ entry, source }) {
      const surface = new QualitySurface(entry.name);
      made.set(entry.name, surface);
      return {
        surface,
        source: source({ sampling: { perCycle: 64 }, wiring: "wye" }),
        bindings: {},
        line: { address: 1, baud: 9600, parity: 0 },
        notices: [],
        room: () => undefined,
        start: () => {},
        stop: () => {},
        advance: () => surface.advance(),
      };
    },
  };
  return { product, made };
}
