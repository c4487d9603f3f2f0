/** Totals by period (types 104 to 123, 189 and 190): made as they are polled, so that a year takes no more memory than an ASDU. */
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import { HEAD, mirror, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { asduWith, type Body } from "#protocol/iec102/asdu/body.ts";
import { TIME_A, type TimeA } from "#protocol/iec102/asdu/time.ts";
import { blockObjects, blockOctets, totalOctets, type TotalObject } from "#protocol/iec102/asdu/totals.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { longestAsdu } from "#protocol/iec102/frame/frame.ts";
import { qualityBits, type Iec102Host, type Period, type Total, type TotalsAsked } from "./host.ts";
import { timeAOf, utcOf } from "./telegram-time.ts";

type Asked = Extract<Body, { kind: "asked" }>;
type Refused = { readonly refuse: number };

/** Answers of these types are of periods alone, without what was counted before. */
const incremental: ReadonlySet<number> = new Set([5, 6, 7, 11, 12, 13, 140]);

const U32 = 0x1_0000_0000;
/** Bits that the base standard has in a status octet; its sequence number stays 0. */
const STANDARD = qualityBits.invalid | qualityBits.synchronised | qualityBits.overflow;

/** A value that cannot be said is absent; one that has rolled over says so. */
export function totalObject({ object, value, quality }: Total, isStandard: boolean): TotalObject {
  const bits = isStandard ? quality & STANDARD : quality;
  if (value === undefined || !Number.isFinite(value) || value < 0)
    return { object, value: 0, quality: bits | qualityBits.invalid };
  const whole = Math.floor(value);
  return { object, value: whole % U32, quality: whole < U32 ? bits : bits | qualityBits.overflow };
}

/** Who asks, and what of. */
export interface TotalsRequest {
  readonly request: Asdu;
  readonly asked: Asked | undefined;
  readonly host: Iec102Host;
}

export function* totalsAnswers(from: TotalsRequest): Generator<Asdu, void> {
  const { request, host } = from;
  const wanted = wantedOf(from);
  if ("refuse" in wanted) return yield mirror(request, wanted.refuse, true);
  const found = host.totals(wanted.asked);
  if (found === undefined) return yield mirror(request, Cause.unknownRecord, true);
  const periods = found[Symbol.iterator]();
  try {
    const first = periods.next();
    if (first.done === true) return yield mirror(request, Cause.noPeriod, true);
    const has = new Set(first.value.totals.map(({ object }) => object));
    if (!wanted.objects.some((object) => has.has(object))) return yield mirror(request, Cause.noObject, true);
    yield mirror(request, Cause.confirmation);
    const all = wanted.oldest ? [first.value] : chained(first.value, periods);
    yield* wanted.block === undefined ? singles(from, wanted.objects, all) : blocks(from, wanted.block, all);
    yield mirror(request, Cause.termination);
  } finally {
    periods.return?.();
  }
}

interface Wanted {
  readonly asked: TotalsAsked;
  readonly objects: readonly number[];
  readonly block: number | undefined;
  /** Only the first that there is. */
  readonly oldest: boolean;
}

function wantedOf({ request, asked, host }: TotalsRequest): Wanted | Refused {
  const objects = objectsOf(asked);
  if (objects === undefined) return { refuse: Cause.noObject };
  const [from, to] = (asked?.range ?? []).map((time) => utcOf(time, (local) => host.utcOf(local)));
  const isRange = asked?.range !== undefined;
  if (isRange && (from === undefined || to === undefined || from > to)) return { refuse: Cause.noPeriod };
  return {
    asked: {
      record: request.record,
      incremental: incremental.has(types.get(request.type)?.answer ?? 0),
      from: isRange ? from : undefined,
      to: isRange ? to : undefined,
    },
    objects,
    block: asked?.block,
    oldest: !isRange,
  };
}

function objectsOf(asked: Asked | undefined): readonly number[] | undefined {
  if (asked?.block !== undefined) return blockObjects[asked.block];
  const [first, last] = asked?.objects ?? [1, 255];
  return first >= 1 && first <= last ? Array.from({ length: last - first + 1 }, (_, k) => first + k) : undefined;
}

function* chained(first: Period, rest: Iterator<Period>): Generator<Period, void> {
  yield first;
  for (let step = rest.next(); step.done !== true; step = rest.next()) yield step.value;
}

/** An ASDU a period, more where its objects do not fit one. */
function* singles(
  { request, host }: TotalsRequest,
  objects: readonly number[],
  periods: Iterable<Period>,
): Generator<Asdu, void> {
  const type = types.get(request.type)?.answer ?? 0;
  const { settings } = host;
  const fit = Math.floor((longestAsdu(settings.addressOctets) - HEAD - TIME_A) / totalOctets(type));
  const wanted = new Set(objects);
  for (const { at, totals } of periods) {
    const here = totals.filter(({ object }) => wanted.has(object));
    const said = here.map((total) => totalObject(total, settings.companion === "base"));
    for (let first = 0; first < said.length; first += fit)
      yield data(request, type, { kind: "totals", totals: said.slice(first, first + fit), at: timeAOf(at) });
  }
}

/** As many periods as fit in each ASDU; objects that a meter does not have are absent in their places. */
function* blocks({ request, host }: TotalsRequest, block: number, all: Iterable<Period>): Generator<Asdu, void> {
  const type = types.get(request.type)?.answer ?? 0;
  const { settings } = host;
  const fit = Math.floor((longestAsdu(settings.addressOctets) - HEAD) / blockOctets(block));
  const objects = blockObjects[block] ?? [];
  let periods: { readonly totals: readonly TotalObject[]; readonly at: TimeA }[] = [];
  for (const { at, totals } of all) {
    const said = objects.map((object) => {
      const total = totals.find((one) => one.object === object) ?? { object, value: undefined, quality: 0 };
      return totalObject(total, false);
    });
    periods.push({ totals: said, at: timeAOf(at) });
    if (periods.length < fit) continue;
    yield data(request, type, { kind: "blocks", block, periods });
    periods = [];
  }
  if (periods.length > 0) yield data(request, type, { kind: "blocks", block, periods });
}

/** What was requested, from the record that the request names. */
export function data({ point, record, test }: Asdu, type: number, body: Body): Asdu {
  return asduWith({ type, cause: Cause.requested, point, record, test }, body);
}
