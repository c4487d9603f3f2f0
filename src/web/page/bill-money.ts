/** What energies cost at prices by rate; the prices are a person's own, kept in his browser. */
import type { BilledEnergyView } from "#quantity/bills-api.ts";

export interface Prices {
  readonly currency: string;
  /** Per thousand of the unit, by rate; "" is of what has no price of its own. */
  readonly byRate: Readonly<Record<string, number>>;
}

export const noPrices: Prices = { currency: "", byRate: {} };

export interface Amount {
  /** Null where no rate counted. */
  readonly rate: string | null;
  /** Hundredths. */
  readonly cents: number;
}

export interface Money {
  readonly amounts: readonly Amount[];
  readonly cents: number;
}

/** Hundredths of an amount, halves up; a billionth beside a half is the rounding of a product. */
export function centsOf(amount: number): number {
  return Math.floor(100 * amount + 0.5 + 1e-9);
}

function priceOf({ byRate }: Prices, rate: string | null): number | undefined {
  return (rate === null ? undefined : byRate[rate]) ?? byRate[""];
}

/** Undefined where nothing is known, where no price is entered, and where a rate has none: a part of an amount is none. */
export function moneyOf({ total, rates }: BilledEnergyView, prices: Prices): Money | undefined {
  if (total === null || Object.keys(prices.byRate).length === 0) return undefined;
  const parts = rates.length === 0 ? [{ rate: null, value: total }] : rates;
  const amounts = parts.flatMap(({ rate, value }): Amount[] => {
    const price = priceOf(prices, rate);
    return price === undefined ? [] : [{ rate, cents: centsOf((value / 1000) * price) }];
  });
  if (amounts.length < parts.length) return undefined;
  return { amounts, cents: amounts.reduce((sum, { cents }) => sum + cents, 0) };
}

/** "12.34", as programs read it. */
export function plainMoney(cents: number): string {
  const sign = cents < 0 ? "-" : "";
  const whole = Math.abs(cents);
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}

const keyOf = (meter: string): string => `polyphase prices ${meter}`;

/** What somebody has entered for a meter before; what is kept there and is none is none. */
export function keptPrices(storage: Pick<Storage, "getItem">, meter: string): Prices {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(meter)) ?? "null");
    if (typeof kept !== "object" || kept === null) return noPrices;
    const { currency = "", byRate = {} } = kept as Partial<Prices>;
    const known = Object.entries(byRate).filter(([, price]) => typeof price === "number" && Number.isFinite(price));
    return { currency: String(currency).slice(0, 8), byRate: Object.fromEntries(known) };
  } catch {
    return noPrices;
  }
}

export function keepPrices(storage: Pick<Storage, "setItem">, meter: string, prices: Prices): void {
  try {
    storage.setItem(keyOf(meter), JSON.stringify(prices));
  } catch {
    // A browser that keeps nothing has them for as long as the page is open.
  }
}
