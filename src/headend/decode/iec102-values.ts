/** The information of ASDUs of IEC 60870-5-102 in words, object by object. */
import { EVENT_OCTETS, type Body } from "#protocol/iec102/asdu/body.ts";
import { instantaneousOctets, type InstantaneousObject } from "#protocol/iec102/asdu/instantaneous.ts";
import { TARIFF_OCTETS, type TariffEnergy, type TariffObject } from "#protocol/iec102/asdu/tariff.ts";
import { TIME_A, TIME_B, type TimeA, type TimeB } from "#protocol/iec102/asdu/time.ts";
import { blockObjects, blockOctets, totalOctets } from "#protocol/iec102/asdu/totals.ts";
import type { Annotated } from "./annotated.ts";
import { hex } from "./hex-text.ts";

const two = (value: number): string => String(value).padStart(2, "0");

export function timeWords(time: TimeA & Partial<TimeB>): string {
  const { year, month, day, hour, minute, second, millisecond = 0 } = time;
  const date = month === 0 && day === 0 ? "no date" : `20${two(year)}-${two(month)}-${two(day)}`;
  const seconds = second === undefined ? "" : `:${two(second)}.${String(millisecond).padStart(3, "0")}`;
  return [
    `${date} ${two(hour)}:${two(minute)}${seconds}`,
    ...(time.summer ? ["summer time"] : []),
    ...(time.invalid ? ["invalid"] : []),
    ...(time.tariffs ? [`tariffs ${time.energyTariff} and ${time.powerTariff}`] : []),
  ].join(", ");
}

/** Bits of the Spanish profile's quality octet. */
const bits: readonly (readonly [number, string])[] = [
  [0x80, "invalid"],
  [0x40, "synchronised"],
  [0x20, "overflow"],
  [0x10, "time verified"],
  [0x08, "parameters changed"],
  [0x04, "intrusion"],
  [0x02, "incomplete"],
  [0x01, "0x01"],
];

function qualityWords(quality: number): string {
  const words = bits.filter(([bit]) => (quality & bit) !== 0).map(([, words]) => words);
  return words.join(", ") || "good";
}

const objectWords: Readonly<Record<number, string>> = {
  1: "active in",
  2: "active out",
  3: "reactive Q1",
  4: "reactive Q2",
  5: "reactive Q3",
  6: "reactive Q4",
  7: "reserve 7",
  8: "reserve 8",
};

function named(object: number): string {
  return objectWords[object] === undefined ? `object ${object}` : `object ${object}, ${objectWords[object]}`;
}

/** Fields one behind the other, of so many octets each. */
function row(at: number, fields: readonly (readonly [length: number, name: string, text: string])[]): Annotated[] {
  let next = at;
  return fields.map(([length, name, text]) => {
    const field = { at: next, length, name, text };
    next += length;
    return field;
  });
}

const energyWords = ({ absolute, incremental, quality }: TariffEnergy): string =>
  `${absolute}, of the period ${incremental}, ${qualityWords(quality)}`;

function tariffFields(one: TariffObject, at: number): Annotated {
  const inside = row(at, [
    [1, "object", one.object === 20 ? "20: total" : `${one.object}: period ${one.object - 20}`],
    [9, "active", energyWords(one.active)],
    [9, "inductive", energyWords(one.inductive)],
    [9, "capacitive", energyWords(one.capacitive)],
    [5, "reserve 7", `${one.reserve7.value}, ${qualityWords(one.reserve7.quality)}`],
    [5, "reserve 8", `${one.reserve8.value}, ${qualityWords(one.reserve8.quality)}`],
    [10, "maximum", `${one.maximum.value} at ${timeWords(one.maximum.at)}, ${qualityWords(one.maximum.quality)}`],
    [5, "excess", `${one.excess.value}, ${qualityWords(one.excess.quality)}`],
    [TIME_A, "start", timeWords(one.start)],
    [TIME_A, "end", timeWords(one.end)],
  ]);
  return { at, length: TARIFF_OCTETS, name: "tariff", inside };
}

const unknown = "invalid";

function momentFields(one: InstantaneousObject, at: number): Annotated {
  const time = [TIME_A, "time", timeWords(one.at)] as const;
  const places = ["all phases", "phase 1", "phase 2", "phase 3"];
  const values =
    one.object === 192
      ? one.totals.map((value, k) => [4, named(k + 1), value === undefined ? unknown : String(value)] as const)
      : one.object === 193
        ? one.powers.map((power, k) => {
            const words =
              power === undefined
                ? unknown
                : `${power.active} kW ${power.exports ? "out" : "in"}, ${power.reactive} kvar ${power.lower ? "of Q3 or Q4" : "of Q1 or Q2"}, power factor ${power.factor / 1000}`;
            return [8, places[k] ?? "", words] as const;
          })
        : one.phases.map((phase, k) => {
            const words = phase === undefined ? unknown : `${phase.amps / 10} A, ${phase.volts / 10} V`;
            return [7, places[k + 1] ?? "", words] as const;
          });
  const inside = row(at, [[1, "object", String(one.object)], ...values, time]);
  return { at, length: instantaneousOctets[one.object] ?? 0, name: "values", inside };
}

/** Fields of objects one behind the other, each made by its place. */
function each<T>(all: readonly T[], at: number, length: number, make: (one: T, at: number) => Annotated): Annotated[] {
  return all.map((one, k) => make(one, at + k * length));
}

function askedFields({ objects, block, range }: Extract<Body, { kind: "asked" }>, type: number, at: number) {
  const isOne = type >= 104 && type < 120;
  return row(at, [
    ...(objects === undefined
      ? []
      : [[1, "first object", named(objects[0])] as const, [1, "last object", named(objects[1])] as const]),
    ...(block === undefined
      ? []
      : [[1, "block", `${block}: objects ${blockObjects[block]?.join(", ") ?? "unknown"}`] as const]),
    ...(range === undefined
      ? []
      : isOne
        ? [[TIME_A, "period", timeWords(range[0])] as const]
        : [[TIME_A, "from", timeWords(range[0])] as const, [TIME_A, "to", timeWords(range[1])] as const]),
  ]);
}

/** What an information says; `at` is its first octet in the message. */
export function valueFields(body: Body, type: number, at: number): readonly Annotated[] {
  switch (body.kind) {
    case "nothing":
      return [];
    case "totals": {
      const size = totalOctets(type);
      const totals = each(body.totals, at, size, ({ object, value, quality }, from) => ({
        at: from,
        length: size,
        name: named(object),
        text: `${value}, ${qualityWords(quality)}`,
      }));
      return [...totals, ...row(at + size * totals.length, [[TIME_A, "time", timeWords(body.at)]])];
    }
    case "blocks": {
      const objects = blockObjects[body.block] ?? [];
      return each(body.periods, at, blockOctets(body.block), ({ totals, at: time }, from) => ({
        at: from,
        length: blockOctets(body.block),
        name: "period",
        inside: row(from, [
          [1, "block", String(body.block)],
          ...totals.map(
            ({ value, quality }, k) => [5, named(objects[k] ?? 0), `${value}, ${qualityWords(quality)}`] as const,
          ),
          [TIME_A, "time", timeWords(time)],
        ]),
      }));
    }
    case "events":
      return each(body.events, at, EVENT_OCTETS, ({ address, qualifier, on, at: time }, from) => ({
        at: from,
        length: EVENT_OCTETS,
        name: "event",
        text: `address ${address}, qualifier ${qualifier}, ${on ? "on" : "off"}, ${timeWords(time)}`,
      }));
    case "start":
      return row(at, [
        [1, "cause", String(body.why)],
        [1, "record", String(body.of)],
      ]);
    case "product":
      return row(at, [
        [1, "edition", `${body.edition.year}-${two(body.edition.month)}`],
        [1, "manufacturer", String(body.manufacturer)],
        [4, "device", String(body.device)],
      ]);
    case "time":
      return row(at, [[TIME_B, "time", timeWords(body.at)]]);
    case "asked":
      return askedFields(body, type, at);
    // What is secret is not shown.
    case "key":
      return row(at, [[4, "key", "not shown"]]);
    case "addresses":
      return row(
        at,
        body.addresses.map((object) => [1, "object", String(object)] as const),
      );
    case "tariff":
      return each(body.objects, at, TARIFF_OCTETS, tariffFields);
    case "instantaneous": {
      let next = at;
      return body.objects.map((one) => {
        const fields = momentFields(one, next);
        next += fields.length;
        return fields;
      });
    }
    case "powers":
      return row(at, [
        ...body.powers.map(({ object, value }) => [5, `period ${object - 20}`, `${value} kW`] as const),
        [TIME_A, "time", timeWords(body.at)],
      ]);
    case "days":
      return row(
        at,
        body.days.map((day) => [TIME_A, "holiday", timeWords(day)] as const),
      );
    case "point":
      return row(at, [
        [2, "link address", String(body.address)],
        [1, "measuring points", String(body.points)],
        [2, "measuring point", String(body.point)],
        [4, "key", "not shown"],
        [1, "integration period", `${body.period} min`],
        [2, "depth", String(body.depth)],
      ]);
    case "equipment":
      return row(at, [
        [1, "manufacturer", String(body.manufacturer)],
        [2, "model", body.model],
        [1, "firmware", String(body.firmware)],
        [4, "device", String(body.device)],
        [1, "edition", `${body.edition.year}-${two(body.edition.month)}`],
        [TIME_A, "version", timeWords(body.version)],
        [1, "battery", `${body.battery} %`],
        [23, "port 1", `speed ${body.port1.speed}, form ${body.port1.form}`],
        [2, "port 2", `speed ${body.port2.speed}, form ${body.port2.form}`],
        [2, "optical port", `speed ${body.optical.speed}, form ${body.optical.form}`],
        [8, "voltages", `${body.volts.primary / 10} V to ${body.volts.secondary / 10} V`],
        [8, "currents", `${body.amps.primary / 10} A to ${body.amps.secondary / 10} A`],
        [3, "integration periods", body.periods.map((minutes) => `${minutes} min`).join(", ")],
        [
          1,
          "active contracts",
          body.contracts.flatMap((isActive, k) => (isActive ? [k + 1] : [])).join(", ") || "none",
        ],
      ]);
    case "settings": {
      let next = at;
      return body.settings.map((one) => {
        const words =
          one.object === 192
            ? `battery ${one.battery} %`
            : one.object === 197
              ? `periods ${one.periods.join(", ")} min`
              : one.object === 198
                ? `voltages ${one.volts.primary / 10} to ${one.volts.secondary / 10} V, currents ${one.amps.primary / 10} to ${one.amps.secondary / 10} A`
                : hex(one.octets);
        const length =
          1 + (one.object === 192 ? 1 : one.object === 197 ? 2 : one.object === 198 ? 16 : one.octets.length);
        const field = { at: next, length, name: `setting ${one.object}`, text: words };
        next += length;
        return field;
      });
    }
    case "octets":
      return row(at, [[body.octets.length, "octets", hex(body.octets)]]);
  }
}
