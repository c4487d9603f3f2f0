/** What a JEMStar II's configuration says of DLMS/COSEM (its section `dlms`), and what else of it objects show. */
import type { Mechanism, Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { PushSettings } from "./push-settings.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { BeyondConfiguration } from "./beyond-settings.ts";

/** Bits of the security policy of IC 64 version 1 by what they ask of every message (Blue Book 4.4.7.2.2). */
export const policyBits = {
  "authenticated request": 2,
  "encrypted request": 3,
  "signed request": 4,
  "authenticated response": 5,
  "encrypted response": 6,
  "signed response": 7,
} as const;
export type PolicyWord = keyof typeof policyBits;

/** Services of the manual (Appendix D, Application Layer): conformance 0x00101C. */
export const manualServices = [
  "block-transfer-with-get-or-read",
  "get",
  "set",
  "selective-access",
] as const satisfies readonly Service[];

/** All that the server has, but for general block transfer, which head-ends that propose it often cannot read. */
export const fullServices = [
  "general-protection",
  "priority-mgmt-supported",
  "block-transfer-with-get-or-read",
  "block-transfer-with-set-or-write",
  "block-transfer-with-action",
  "multiple-references",
  "data-notification",
  "get",
  "set",
  "selective-access",
  "action",
] as const satisfies readonly Service[];

/** Parts of what a meter shows, of which a logical device has some. */
export const shownParts = ["data", "registers", "profiles", "log", "clock"] as const;
export type ShownPart = (typeof shownParts)[number];

export interface DlmsClientSettings {
  readonly sap: number;
  readonly authentication: readonly Mechanism[];
  readonly user?: string | undefined;
  readonly ciphering: "no" | "may" | "must";
  readonly suite: 0 | 1 | 2;
  readonly policy: readonly PolicyWord[];
}

export interface LogicalDeviceSettings {
  readonly sap: number;
  readonly name?: string | undefined;
  readonly shows: readonly ShownPart[];
}

export interface DlmsConfiguration {
  readonly conformance: "manual" | "full" | readonly Service[];
  readonly maxPdu: number;
  readonly associationVersion: 0 | 1;
  readonly severalDevices: boolean;
  readonly hdlc: {
    readonly maxInfoTransmit: number;
    readonly maxInfoReceive: number;
    readonly windowTransmit: number;
    readonly windowReceive: number;
    readonly segmentation: boolean;
    readonly inactivitySeconds: number;
  };
  readonly clients: readonly DlmsClientSettings[];
  readonly logicalDevices: readonly LogicalDeviceSettings[];
  readonly systemTitle?: string | undefined;
  readonly timeSet: boolean;
  readonly registers: { readonly scaler: -3 | 0; readonly width: 32 | 64 };
  readonly profileStatus: { readonly normal: 0 | 1 };
  readonly push: readonly PushSettings[];
  readonly beyond: "off" | "read" | "full";
}

/** The parts of a configuration that objects show. */
export interface ShownConfiguration extends BeyondConfiguration {
  readonly io: RevenueConfiguration["io"];
  readonly testPulses: RevenueConfiguration["testPulses"];
  readonly timekeeping: RevenueConfiguration["timekeeping"];
  readonly dlms: DlmsConfiguration;
}
