/** Who may ask over SNMPv3, and what messages of his are protected with. */
import { isSame } from "#io/ciphers.ts";
import { authentications, LEAST_PASSPHRASE, localised, passphraseKey, type Authentication } from "./usm-keys.ts";

export interface UserSettings {
  readonly name: string;
  readonly authentication: Authentication;
  /** With it every message of his has to be encrypted. */
  readonly privacy: boolean;
}

/** A user with his secrets, which may change; undefined while there are none. */
export interface UserSecrets extends UserSettings {
  readonly passphrases: () =>
    | { readonly authentication: Uint8Array; readonly privacy: Uint8Array | undefined }
    | undefined;
}

/** Keys of a user at an engine. */
export interface UserKeys {
  readonly authentication: Uint8Array;
  /** 16 bytes. */
  readonly privacy: Uint8Array | undefined;
}

interface Stretched {
  readonly passphrase: Uint8Array;
  readonly key: Uint8Array;
}

export class SnmpUser {
  readonly name: string;
  readonly settings: UserSettings;
  readonly #secrets: UserSecrets["passphrases"];
  readonly #stretched: { authentication?: Stretched; privacy?: Stretched } = {};

  constructor({ passphrases, ...settings }: UserSecrets) {
    this.name = settings.name;
    this.settings = settings;
    this.#secrets = passphrases;
  }

  /** Bytes of what authenticates a message. */
  get digestLength(): number {
    return authentications[this.settings.authentication].length;
  }

  /** Undefined while a passphrase is missing, or too short. */
  keysAt(engineId: Uint8Array): UserKeys | undefined {
    const { hash } = authentications[this.settings.authentication];
    const secrets = this.#secrets();
    if (secrets === undefined) return undefined;
    const authentication = this.#key("authentication", secrets.authentication);
    if (authentication === undefined) return undefined;
    const keys = { authentication: localised(hash, authentication, engineId), privacy: undefined };
    if (!this.settings.privacy) return keys;
    const privacy = secrets.privacy && this.#key("privacy", secrets.privacy);
    return privacy && { ...keys, privacy: localised(hash, privacy, engineId).subarray(0, 16) };
  }

  #key(of: "authentication" | "privacy", passphrase: Uint8Array): Uint8Array | undefined {
    if (passphrase.length < LEAST_PASSPHRASE) return undefined;
    const known = this.#stretched[of];
    if (known !== undefined && isSame(known.passphrase, passphrase)) return known.key;
    const key = passphraseKey(authentications[this.settings.authentication].hash, passphrase);
    this.#stretched[of] = { passphrase: Uint8Array.from(passphrase), key };
    return key;
  }
}
