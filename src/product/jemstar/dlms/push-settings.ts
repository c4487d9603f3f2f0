/** What a JEMStar's configuration says of what it pushes (dlms.push): a setup each. */
import type { Schedule } from "#revenue/settings/configuration.ts";

export interface PushSettings {
  readonly transport: "tcp" | "udp" | "hdlc-over-tcp";
  readonly host: string;
  readonly port: number;
  /** Service access point of who it is for. */
  readonly client: number;
  /** interval: when one of the first load profile has ended. */
  readonly when: Schedule;
  readonly alarms: boolean;
  readonly objects: readonly { readonly class: number; readonly object: string; readonly attribute: number }[];
  /** "22:00"; none where it may be at any time. */
  readonly windows: readonly { readonly from: string; readonly to: string }[];
  readonly randomSeconds: number;
  readonly retries: number;
  readonly repetitionSeconds: number;
}
