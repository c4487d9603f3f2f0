/** Registers of energies by rate: which belong together, and what the rates come to. */
import type { RegisterView } from "#quantity/meter-api.ts";

export interface RateRow {
  /** "Wh.import". */
  readonly measure: string;
  readonly side: RegisterView["side"];
  /** By rate: the register that shows it; undefined of a rate that none shows. */
  readonly byRate: readonly (RegisterView | undefined)[];
  readonly total: RegisterView | undefined;
}

export interface RateTable {
  readonly rates: readonly string[];
  readonly rows: readonly RateRow[];
}

const named = /^(.*?)(?:\.rate([A-H]))?$/;

/** "A" of "Wh.import.rateA"; undefined of a total. */
function rateOf({ name }: RegisterView): string | undefined {
  return named.exec(name)?.[2];
}

/** What counts energy as it is now: its name is that of its measure, and its rate's. */
function isEnergy({ measure, name }: RegisterView): boolean {
  return measure !== undefined && /^[^.]*h\b/.test(measure) && named.exec(name)?.[1] === measure;
}

/** Energies of which some register shows a rate. */
export function rateTable(registers: readonly RegisterView[]): RateTable {
  const energies = registers.filter(isEnergy);
  const rates = [...new Set(energies.flatMap((one) => rateOf(one) ?? []))].toSorted();
  const keyOf = ({ measure, side }: RegisterView): string => `${measure} ${side ?? ""}`;
  const rows = [...new Set(energies.filter((one) => rateOf(one) !== undefined).map(keyOf))].map((key): RateRow => {
    const of = energies.filter((one) => keyOf(one) === key);
    return {
      measure: of[0]?.measure ?? "",
      side: of[0]?.side,
      byRate: rates.map((rate) => of.find((one) => rateOf(one) === rate)),
      total: of.find((one) => rateOf(one) === undefined),
    };
  });
  return { rates, rows };
}
