/**
 * The software key that enables an option on a meter that is ready for it (section PQ Ready): the option, and eight hexadecimal digits, the CRC-32 of
 * the option, a space and the meter's serial number. It says for which meter it is; it protects nothing.
 */
import { crc32 } from "#wire/crc32.ts";

/** What a meter with option PQ is ready for. */
export const enabled = ["PQ1", "PQ2", "PQ3"] as const;
export type EnabledOption = (typeof enabled)[number];

export function isEnabled(option: string): option is EnabledOption {
  return (enabled as readonly string[]).includes(option);
}

export function optionKeyOf(option: EnabledOption, serial: string): string {
  const sum = crc32(new TextEncoder().encode(`${option} ${serial}`));
  return `${option}-${sum.toString(16).toUpperCase().padStart(8, "0")}`;
}

/** The option of a key for a meter of a serial number; undefined of what is no key of it. */
export function optionIn(key: string, serial: string): EnabledOption | undefined {
  return enabled.find((option) => optionKeyOf(option, serial) === key.trim().toUpperCase());
}

/** What was ordered, with the option that a key has enabled of one that is ready. */
export function withOption(modelNumber: string, option: string | undefined): string {
  return option === undefined ? modelNumber : modelNumber.replace(/([-/])PQ(?=$|[-/])/, `$1${option}`);
}
