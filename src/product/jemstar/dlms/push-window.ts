/** Stretches of a day in which something may be sent: "22:00" to "06:00" goes over midnight. */
import { DAY_MS, MINUTE_MS } from "#clock/local-time.ts";
import type { DailyWindow } from "#protocol/dlms/cosem/push-setup.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { PushSettings } from "./push-settings.ts";

function timeOf(text: string): DailyWindow["from"] {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return { hour, minute };
}

export function windowsOf({ windows }: Pick<PushSettings, "windows">): readonly DailyWindow[] {
  return windows.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) }));
}

const minutesOf = ({ hour, minute }: DailyWindow["from"]): number => 60 * hour + minute;

/** Whether one is open: it begins with its first minute and ends before its last. None is always. */
export function isOpen(windows: readonly DailyWindow[], at: Stamp): boolean {
  const local = localOf(at);
  const now = Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS);
  return (
    windows.length === 0 ||
    windows.some((one) => {
      const [from, to] = [minutesOf(one.from), minutesOf(one.to)];
      return from <= to ? now >= from && now < to : now >= from || now < to;
    })
  );
}
