/**
 * The written form of a measure: "Wh.import" is { quantity: "Wh", phase: "polyphase", direction: "delivered" }. Words stand in
 * this order, joined by points, and what goes without saying is left out:
 *
 * - unit: that of the quantity in SI, or a dimensionless one: V, W, VAh, PF, THD.V, unbalance.A.
 * - place: a phase (a, b, c); a pair of phases (ab, bc, ca) of volts from line to line; the average of the volts to neutral
 *   (ln) or from line to line (ll); the neutral (n); the total (sum) or the mean (nothing) of currents; the mean of the phases'
 *   own values (average); of everything else nothing means all phases. A channel's number, where it is counted by channel.
 * - direction: import (delivered), export (received), net (their difference), absolute (their sum), a quadrant (q1 to q4), total
 *   (net or absolute, as the meter is set). Nothing says: of energies none, there is none without; of apparent power its
 *   magnitude; of everything else import less export.
 * - reduction: arithmetic; the symmetrical component (positive, negative, zero); the method (shifted, fundamental, budeanu);
 *   leadlag (a power factor signed + for lagging, - for leading); the harmonic (h2 to h128) or interharmonic (ih1 to ih50); the
 *   harmonics that a distortion takes in (odd, even); angle; demand; what is kept of an interval (min, max, mean, interval for all
 *   that came, snapshot); compensated.
 *
 * The angle of a fundamental has a form of its own, as phasors are read everywhere: "deg.V.a".
 */
import {
  harmonicOrders,
  interharmonicOrders,
  methods,
  parities,
  reductions,
  type Measure,
  type MeasureDirection,
  type MeasurePhase,
  type MeasureQuantity,
  type Method,
  type Reduction,
} from "./measure.ts";

type Places = Readonly<Partial<Record<MeasurePhase, string>>>;

/** How a quantity is written, and what it is measured of. */
interface Form {
  readonly unit: string;
  readonly places: Places;
  readonly directions: readonly MeasureDirection[];
  /** What a name without a direction means; none where a name has to say it. */
  readonly plain?: MeasureDirection;
  /** Follows the direction. */
  readonly tail?: "arithmetic";
  readonly methods?: readonly Method[];
  /** Has harmonics, and an angle of its fundamental. */
  readonly harmonics?: true;
  readonly angle?: true;
  /** Is a distortion: by all harmonics, the odd or the even ones. */
  readonly distortion?: true;
  /** Is signed by lagging and leading, unless by the direction of W. */
  readonly factor?: true;
  /** Has demands, whose plain form is import less export. */
  readonly demand?: true;
  /** The number of channels that it is counted by. */
  readonly channels?: number;
}

const letters: Places = { a: "a", b: "b", c: "c" };
const phased: Places = { ...letters, polyphase: "" };
const averaged: Places = { ...phased, average: "average" };
const toNeutral: Places = { ...letters, polyphase: "ln" };
const pairs: Places = { a: "ab", b: "bc", c: "ca" };
const lineToLine: Places = { ...pairs, polyphase: "ll" };
const currents: Places = { ...letters, polyphase: "sum", average: "", neutral: "n" };
const whole: Places = { polyphase: "" };

const flow: readonly MeasureDirection[] = ["delivered", "received", "bidirectional", "absolute"];
const energyFlow: readonly MeasureDirection[] = ["delivered", "received", "net", "absolute"];
const quadrants: readonly MeasureDirection[] = ["q1", "q2", "q3", "q4"];
const currentFlow: readonly MeasureDirection[] = ["bidirectional", "delivered", "received", "absolute"];
const none: readonly MeasureDirection[] = ["bidirectional"];

const plain = "bidirectional" as const;

function level(unit: string, places: Places): Form {
  return { unit, places, directions: none, plain };
}

function current(unit: string): Form {
  return { unit, places: currents, directions: currentFlow, plain };
}

const forms: Readonly<Record<MeasureQuantity, Form>> = {
  W: { unit: "W", places: phased, directions: flow, plain, demand: true },
  var: { unit: "var", places: phased, directions: [...flow, ...quadrants], plain, methods, demand: true },
  VA: { unit: "VA", places: phased, directions: flow, plain: "absolute", demand: true },
  "VA.arithmetic": {
    unit: "VA",
    places: phased,
    directions: flow,
    plain: "absolute",
    tail: "arithmetic",
    demand: true,
  },
  Q: { unit: "Q", places: phased, directions: flow, plain, demand: true },
  V: { ...level("V", toNeutral), methods: ["fundamental"], harmonics: true },
  "V.ll": { ...level("V", lineToLine), methods: ["fundamental"], harmonics: true },
  A: { ...current("A"), methods: ["fundamental"], harmonics: true, demand: true },
  V2: level("V2", toNeutral),
  "V2.ll": level("V2", lineToLine),
  A2: { ...current("A2"), demand: true },
  Hz: level("Hz", phased),
  "THD.V": { ...level("THD.V", phased), distortion: true },
  "THD.A": { ...level("THD.A", phased), distortion: true },
  PF: { unit: "PF", places: averaged, directions: flow, plain, factor: true },
  "PF.arithmetic": { unit: "PF", places: averaged, directions: flow, plain, factor: true, tail: "arithmetic" },
  "unbalance.V": level("unbalance.V", whole),
  "unbalance.A": level("unbalance.A", phased),
  "rotation.V": level("rotation.V", whole),
  "rotation.A": level("rotation.A", whole),
  "V.positive": { ...level("V.positive", whole), angle: true },
  "V.negative": { ...level("V.negative", whole), angle: true },
  "V.zero": { ...level("V.zero", whole), angle: true },
  "A.positive": { ...level("A.positive", whole), angle: true },
  "A.negative": { ...level("A.negative", whole), angle: true },
  "A.zero": { ...level("A.zero", whole), angle: true },
  "unbalance.V.zero": level("unbalance.V.zero", whole),
  "unbalance.A.zero": level("unbalance.A.zero", whole),
  deg: level("deg", phased),
  quadrant: level("quadrant", phased),
  "crest.V": level("crest.V", letters),
  "crest.A": level("crest.A", letters),
  "K.A": level("K.A", letters),
  "PF.displacement": { ...level("DPF", phased), factor: true },
  "unbalance.V.ln": level("unbalance.V", toNeutral),
  "unbalance.V.ll": level("unbalance.V", lineToLine),
  "unbalance.V.sequence": level("unbalance.V.sequence", whole),
  "unbalance.A.sequence": level("unbalance.A.sequence", whole),
  "THD.V.ll": { ...level("THD.V", lineToLine), distortion: true },
  "V.input": { ...level("V.input", letters), methods: ["fundamental"], harmonics: true },
  "TDD.A": { ...level("TDD.A", letters), distortion: true },
  Pinst: level("Pinst", letters),
  Pst: level("Pst", letters),
  Plt: level("Plt", letters),
  "Pinst.ll": level("Pinst", pairs),
  "Pst.ll": level("Pst", pairs),
  "Plt.ll": level("Plt", pairs),
  "under.V": level("under.V", letters),
  "over.V": level("over.V", letters),
  "under.V.ll": level("under.V", pairs),
  "over.V.ll": level("over.V", pairs),
  MSV: level("MSV", letters),
  "MSV.ll": level("MSV", pairs),
  "Hz.10s": level("Hz.10s", whole),
  "crest.V.ll": level("crest.V", pairs),
  Wh: { unit: "Wh", places: phased, directions: [...energyFlow, "total"] },
  varh: { unit: "varh", places: phased, directions: [...energyFlow, ...quadrants, "total"] },
  VAh: { unit: "VAh", places: phased, directions: energyFlow },
  "VAh.arithmetic": { unit: "VAh", places: phased, directions: energyFlow, tail: "arithmetic" },
  Qh: { unit: "Qh", places: phased, directions: energyFlow },
  Ah: current("Ah"),
  V2h: level("V2h", toNeutral),
  A2h: current("A2h"),
  pulses: { ...level("pulses", whole), channels: 8 },
  totalization: { ...level("totalization", whole), channels: 16 },
  communicated: { ...level("communicated", whole), channels: 14 },
  "communicated.value": { ...level("communicated.value", whole), channels: 14 },
  systemBits: level("systemBits", whole),
  triggerBits: level("triggerBits", whole),
  closed: { ...level("closed", whole), channels: 8 },
};

const directionWords: Readonly<Record<MeasureDirection, string>> = {
  delivered: "import",
  received: "export",
  bidirectional: "net",
  net: "net",
  absolute: "absolute",
  q1: "q1",
  q2: "q2",
  q3: "q3",
  q4: "q4",
  total: "total",
};

const reductionWords: Readonly<Record<Reduction, string>> = {
  minimum: "min",
  maximum: "max",
  average: "mean",
  total: "interval",
  snapshot: "snapshot",
};

/** What a name without a direction means. A demand is of what came less what went, as its sign is. */
function plainDirection(form: Form, demand: boolean): MeasureDirection | undefined {
  return demand ? "bidirectional" : form.plain;
}

/** The written form of a measure: "Wh.a.export.compensated". */
export function measureName(measure: Measure): string {
  const { quantity, phase, direction, compensated, channel, method, sign, order, part, demand, over } = measure;
  const { interharmonic, parity } = measure;
  const form = forms[quantity];
  const place = form.channels === undefined ? (form.places[phase] ?? phase) : (channel ?? "");
  const words = [form.unit, place];
  if (direction !== plainDirection(form, demand === true)) words.push(directionWords[direction]);
  words.push(form.tail ?? "");
  // A phasor's angle: "deg.V.a".
  const ofPhasor = form.harmonics === true && method === "fundamental" && part === "angle";
  if (ofPhasor) words.unshift("deg");
  else words.push(method ?? "");
  if (form.factor === true && sign === undefined && direction !== "absolute") words.push("leadlag");
  if (order !== undefined) words.push(`h${order}`);
  if (interharmonic !== undefined) words.push(`ih${interharmonic}`);
  words.push(parity ?? "");
  if (!ofPhasor) words.push(part ?? "");
  words.push(demand === true ? "demand" : "", over === undefined ? "" : reductionWords[over]);
  words.push(compensated ? "compensated" : "");
  return words.filter((word) => word !== "").join(".");
}

/** Words of a name, taken one by one from the left. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Takes the next word when it is this one. */
  take(word: string): true | undefined {
    if (this.#words[this.#at] !== word) return undefined;
    this.#at++;
    return true;
  }

  /** Takes the next word when one of these is written so. */
  one<T>(among: readonly T[], wordOf: (one: T) => string): T | undefined {
    return among.find((one) => this.take(wordOf(one)));
  }

  /** Takes the next word when it is a number after `prefix`, as it is written: no sign, no leading zero. */
  number(prefix: string, first: number, last: number): number | undefined {
    const word = this.#words[this.#at] ?? "";
    const value = Number(word.slice(prefix.length));
    if (!Number.isInteger(value) || value < first || value > last) return undefined;
    return this.take(`${prefix}${value}`) && value;
  }

  get ended(): boolean {
    return this.#at === this.#words.length;
  }
}

/** A measure without what it does not say. */
function madeOf(parts: Omit<Measure, "compensated"> & { readonly compensated: true | undefined }): Measure {
  const said = Object.entries(parts).filter(([, value]) => value !== undefined);
  return { compensated: false, ...Object.fromEntries(said) } as Measure;
}

/** What the words after the unit make of one quantity. */
function readAs(quantity: MeasureQuantity, words: Words, phasor: boolean): Measure | undefined {
  const form = forms[quantity];
  const channel = form.channels === undefined ? undefined : words.number("", 1, form.channels);
  const places = Object.keys(form.places) as MeasurePhase[];
  const written = words.one(places, (phase) => form.places[phase] || "-");
  const phase = written ?? places.find((one) => form.places[one] === "");
  const marked = words.one(form.directions, (one) => directionWords[one]);
  if (form.tail !== undefined && words.take(form.tail) === undefined) return undefined;
  const method = phasor ? "fundamental" : words.one(form.methods ?? [], (one) => one);
  const leadlag = form.factor && words.take("leadlag");
  const single = phase !== undefined && phase in letters;
  const hasOrders = form.harmonics && single && method === undefined;
  const order = hasOrders ? words.number("h", harmonicOrders.first, harmonicOrders.last) : undefined;
  const interharmonic =
    hasOrders && order === undefined
      ? words.number("ih", interharmonicOrders.first, interharmonicOrders.last)
      : undefined;
  const parity = form.distortion && words.one(parities, (one) => one);
  const part = phasor || ((order !== undefined || form.angle === true) && words.take("angle")) ? "angle" : undefined;
  const demand = form.demand && words.take("demand");
  const over = words.one(reductions, (one) => reductionWords[one]);
  const compensated = words.take("compensated");
  const direction = marked ?? plainDirection(form, demand === true);
  if (!words.ended || phase === undefined || direction === undefined) return undefined;
  if ((form.channels !== undefined) !== (channel !== undefined)) return undefined;
  // An angle is of one phase's fundamental.
  if (phasor && (form.harmonics !== true || !(single || phase === "neutral"))) return undefined;
  const sign = form.factor && leadlag === undefined && direction !== "absolute" ? "flow" : undefined;
  const made = { order, interharmonic, parity, part, demand, over } as const;
  return madeOf({ quantity, phase, direction, compensated, channel, method, sign, ...made });
}

const quantities = Object.keys(forms) as MeasureQuantity[];

/** The measure of a written form; undefined for what is none, or is not written as `measureName` writes it. */
export function parseMeasure(text: string): Measure | undefined {
  const phasor = /^deg\.[AV]\./.test(text);
  const rest = phasor ? text.slice(4) : text;
  for (const quantity of quantities) {
    const { unit } = forms[quantity];
    if (rest !== unit && !rest.startsWith(`${unit}.`)) continue;
    const words = new Words(rest === unit ? [] : rest.slice(unit.length + 1).split("."));
    const measure = readAs(quantity, words, phasor);
    if (measure !== undefined && measureName(measure) === text) return measure;
  }
  return undefined;
}
