/** Bills as rows: what stands in the table of the page, and in the one that is taken away. */
import type { BilledEnergyView, BillsView, BillView } from "#quantity/bills-api.ts";
import { asCsv } from "#quantity/csv-text.ts";
import { moneyOf, plainMoney, type Prices } from "./bill-money.ts";

/** Rates that any of the bills has, of a measure; null where none counted. */
export function ratesOf({ bills }: Pick<BillsView, "bills">, measure: string): readonly (string | null)[] {
  const found = new Set<string | null>();
  for (const { energies } of bills)
    for (const one of energies) if (one.measure === measure) for (const { rate } of one.rates) found.add(rate);
  return [...found].toSorted((a, b) => (a ?? "").localeCompare(b ?? ""));
}

/** Measures of the bills, in their order. */
export function measuresOf({ bills }: Pick<BillsView, "bills">): readonly string[] {
  return [...new Set(bills.flatMap(({ energies }) => energies.map(({ measure }) => measure)))];
}

export function energyOf({ energies }: BillView, measure: string): BilledEnergyView | undefined {
  return energies.find((one) => one.measure === measure);
}

/** The power that an energy is counted of: "W.import" of "Wh.import". */
export function powerOf(measure: string): string {
  return measure.replace(/^([^.]*)h\b/, "$1");
}

/** The largest of its peaks of a measure. */
export function peakOf({ peaks }: BillView, measure: string): BillView["peaks"][number] | undefined {
  const own = peaks.filter((one) => one.measure === powerOf(measure));
  return own.toSorted((a, b) => b.value - a.value)[0];
}

/** A row for each period, measure and rate, as programs read it. */
export function billsCsv(view: BillsView, prices: Prices): string {
  const heads = [
    "period",
    "from",
    "to",
    "hours",
    "whole",
    "running",
    "missing seconds",
    "records",
    "doubtful",
    "measure",
    "unit",
    "side",
    "rate",
    "value",
    "peak",
    "peak at",
    "amount",
    "currency",
  ];
  const rows = view.bills.flatMap((bill) =>
    bill.energies.flatMap((energy) => {
      const money = moneyOf(energy, prices);
      const common = [
        bill.period,
        bill.from?.at ?? "",
        bill.to?.at ?? "",
        bill.hours === null ? "" : String(bill.hours),
        String(bill.isWhole),
        String(bill.isRunning),
        String(bill.missingSeconds),
        String(bill.records),
        String(bill.doubtful),
        energy.measure,
        energy.unit,
        energy.side ?? "",
      ];
      const lineOf = (rate: string, value: number | null, cents: number | undefined, of: string): string[] => {
        const peak = bill.peaks.find(
          (one) => one.measure === powerOf(energy.measure) && (of === "" || (one.rate ?? "none") === of),
        );
        return [
          ...common,
          rate,
          value === null ? "" : String(Number(value.toPrecision(12))),
          peak === undefined ? "" : String(Number(peak.value.toPrecision(9))),
          peak?.at?.at ?? "",
          cents === undefined ? "" : plainMoney(cents),
          cents === undefined ? "" : prices.currency,
        ];
      };
      const lines = energy.rates.map(({ rate, value }) =>
        lineOf(rate ?? "none", value, money?.amounts.find((one) => one.rate === rate)?.cents, rate ?? "none"),
      );
      return [...lines, lineOf("total", energy.total, money?.cents, "")];
    }),
  );
  return asCsv([heads, ...rows]);
}
