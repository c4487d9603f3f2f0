/**
 * What a station answers to a request, ASDU by ASDU as they are polled: one with the information, or a confirmation, data, and the end; or the
 * request again with why it is refused (IEC 60870-5-102, 8; the Spanish profile).
 */
import { HEAD, mirror, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { asduWith, EVENT_OCTETS, type Body, type EventObject } from "#protocol/iec102/asdu/body.ts";
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { longestAsdu } from "#protocol/iec102/frame/frame.ts";
import type { Closure, Iec102Host } from "./host.ts";
import { dayOf, stampTimeOf, timeAOf, timeBOf, utcOf } from "./telegram-time.ts";
import { data, totalsAnswers } from "./totals-answers.ts";
import { equipmentOf, momentObject, pointOf, productOf, settingOf, tariffObject } from "./values-answers.ts";

type Answers = Iterable<Asdu>;
type Answering = (request: Asdu, body: Body, host: Iec102Host) => Answers;

/** Records of the three contracts: active ones from here on, latent ones behind them. */
const FIRST_CONTRACT = 134;
const CONTRACTS = 3;
/** Until the end of the minute that was said. */
const MINUTE_MS = 60_000;

export function refused(request: Asdu, cause: number): Answers {
  return [mirror(request, cause, true)];
}

function contractOf({ record }: Asdu): number | undefined {
  const contract = record - FIRST_CONTRACT + 1;
  return contract >= 1 && contract <= CONTRACTS ? contract : undefined;
}

function one(request: Asdu, body: Body): Answers {
  return [data(request, types.get(request.type)?.answer ?? 0, body)];
}

/** The clock as it is when it is polled, which may be long after it was asked for. */
function clock(request: Asdu, _body: Body, host: Iec102Host): Answers {
  const now = (): Asdu => data(request, 72, { kind: "time", at: timeBOf(host.now()) });
  const told = now();
  return [
    {
      ...told,
      get data() {
        return now().data;
      },
    },
  ];
}

/** From and to, UTC; undefined where no calendar has them, or the end is before the beginning. */
function rangeOf(body: Body, host: Iec102Host): readonly [number, number] | undefined {
  if (body.kind !== "asked" || body.range === undefined) return undefined;
  const [from, to] = body.range.map((time) => utcOf(time, (local) => host.utcOf(local)));
  return from === undefined || to === undefined || from > to ? undefined : [from, to];
}

function* events(request: Asdu, body: Body, host: Iec102Host): Generator<Asdu, void> {
  const range = request.type === 101 ? ([-Infinity, Infinity] as const) : rangeOf(body, host);
  if (range === undefined) return yield mirror(request, Cause.noRecord, true);
  const found = host.events(request.record, range[0], range[1] + MINUTE_MS - 1);
  if (found === undefined) return yield mirror(request, Cause.unknownRecord, true);
  yield mirror(request, Cause.confirmation);
  const fit = Math.floor((longestAsdu(host.settings.addressOctets) - HEAD) / EVENT_OCTETS);
  let some: EventObject[] = [];
  for (const { address, qualifier, on, at } of found) {
    some.push({ address, qualifier, on, at: stampTimeOf(at) });
    if (some.length < fit) continue;
    yield data(request, 1, { kind: "events", events: some });
    some = [];
  }
  if (some.length > 0) yield data(request, 1, { kind: "events", events: some });
  yield mirror(request, Cause.termination);
}

function* tariffs(request: Asdu, found: Iterable<Closure> | undefined): Generator<Asdu, void> {
  if (found === undefined) return yield mirror(request, Cause.unknownRecord, true);
  const type = types.get(request.type)?.answer ?? 0;
  let any = false;
  for (const closure of found) {
    if (!any) yield mirror(request, Cause.confirmation);
    any = true;
    yield data(request, type, { kind: "tariff", objects: [tariffObject(closure)] });
  }
  yield any ? mirror(request, Cause.termination) : mirror(request, Cause.noPeriod, true);
}

function stored(request: Asdu, body: Body, host: Iec102Host): Answers {
  const [contract, range] = [contractOf(request), rangeOf(body, host)];
  if (contract !== undefined && range === undefined) return refused(request, Cause.noPeriod);
  // A reset ends a period in the middle of a minute: it is found by that.
  const found = contract && range ? host.closures(contract, range[0], range[1] + MINUTE_MS - 1) : undefined;
  return tariffs(request, found);
}

function running(request: Asdu, _body: Body, host: Iec102Host): Answers {
  const contract = contractOf(request);
  return tariffs(request, contract === undefined ? undefined : host.running(contract));
}

/** Each address once, in the order in which they were asked for; undefined where one of them is not there. */
function each<T>(body: Body, of: (address: number) => T | undefined): readonly T[] | undefined {
  if (body.kind !== "addresses" || body.addresses.length === 0) return undefined;
  const found = [...new Set(body.addresses)].map(of);
  return found.every((value) => value !== undefined) ? found : undefined;
}

function moment(request: Asdu, body: Body, host: Iec102Host): Answers {
  const now = host.instantaneous();
  const objects = each(body, (address) => momentObject(address, now));
  return objects === undefined ? refused(request, Cause.noObject) : one(request, { kind: "instantaneous", objects });
}

function settings(request: Asdu, body: Body, host: Iec102Host): Answers {
  const found = each(body, (address) => settingOf(address, host));
  return found === undefined ? refused(request, Cause.noObject) : one(request, { kind: "settings", settings: found });
}

function powers(request: Asdu, _body: Body, host: Iec102Host): Answers {
  const contract = contractOf(request);
  if (contract === undefined) return refused(request, Cause.unknownRecord);
  const found = host.contracted?.(contract);
  if (found === undefined) return refused(request, Cause.noRecord);
  return one(request, { kind: "powers", powers: found.powers, at: timeAOf(found.since) });
}

/** Days of one ASDU: a meter has a few tens. */
const MOST_DAYS = 48;

function holidays(request: Asdu, _body: Body, host: Iec102Host): Answers {
  const contract = contractOf(request);
  if (contract === undefined) return refused(request, Cause.unknownRecord);
  const found = host.holidays?.(contract);
  if (found === undefined) return refused(request, Cause.noRecord);
  return one(request, { kind: "days", days: found.slice(0, MOST_DAYS).map(dayOf) });
}

function isActive(host: Iec102Host): (contract: number) => boolean {
  return (contract) => host.running(contract) !== undefined;
}

const totals: Answering = (request, body, host) =>
  totalsAnswers({ request, asked: body.kind === "asked" ? body : undefined, host });

const standard: Readonly<Record<number, Answering>> = {
  100: (request, _body, host) => one(request, productOf(host)),
  101: events,
  102: events,
  103: clock,
  ...Object.fromEntries(Array.from({ length: 20 }, (_, k) => [104 + k, totals] as const)),
};

const spanish: Readonly<Record<number, Answering>> = {
  133: running,
  134: stored,
  141: (request, _body, host) => one(request, equipmentOf(host, isActive(host))),
  144: powers,
  147: holidays,
  156: settings,
  162: moment,
  182: (request, _body, host) => one(request, pointOf(host)),
  189: totals,
  190: totals,
};

/** Types that a station answers without a session of its own: those of the companion that it has. */
export function answeringOf(type: number, { settings: { companion } }: Iec102Host): Answering | undefined {
  return standard[type] ?? (companion === "ree" ? spanish[type] : undefined);
}

/** Types that a station serves, for documents and tests: of the standard, and what the Spanish profile adds. */
export const served: { readonly standard: readonly number[]; readonly spanish: readonly number[] } = {
  standard: Object.keys(standard).map(Number),
  spanish: [...Object.keys(spanish).map(Number), 181, 183, 187].sort((a, b) => a - b),
};

/** The station has begun: mains on (IEC 60870-5-102, 7.3.2). */
export function begun({ settings: { measuringPoint } }: Iec102Host): Asdu {
  const head = { type: 70, cause: Cause.initialised, point: measuringPoint, record: 0 };
  return asduWith(head, { kind: "start", why: 0, of: 0 });
}
