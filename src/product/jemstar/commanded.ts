/** What the authority needs of the meter that it stands before: it decides, the meter does. */
import type { Outcome, Peer, Refusal, Refused } from "#quantity/authority.ts";
import type { Origin } from "#quantity/log.ts";
import type { Steps } from "#io/turn.ts";
import type { Hardware } from "#revenue/people/hardware.ts";
import type { SecurityLog } from "#revenue/people/security-log.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { Terminals } from "#revenue/supply.ts";
import type { ConfigurationHistory } from "#product/configuration-history.ts";
import type { Differences } from "./configuration-changes.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import type { InputWatch } from "./input-watch.ts";
import type { Passwords, PasswordWork } from "./passwords.ts";
import type { Secrets } from "./secrets.ts";

export interface Commanded {
  readonly meter: RevenueMeter;
  readonly hardware: Hardware;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
  /** What people do as often as they like. */
  readonly securityLog: SecurityLog;
  readonly isMid: boolean;
  /** A listener of the site has it speak DLMS. */
  readonly speaksDlms: boolean;
  /** Its diagnostics find something: what hardware senses, or damaged memory. */
  readonly isFailing: boolean;
  readonly ordered: Ordered;
  readonly serial: string;
  /** It is to start anew, on what it has kept. */
  rebooting: boolean;
  /** Without what is secret. */
  readonly file: RevenueFile;
  /** Works off what has gone by: what comes now comes at its own time. */
  catchUp(): void;
  readonly inputs: Pick<InputWatch, "expect">;
  /** Reads a text, in steps; throws FileError with all that is wrong with it. */
  read(text: string): Steps<RevenueFile>;
  /** The factory's users. */
  readonly factoryUsers: RevenueFile["users"];
  /** What its configuration has been. */
  readonly history: ConfigurationHistory;
  /** Makes it so; `undoes` where it takes back what was made since before an entry of the history. */
  change(found: Differences, origin: Origin, work: PasswordWork, undoes?: number): void;
  /** Gives all users back the names and passwords that the factory gave them. */
  resetUsers(origin: Origin): void;
  /** Does one of these when power is removed within ARMED_MS; otherwise nothing comes of it. */
  /** What happens when power is removed in time (armed.ts). */
  readonly armed: {
    arm(what: "resetUsers" | "coldStart", asker: { readonly origin: Origin; readonly peer: Peer }): void;
    forget(): void;
  };
  setPassword(user: string, password: string, origin: Origin, work: PasswordWork): void;
  /** Sends the file that tests the server that files are pushed to; why not, in words. */
  testTransfer(): string | undefined;
  /** Takes a file from the shelf; whether there was one of the name. */
  removeFile(name: string): boolean;
  coldStart(origin: Origin): void;
  supply(terminals: Partial<Terminals>): void;
  reachTimeServer(reached: boolean): void;
  /** Why what changes could not be kept, in words; undefined while it can. */
  readonly unkept: string | undefined;
}

export function refused(refusal: Refusal, ...words: readonly string[]): Refused {
  return { refused: refusal, words };
}

/** Done, unless something was in the way. */
export function doneBy(hindrance?: Refused | undefined): Outcome {
  return hindrance ?? { done: true, consequences: [] };
}
