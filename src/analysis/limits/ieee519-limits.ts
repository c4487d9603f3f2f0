/**
 * Limits of IEEE 519-2022, as public programs have them (tables 1 to 4, the percentiles and their factors), held against one another;
 * that the numbers of the tables are those of 2014 and the rule of even orders is not: MB Drive Services, "What has changed in IEEE 519
 * between 2014 and 2022 editions?", and "Updates of IEEE 519-2022 than IEEE 519-2014". The standard's own text was not at hand.
 */

/** Volts of the bus, line to line, up to and with; percent of its nominal voltage. */
interface VoltageLimit {
  readonly upTo: number;
  readonly individual: number;
  readonly thd: number;
}

/** Table 1. */
export const voltageLimits: readonly VoltageLimit[] = [
  { upTo: 1000, individual: 5, thd: 8 },
  { upTo: 69_000, individual: 3, thd: 5 },
  { upTo: 161_000, individual: 1.5, thd: 2.5 },
  { upTo: Infinity, individual: 1, thd: 1.5 },
];

/** Orders 2 to 50 in five bands, each from an order on. */
const bands = [2, 11, 17, 23, 35] as const;
export const TOP_ORDER = 50;

/** Short-circuit current over load current, below; percent of the load current: by band of orders, and TDD. */
type CurrentRow = readonly [below: number, limits: readonly [number, number, number, number, number], tdd: number];

interface CurrentTable {
  readonly number: 2 | 3 | 4;
  /** Volts of the bus, line to line. */
  readonly upTo: number;
  readonly rows: readonly CurrentRow[];
}

// prettier-ignore
const currentTables: readonly CurrentTable[] = [
  { number: 2, upTo: 69_000, rows: [
    // Isc/IL      2-10   11-16  17-22  23-34  35-50   TDD
    [20,         [ 4,     2,     1.5,   0.6,   0.3 ],   5 ],
    [50,         [ 7,     3.5,   2.5,   1,     0.5 ],   8 ],
    [100,        [10,     4.5,   4,     1.5,   0.7 ],  12 ],
    [1000,       [12,     5.5,   5,     2,     1   ],  15 ],
    [Infinity,   [15,     7,     6,     2.5,   1.4 ],  20 ],
  ] },
  { number: 3, upTo: 161_000, rows: [
    [20,         [ 2,     1,     0.75,  0.3,   0.15],   2.5],
    [50,         [ 3.5,   1.75,  1.25,  0.5,   0.25],   4 ],
    [100,        [ 5,     2.25,  2,     0.75,  0.35],   6 ],
    [1000,       [ 6,     2.75,  2.5,   1,     0.5 ],   7.5],
    [Infinity,   [ 7.5,   3.5,   3,     1.25,  0.7 ],  10 ],
  ] },
  { number: 4, upTo: Infinity, rows: [
    [25,         [ 1,     0.5,   0.38,  0.15,  0.1 ],   1.5],
    [50,         [ 2,     1,     0.75,  0.3,   0.15],   2.5],
    [Infinity,   [ 3,     1.5,   1.15,  0.45,  0.22],   3.75],
  ] },
];

/** The tables of current begin here. */
export const LEAST_VOLTS = 120;

export interface CurrentLimits {
  readonly table: 2 | 3 | 4;
  /** As the table writes the row: "20 < 50". */
  readonly row: string;
  readonly tdd: number;
  /** Percent of the load current that an order from 2 to 50 may have. */
  limitOf(order: number): number;
}

export function voltageLimitsOf(busVolts: number): VoltageLimit {
  const found = voltageLimits.find(({ upTo }) => busVolts <= upTo);
  if (found === undefined || !(busVolts > 0)) throw new RangeError(`a bus of ${busVolts} V: expected more than 0`);
  return found;
}

/** Of exactly 1,000, which tables 2 and 3 leave out between "100 < 1000" and "> 1000", the stricter row. */
export function currentLimitsOf(busVolts: number, ratio: number): CurrentLimits {
  if (!(busVolts >= LEAST_VOLTS)) throw new RangeError(`a bus of ${busVolts} V: table 2 begins at ${LEAST_VOLTS} V`);
  if (!(ratio > 0)) throw new RangeError(`Isc/IL of ${ratio}: expected more than 0`);
  const table = currentTables.find(({ upTo }) => busVolts <= upTo) ?? currentTables[2]!;
  const at = table.rows.findIndex(([below]) => ratio < below || (below === 1000 && ratio === 1000));
  const [below, limits, tdd] = table.rows.at(at)!;
  const above = table.rows[at - 1]?.[0];
  const last = table.number === 4 ? `>= ${above}` : `> ${above}`;
  return {
    table: table.number,
    row: above === undefined ? `< ${below}` : below === Infinity ? last : `${above} < ${below}`,
    tdd,
    limitOf(order) {
      const band = bands.findLastIndex((from) => order >= from);
      const limit = limits[band];
      if (limit === undefined || order > TOP_ORDER) throw new RangeError(`order ${order}: expected 2 to ${TOP_ORDER}`);
      return isHalved(order) ? limit / 2 : limit;
    },
  };
}

/** Even orders to 6 have half of their band's limit, those above all of it: 2022; in 2014 all even ones had a quarter. */
function isHalved(order: number): boolean {
  return order % 2 === 0 && order <= 6;
}

/** Which percentile of which values, and how many times the limit it may be (clause 5, "statistical evaluation"). */
export interface Statistic {
  readonly of: "3 s of a day" | "10 min of a week";
  readonly percent: number;
  readonly times: number;
}

export const voltageStatistics: readonly Statistic[] = [
  { of: "3 s of a day", percent: 99, times: 1.5 },
  { of: "10 min of a week", percent: 95, times: 1 },
];

export const currentStatistics: readonly Statistic[] = [
  { of: "3 s of a day", percent: 99, times: 2 },
  { of: "10 min of a week", percent: 99, times: 1.5 },
  { of: "10 min of a week", percent: 95, times: 1 },
];
