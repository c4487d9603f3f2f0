/** What no schema can say of the measurement log: how each quantity can be recorded, how many intervals there are, what was not ordered. */
import { MOST_OTHER_INTERVALS, methodsOf } from "#revenue/settings/measurement-log.ts";
import { needed } from "#revenue/settings/power-quality.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** The options that a measurement log takes, one of which must have been ordered. */
const orders = ["ML", ...needed] as const;

export function checkLog({ measurementLog, io }: RevenueFile, { options }: Ordered): string[] {
  if (measurementLog.length === 0) return [];
  const problems: string[] = [];
  if (!orders.some((one) => options.has(one)))
    problems.push(`measurementLog: it is option ${orders.join(" or ")}, which was not ordered`);
  const others = new Set(measurementLog.map(({ interval }) => interval).filter((one) => one !== 10));
  if (others.size > MOST_OTHER_INTERVALS)
    problems.push(
      `measurementLog: expected at most three intervals, of which one is 10 minutes; found besides it ${[...others].join(", ")}`,
    );
  measurementLog.forEach(({ channels }, g) =>
    channels.forEach(({ measure, method }, k) => {
      const at = `measurementLog[${g}].channels[${k}]`;
      const methods = methodsOf(measure);
      if (methods.length === 0) problems.push(`${at}.measure.quantity: the measurement log has no ${measure.quantity}`);
      else if (!methods.includes(method))
        problems.push(`${at}.method: of ${measure.quantity} expected ${methods.join(", ")}; found ${method}`);
      const { quantity, channel = 1 } = measure;
      const isInput = io[channel - 1]?.mode.startsWith("input") === true;
      if ((quantity === "closed" || quantity === "pulses") && !isInput)
        problems.push(`${at}.measure.channel: channel ${channel} is no input`);
    }),
  );
  return problems;
}
