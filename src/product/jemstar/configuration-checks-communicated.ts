/** What no schema can say of what other meters are read for: where they are, and that a channel that is named is there. */
import type { Measure } from "#quantity/measure.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export function checkCommunicated({ communicated }: RevenueFile): string[] {
  const problems: string[] = [];
  communicated.forEach((one, k) => {
    const { host, device, register, format, baud, parity } = one;
    const at = `communicated[${k}]`;
    if ((host === undefined) === (device === undefined)) problems.push(`${at}: expected host or device, and not both`);
    if (format.endsWith("32") && register === 65_535)
      problems.push(`${at}.register: ${format} has two registers; there is none after 65535`);
    const before = communicated.slice(0, k).find((other) => device !== undefined && other.device === device);
    if (before !== undefined && (before.baud !== baud || before.parity !== parity))
      problems.push(`${at}: ${device} has ${before.baud} baud and parity ${before.parity} already`);
  });
  return problems;
}

/** Of a measure that another meter says, as key and reason; undefined of one that is there. */
export function missingChannel({ quantity, channel }: Measure, { communicated }: RevenueFile): string | undefined {
  const kind = { communicated: "consumption", "communicated.value": "instantaneous" }[quantity as "communicated"];
  if (kind === undefined) return undefined;
  const found = communicated[(channel ?? 0) - 1];
  return found?.kind === kind
    ? undefined
    : `channel: expected a channel of communicated of ${kind}; found ${channel ?? "none"}`;
}
