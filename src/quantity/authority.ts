/**
 * Who may do what to a meter. Whoever asks (HTTP, Modbus, a front panel, ...) opens a session, and hands what it wants to
 * `obey`, the one place that decides.
 */

import type { KeyChange, Suggestions } from "./configuration-history.ts";
import type { Command } from "./interfaces.ts";

/** Where somebody asks from. */
export interface Peer {
  readonly protocol: string;
  /** "ethernet 1", "serial 3", "optical", "panel", "site": which of the meter's ports, or the site itself. */
  readonly port: string;
  readonly address?: string | undefined;
  /** On the site's own machine. */
  readonly near: boolean;
  /** Who it is to the site: a user of it, who may be nobody to the meter. */
  readonly user?: string | undefined;
  /** Works the hardware that the site plays; whoever is near does unless this says otherwise. */
  readonly operator?: boolean | undefined;
  /** Nobody has asked for it: what a page does by itself is no use of a session, and does not keep it from timing out. */
  readonly unattended?: boolean | undefined;
}

/** Whether a peer may do to a meter what takes hands on it: what its hardware senses, what a meter without users lets everybody do. */
export function hasHandsOn({ near, operator = near }: Peer): boolean {
  return operator;
}

/** What somebody shows to be admitted. */
export type Proof =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** A key that both sides have: the protocol checks what is made with it. */
  | { readonly kind: "key"; readonly name: string; readonly check: (secret: Uint8Array) => boolean };

/** A conversation with a meter; the meter knows what may be done in it. */
export interface Session {
  readonly peer: Peer;
  /** Undefined of somebody who has not been admitted: a protocol without users, a peer before its log-in. */
  readonly user?: string | undefined;
  /** By which an HTTP request finds its session again. */
  readonly token?: string | undefined;
}

/** Why something is not done. */
export const refusals = [
  /** The command has a shape or a value that there is not. */
  "invalid",
  /** Somebody has to be admitted first, or is no longer. */
  "session",
  "privilege",
  /** A security key inside the meter bars it. */
  "key",
  /** The directive bars it on a MID meter. */
  "mid",
  /** A lockout runs: after wrong passwords, or after the last reset. */
  "lockout",
  /** The meter has no power. */
  "power",
  /** It is, or is not, in test mode. */
  "testMode",
  /** This meter has no such thing. */
  "unsupported",
  /** What would change cannot be kept. */
  "store",
] as const;
export type Refusal = (typeof refusals)[number];

export interface Refused {
  readonly refused: Refusal;
  /** What was wrong, where, and what was expected: a line each. */
  readonly words: readonly string[];
}

/** What was done. */
export interface Done {
  readonly done: true;
  /** What it set in motion, in words. */
  readonly consequences: readonly string[];
  /** Of a configuration: which keys are others, and how many more there are; what it could say. */
  readonly changes?: readonly KeyChange[] | undefined;
  readonly more?: number | undefined;
  readonly suggestions?: Suggestions | undefined;
}

export type Outcome = Done | Refused;

export function isRefused(outcome: Outcome | Session | Refused | undefined): outcome is Refused {
  return outcome !== undefined && "refused" in outcome;
}

/** For so long something that is armed waits for power to be removed, of people's time. */
export const ARMED_MS = 15_000;

/** What can be read of a meter, where reading takes a privilege; "marks" is moving up to where a reader has read. */
export type Place =
  | "readings"
  | "registers"
  | "profiles"
  | "measurement log"
  | "marks"
  | "configuration"
  | "files"
  | `log ${string}`;

/** What a meter can be told, by people and by what its hardware senses. A meter refuses those that it does not have. */
export type MeterCommand =
  | { readonly command: "freeze" }
  | { readonly command: "billingReset" }
  | { readonly command: "setTime"; readonly utc: string }
  | { readonly command: "preset"; readonly register: number; readonly value: number }
  /** Several registers, all or none. */
  | { readonly command: "presets"; readonly values: readonly { readonly register: number; readonly value: number }[] }
  /** Outputs, all or none. */
  | { readonly command: "outputs"; readonly values: readonly { readonly channel: number; readonly closed: boolean }[] }
  | {
      readonly command: "enterTestMode";
      readonly register?: number | undefined;
      readonly compensate?: boolean | undefined;
      readonly pulseWeight?: number | undefined;
    }
  | { readonly command: "leaveTestMode" }
  /** The text of a configuration, YAML or JSON; of a meter with settings an object of them. `check` changes nothing. */
  | { readonly command: "configure"; readonly configuration: string; readonly check?: boolean | undefined }
  /** Back to what there was before an entry of the configuration's history, the last one unless said. `check` changes nothing. */
  | { readonly command: "undoConfiguration"; readonly entry?: number | undefined; readonly check?: boolean | undefined }
  /** `check` changes nothing. */
  | { readonly command: "ratios"; readonly pt: number; readonly ct: number; readonly check?: boolean | undefined }
  | { readonly command: "calibrate"; readonly watts?: number | undefined; readonly vars?: number | undefined }
  /** `armed`: it happens when power is removed within ARMED_MS, and is forgotten otherwise, as from a front panel. */
  | { readonly command: "resetUsers" | "coldStart"; readonly armed?: boolean | undefined }
  /** What is armed is forgotten: whoever armed it has gone away from it. */
  | { readonly command: "disarm" }
  | { readonly command: "resetBattery" | "resetButton" | "powerDown" | "powerUp" }
  /** Sets the password of whose session it is. */
  | { readonly command: "password"; readonly password: string }
  /**
   * A secret that a protocol works with, which is never shown again; null forgets it. `user` is who somebody is who shows it
   * (`Proof` of the kind "key"), with what he may do.
   */
  | {
      readonly command: "secret";
      readonly name: string;
      readonly value: string | null;
      /** What `value` is; text unless said. */
      readonly encoding?: "text" | "hex" | undefined;
      readonly user?: string | undefined;
    }
  | { readonly command: "firmware"; readonly board: string; readonly version: string }
  /** A file of firmware in base64, for the board that it names; it runs once the meter has rebooted. `check` changes nothing. */
  | {
      readonly command: "uploadFirmware";
      readonly image: string;
      readonly reboot?: boolean | undefined;
      readonly check?: boolean | undefined;
    }
  /** Enables an option of a meter that is ready for it, and reboots it. `check` changes nothing. */
  | { readonly command: "optionKey"; readonly key: string; readonly check?: boolean | undefined }
  | { readonly command: "reboot" }
  /** Sends a file to the server that files are pushed to, for testing. */
  | { readonly command: "testTransfer" }
  /** A file of its shelf, with its folder (FileShelf). */
  | { readonly command: "removeFile"; readonly name: string }
  | { readonly command: "auxiliary"; readonly live: boolean }
  | { readonly command: "input"; readonly channel: number; readonly closed: boolean }
  | {
      readonly command: "pulses";
      readonly channel: number;
      readonly count: number;
      readonly seconds?: number | undefined;
    }
  | { readonly command: "key"; readonly key: "metering" | "reset"; readonly installed: boolean }
  | { readonly command: "hardware"; readonly part: string; readonly failed: boolean }
  | { readonly command: "battery"; readonly state: string }
  | { readonly command: "timeServer"; readonly reached: boolean }
  /** A word of its own register map, by the number that its manual prints; 0 to 65,535. */
  | { readonly command: "word"; readonly register: number; readonly value: number }
  /** What meters of settings and registers can be told besides (quantity/interfaces.ts). */
  | { readonly command: Command };
