/** Sizes in pixels, lines and shades. Everything is told apart without colour: by dashes, shapes, hatching. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Wide enough for a page of A4 or Letter between its margins. */
export const sizes = {
  curves: { width: 720, height: 420 },
  rms: { width: 720, height: 240 },
  waveform: { width: 720, height: 200 },
  trend: { width: 720, height: 220 },
  harmonics: { width: 720, height: 240 },
} as const satisfies Readonly<Record<string, Size>>;

export const margin = { left: 58, right: 16, top: 30, bottom: 42 } as const;

/** Of phases a, b, c and a fourth; a colour for the screen, dashes for paper. */
export const lines: readonly { readonly stroke: string; readonly dashes: string }[] = [
  { stroke: "#111111", dashes: "" },
  { stroke: "#1d5fa0", dashes: "7 3" },
  { stroke: "#a3341d", dashes: "2 2.5" },
  { stroke: "#4d6b1f", dashes: "9 3 2 3" },
];

/** Around words that stand over lines. */
export const halo = { stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke" } as const;

export const shades = { grid: "#dddddd", axis: "#444444", span: "#eeeeee", bar: "#b9c4cf", beyond: "#1a1a1a" } as const;
