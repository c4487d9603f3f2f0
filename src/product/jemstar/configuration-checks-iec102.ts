/** What no schema can say of IEC 60870-5-102: addresses, records that profiles have, objects that have a meaning of their own. */
import { makesUp, recordsOf, totalRecords, type RecordSettings } from "#product/jemstar/iec102/configuration.ts";
import { measureName } from "#quantity/measure-name.ts";
import { channelOf } from "#product/jemstar/iec102/channels.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** Objects of the companion profile that are others: blocks of totals, closures, values of the moment. */
const taken: readonly (readonly [from: number, to: number])[] = [
  [9, 11],
  [20, 29],
  [192, 194],
];

/** Link addresses of one octet; 255 is everybody's. */
const MOST_OF_ONE_OCTET = 254;

export function checkIec102(file: RevenueFile): string[] {
  return [...checkAddresses(file), ...checkRecords(file), ...checkObjects(file)];
}

function checkAddresses({ iec102, communications }: RevenueFile): string[] {
  const problems: string[] = [];
  if (iec102.addressOctets === 2) return problems;
  const { port3, port4, ethernet1, ethernet2 } = communications;
  for (const [name, port] of Object.entries({ port3, port4 }))
    if (port?.protocol === "iec102" && port.address > MOST_OF_ONE_OCTET)
      problems.push(`communications.${name}.address: one octet has 0 to ${MOST_OF_ONE_OCTET}, found ${port.address}`);
  for (const [name, port] of Object.entries({ ethernet1, ethernet2 }))
    if (port !== undefined && port.iec102.address > MOST_OF_ONE_OCTET)
      problems.push(
        `communications.${name}.iec102.address: one octet has 0 to ${MOST_OF_ONE_OCTET}, found ${port.iec102.address}`,
      );
  return problems;
}

function checkRecords({ iec102: { records = [] }, profiles, measurementLog }: RevenueFile): string[] {
  const problems: string[] = [];
  records.forEach((one, k) => {
    const at = `iec102.records[${k}]`;
    const { address, minutes, profile, log } = one;
    if (records.findIndex((other) => other.address === address) < k)
      problems.push(`${at}.address: another record has ${address}`);
    if (profile !== undefined && log !== undefined) problems.push(`${at}.log: expected a profile or a log, not both`);
    if (typeof minutes === "number" ? address > totalRecords[2] : address <= totalRecords[2])
      problems.push(`${at}.minutes: 11 to 13 have minutes, 21 to 23 days; found ${minutes} of ${address}`);
    const { interval, name } = sourceOf(one, profiles, measurementLog);
    if (interval === undefined) problems.push(`${at}: there is no ${name} with intervals by the clock`);
    else if (!makesUp(interval, minutes))
      problems.push(`${at}.minutes: intervals of ${interval} of ${name} do not make up ${minutes}`);
  });
  return problems;
}

function sourceOf(
  { profile = 1, log }: RecordSettings,
  profiles: RevenueFile["profiles"],
  groups: RevenueFile["measurementLog"],
): { readonly interval: number | "day" | "week" | "month" | "cycles" | undefined; readonly name: string } {
  if (log !== undefined) return { interval: groups[log - 1]?.interval, name: `measurementLog[${log - 1}]` };
  const found = profiles[profile - 1];
  const interval = found === undefined || found.externalSync ? undefined : found.minutes;
  return { interval, name: `profiles[${profile - 1}]` };
}

function checkObjects({ iec102: { objects, companion } }: RevenueFile): string[] {
  const problems: string[] = [];
  objects.forEach(({ object }, k) => {
    const at = `iec102.objects[${k}].object`;
    if (objects.findIndex((one) => one.object === object) < k) problems.push(`${at}: another object is ${object}`);
    const meant = companion === "ree" ? taken.find(([from, to]) => object >= from && object <= to) : undefined;
    if (meant !== undefined)
      problems.push(
        `${at}: ${meant[0]} to ${meant[1]} have a meaning of their own in the companion profile; found ${object}`,
      );
  });
  return problems;
}

/** Objects that no record of totals has; a line each. */
export function unrecordedObjects(file: RevenueFile): readonly string[] {
  const { iec102, profiles, measurementLog } = file;
  const channels = recordsOf(file).map(({ profile = 1, log }) =>
    log === undefined
      ? (profiles[profile - 1]?.channels ?? [])
      : (measurementLog[log - 1]?.channels ?? []).map(({ measure, method }) => ({
          measure: { ...measure, over: method },
        })),
  );
  return iec102.objects.flatMap(({ object, measure }) =>
    channels.some((one) => channelOf(one, measure) !== undefined)
      ? []
      : [`IEC 60870-5-102 object ${object}: nothing records ${measureName(measure)}, which is sent as invalid`],
  );
}
