/** Control blocks of a configuration, as the model has them. */
import type { GooseControl, ReportControl, ReportFields, TriggerOptions } from "#protocol/iec61850/model/ied.ts";
import { fieldWords, triggerWords, type GooseSettings, type ReportSettings } from "./configuration.ts";

export function reportOf({ triggers, fields, dataSet, rptId, ...rest }: ReportSettings): ReportControl {
  return {
    ...rest,
    dataSet,
    rptId,
    triggers: flags<keyof TriggerOptions>(triggerWords, triggers),
    fields: flags<keyof ReportFields>(fieldWords, fields),
  };
}

function flags<W extends string>(all: readonly W[], given: readonly W[]): Readonly<Record<W, boolean>> {
  return Object.fromEntries(all.map((one) => [one, given.includes(one)])) as Record<W, boolean>;
}

/** `reference` is what its GoID is unless said. */
export function gooseOf({ goId, mac, appId, vlan, ...rest }: GooseSettings, reference: string): GooseControl {
  return {
    ...rest,
    goId: goId ?? reference,
    address: mac === undefined ? undefined : { mac: octetsOf(mac), appId, vlan },
  };
}

export function octetsOf(mac: string): Uint8Array {
  return Uint8Array.from(mac.split("-"), (one) => Number.parseInt(one, 16));
}

export function macText(octets: Uint8Array): string {
  return [...octets].map((one) => one.toString(16).padStart(2, "0").toUpperCase()).join("-");
}
