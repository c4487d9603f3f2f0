/** Units as recorders write them: symbols with prefixes in any case, names, and those of Russian and Chinese firmware. */

export interface KnownUnit {
  readonly quantity: "V" | "A" | "other";
  /** What one of it is in SI. */
  readonly scale: number;
  /** The unit that `scale` makes of it: "V", "W"; as it is printed where nothing is known of it but that it is none of these. */
  readonly si: string;
}

/** By symbol; "m" is thousandths and "M" millions, all others are the same in either case. */
const prefixes: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  μ: 1e-6,
  мк: 1e-6,
  m: 1e-3,
  м: 1e-3,
  k: 1e3,
  к: 1e3,
  M: 1e6,
  М: 1e6,
  G: 1e9,
  Г: 1e9,
};

const prefixNames: Readonly<Record<string, number>> = {
  "": 1,
  nano: 1e-9,
  micro: 1e-6,
  milli: 1e-3,
  kilo: 1e3,
  mega: 1e6,
  giga: 1e9,
  微: 1e-6,
  毫: 1e-3,
  千: 1e3,
  兆: 1e6,
};

const symbols: Readonly<Record<string, string>> = {
  v: "V",
  в: "V",
  a: "A",
  а: "A",
  w: "W",
  вт: "W",
  va: "VA",
  ва: "VA",
  var: "var",
  вар: "var",
  hz: "Hz",
  гц: "Hz",
  ohm: "Ohm",
  Ω: "Ohm",
};

const names: Readonly<Record<string, string>> = {
  volt: "V",
  volts: "V",
  вольт: "V",
  伏: "V",
  伏特: "V",
  amp: "A",
  amps: "A",
  ampere: "A",
  amperes: "A",
  ampère: "A",
  ampères: "A",
  ампер: "A",
  安: "A",
  安培: "A",
  watt: "W",
  watts: "W",
  hertz: "Hz",
};

/** Units of what is neither volts nor amps, and of numbers without one: a file may have channels of them. */
const others = new Set(
  "none - -- 1 % percent ° deg degree degrees grad rad pu p.u. p.u nm n.m rpm 1/min min-1 s sec ms us °c degc c k f °f bar pa kpa mpa psi m mm m/s m/s2 m/s^2 g n kn j kj wh kwh vah varh va·s vs as cosphi pf f nf uf pf h mh hz/s w/m2 v/hz t db counts count bool boolean state logic".split(
    " ",
  ),
);

/** What is known of a unit; undefined of one that nobody knows. An empty one says that values are SI as they stand. */
export function unitOf(text: string): KnownUnit | undefined {
  // "V rms", "Vrms", "V(peak)": samples are instantaneous whatever the firmware calls them.
  const unit = text
    .trim()
    .replace(/[\s_.(]*\b(rms|inst|dc|ac|pri|prim|sec)\)?\.?$/iu, "")
    .replace(/(?<=[va])(rms|dc|ac)$/iu, "")
    .trim();
  const lower = unit.toLowerCase();
  for (const [symbol, si] of Object.entries(symbols)) {
    if (!lower.endsWith(symbol)) continue;
    const scale = prefixOf(unit.slice(0, unit.length - symbol.length));
    if (scale !== undefined) return { quantity: si === "V" || si === "A" ? si : "other", scale, si };
  }
  for (const [name, si] of Object.entries(names)) {
    if (!lower.endsWith(name)) continue;
    const scale = prefixNames[lower.slice(0, lower.length - name.length).trim()];
    if (scale !== undefined) return { quantity: si === "V" || si === "A" ? si : "other", scale, si };
  }
  return others.has(lower) ? { quantity: "other", scale: 1, si: unit } : undefined;
}

function prefixOf(prefix: string): number | undefined {
  return prefixes[prefix] ?? prefixes[prefix.toLowerCase()];
}

/** What one of `unit` is in SI: "kV" is 1000, "mA" 0.001; 1 where there is none; undefined of one that nobody knows. */
export function unitScale(unit: string): number | undefined {
  return unit.trim() === "" ? 1 : unitOf(unit)?.scale;
}

/** Seconds in one of a unit of time; undefined of what is none. */
export function timeUnitOf(text: string): number | undefined {
  const unit = text.trim().toLowerCase();
  for (const [pattern, scale] of timeUnits) if (pattern.test(unit)) return scale;
  return undefined;
}

const timeUnits: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?|sekunden?|secondes?|segundos?|с|сек|секунд[аы]?|秒)\.?$/u, 1],
  [/^(ms|msecs?|milli-?seconds?|millisekunden?|мс|мсек|毫秒)\.?$/u, 1e-3],
  [/^([uµμ]s|[uµμ]secs?|micro-?seconds?|mikrosekunden?|мкс|微秒)\.?$/u, 1e-6],
  [/^(ns|nsecs?|nano-?seconds?|nanosekunden?|нс|纳秒)\.?$/u, 1e-9],
  [/^(ps|psecs?|pico-?seconds?)\.?$/u, 1e-12],
  [/^(min|minutes?)\.?$/u, 60],
  [/^(h|hours?)\.?$/u, 3600],
];
