/** What a client of DLMS/COSEM knows and shows nobody: whoever asks for a meter is asked for it only where it is needed. */
export interface DlmsSecrets {
  /** The password, or the secret of a high mechanism. */
  password(): Promise<Uint8Array>;
  key(name: DlmsKey): Uint8Array | undefined;
  /** Where a key is looked for, for who has to put it there. */
  nameOf(name: DlmsKey): string;
}

/** Encryption and authentication keys, the client's private key to sign with, and the meter's public one. */
export type DlmsKey = "encryption" | "authentication" | "signing" | "meter";
