/** Prices that somebody enters for his bills: they stay in his browser. */
import type { Prices } from "./bill-money.ts";
import { say } from "./language.ts";
import { billTexts } from "./texts/bills.ts";

interface Props {
  readonly prices: Prices;
  readonly change: (prices: Prices) => void;
  readonly rates: readonly (string | null)[];
  readonly unit: string;
  readonly rateText: (rate: string | null) => string;
}

export function BillPrices({ prices, change, rates, unit, rateText }: Props) {
  const set = (rate: string, text: string): void => {
    const price = text.trim() === "" ? NaN : Number(text);
    const others = Object.entries(prices.byRate).filter(([one]) => one !== rate);
    const own: [string, number][] = Number.isFinite(price) ? [[rate, price]] : [];
    change({ ...prices, byRate: Object.fromEntries([...others, ...own]) });
  };
  const rows = ["", ...rates.filter((rate) => rate !== null)];
  return (
    <details class="prices">
      <summary>{say(billTexts.prices)}</summary>
      <p class="scale">{say(billTexts.pricesWhy)}</p>
      <p class="fields">
        <label>
          {say(billTexts.currency)}{" "}
          <input
            id="currency"
            maxLength={8}
            size={5}
            value={prices.currency}
            onInput={({ currentTarget }) => change({ ...prices, currency: currentTarget.value })}
          />
        </label>
        {rows.map((rate) => (
          <label key={rate}>
            {rate === ""
              ? say(billTexts.perKiloAll, { unit })
              : rate === "mixed"
                ? rateText(rate)
                : say(billTexts.perKilo, { unit, rate })}{" "}
            <input
              class="price"
              data-rate={rate}
              type="number"
              step="any"
              value={prices.byRate[rate] ?? ""}
              onInput={({ currentTarget }) => set(rate, currentTarget.value)}
            />
          </label>
        ))}
      </p>
    </details>
  );
}
