/** What is put onto a server of somebody else, and how it goes. */
import type { Clock } from "#clock/clock.ts";

export interface PushTarget {
  readonly protocol: "sftp" | "scp" | "ftp";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** On the server; empty is where a user begins. */
  readonly folder: string;
  /** FTP over explicit TLS. */
  readonly tls: boolean;
}

export interface PushOptions {
  readonly clock: Clock;
  /** Within so much each step of the conversation goes on, milliseconds. */
  readonly stepMs: number;
  /** Whether a server is known by the fingerprint of its key; no password goes to one that is not. */
  readonly isKnown: (fingerprint: string) => boolean;
}

/** The server has answered that it does not take a file: the conversation goes on, and others may be taken. */
export class RefusedFile extends Error {}

export interface Push {
  /** Puts a file there. Rejects with a RefusedFile where only this one is not taken. "kept" where the server has been found to have all of it, "sent" where it does not tell. */
  put(name: string, bytes: Uint8Array): Promise<"kept" | "sent">;
  close(): void;
}
