/** Times, dates and numbers as the display writes them. */
import { months, zones } from "#model/jemstar-panel.ts";
import { wallTimeOf } from "#clock/meter-clock.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";

export function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** "01/09/2014" in the order of the configuration. */
export function dateText(stamp: Stamp, format: string): string {
  const { year, month, day } = wallTimeOf(localOf(stamp));
  return format.replace("MM", two(month)).replace("DD", two(day)).replace("YYYY", String(year).padStart(4, "0"));
}

/** "10:56:59". */
export function hourText(stamp: Stamp): string {
  const { hour, minute, second } = wallTimeOf(localOf(stamp));
  return [hour, minute, second].map(two).join(":");
}

/** "EST"; of an offset that has no such name "UTC+5:30". */
export function zoneText({ offsetMinutes, daylightSaving }: Stamp): string {
  const name = zones[offsetMinutes]?.[daylightSaving ? 1 : 0];
  if (name !== undefined) return name;
  const all = Math.abs(offsetMinutes);
  const minutes = all % 60 === 0 ? "" : `:${two(all % 60)}`;
  return `UTC${offsetMinutes < 0 ? "-" : "+"}${Math.floor(all / 60)}${minutes}`;
}

/** "01/09/2014 10:56:59 EST". */
export function clockText(stamp: Stamp, format: string): string {
  return `${dateText(stamp, format)} ${hourText(stamp)} ${zoneText(stamp)}`;
}

/** "10:36:28  11-Aug-2014", as the alarm display has it. */
export function alarmTime(stamp: Stamp | undefined): string {
  if (stamp === undefined) return "";
  const { year, month, day } = wallTimeOf(localOf(stamp));
  return `${hourText(stamp)}  ${two(day)}-${months[month - 1]}-${year}`;
}

/** A number with the decimal sign of the configuration. */
export function numberText(text: string, format: string): string {
  return format === "1234,5" && /^-?\d+\.\d+$/.test(text) ? text.replace(".", ",") : text;
}
