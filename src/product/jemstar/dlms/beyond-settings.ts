/** What of a JEMStar's configuration the objects beyond Appendix D are made of: its file is this, and more. */
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { List } from "#quantity/register.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { WaitingCalendar } from "#protocol/dlms/cosem/activity-calendar.ts";
import type { ImageTransfer } from "#protocol/dlms/cosem/image-transfer.ts";
import type { PushSettings } from "./push-settings.ts";
import type { DayType } from "#clock/tou-schedule.ts";

export type Beyond = "off" | "read" | "full";

export interface TouFile {
  readonly seasons: readonly {
    readonly month: number;
    readonly day: number;
    /** "07:30". */
    readonly days: Readonly<Partial<Record<DayType, readonly { readonly at: string; readonly rate: string }[]>>>;
  }[];
  /** "2026-12-25". */
  readonly holidays: readonly { readonly date: string; readonly type: 1 | 2 }[];
}

interface RegisterFile {
  readonly id: number;
  readonly selfRead: boolean;
  readonly of?: number | undefined;
}

export interface BeyondConfiguration {
  readonly dlms: { readonly beyond: Beyond; readonly push: readonly PushSettings[] };
  readonly identification: RevenueConfiguration["identification"];
  readonly primary: Pick<RevenueConfiguration["primary"], "nominalVoltage" | "nominalCurrent">;
  readonly registers: Readonly<Record<List, readonly RegisterFile[]>>;
  readonly demand: RevenueConfiguration["demand"];
  readonly tou: TouFile;
  readonly timekeeping: Pick<
    RevenueConfiguration["timekeeping"],
    "utcOffsetMinutes" | "daylightSaving" | "freeze" | "billingReset"
  >;
  readonly selfRead: RevenueConfiguration["selfRead"];
  readonly io: readonly Pick<RevenueConfiguration["io"][number], "mode">[];
  readonly triggerBits: RevenueConfiguration["triggerBits"];
}

/** What the makers of those objects have. */
export interface BeyondParts {
  readonly surface: MeterSurface;
  readonly configuration: BeyondConfiguration;
  /** Whether it may be changed through them. */
  readonly full: boolean;
  /** What local time is ahead of UTC at a local time, minutes. */
  readonly offsetOf: (local: number) => number;
  /** Pushes what a setup says, by its place; left out of a meter that cannot. */
  /** The TOU schedule that waits to be in force; left out of a meter that takes none. */
  readonly calendar?: WaitingCalendar | undefined;
  /** Firmware on its way; left out of a meter that takes none. */
  readonly image?: ImageTransfer | undefined;
  readonly push?: ((place: number) => boolean) | undefined;
}
