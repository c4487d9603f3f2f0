/**
 * Secrets that protocols must recover (keys of DLMS, passwords of IEC 60870-5-102, SNMPv3), apart from users' hashes. They
 * lie in the store under AES-256-GCM; their key lies in a file outside it, so that whoever has the store has no secret. They are
 * never shown again: what this room makes of a secret is a boolean or the bytes that a protocol computes with.
 */
import { limits } from "#quantity/limits.ts";
import { isSame } from "#io/ciphers.ts";
import { makeKeyFile, readKeyFile } from "#io/key-file.ts";
import { open, randomKey, seal } from "#io/secret-box.ts";
import type { MeterStore } from "#store/store.ts";

const KEY = "secrets";
/** The nonce of a box in base64: no two have the same. */
const MARK_LENGTH = 16;

interface Kept {
  /** Base64. */
  readonly box: string;
  /** Who somebody is who shows it; a secret of the meter itself has nobody. */
  readonly user?: string;
}

export interface SecretsOptions {
  readonly store: MeterStore;
  /** The meter: a box of one is none of another's. */
  readonly meter: string;
  /** Where the key lies; undefined of a site that forgets at its end, whose key it forgets as well. */
  readonly keyFile: string | undefined;
}

export class Secrets {
  readonly #options: SecretsOptions;
  #kept: ReadonlyMap<string, Kept>;
  #key: Uint8Array | undefined;

  constructor(options: SecretsOptions) {
    this.#options = options;
    options.store.holds(KEY, () => (this.#kept.size === 0 ? undefined : this.#bytes));
    const bytes = options.store.get(KEY);
    const kept = bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, Kept>);
    this.#kept = new Map(Object.entries(kept));
  }

  /** Why secrets that there are cannot be used, in words; undefined when they can. */
  get trouble(): string | undefined {
    if (this.#kept.size === 0) return undefined;
    const key = this.#read();
    if ("wrong" in key) return `its secrets cannot be used: ${key.wrong}`;
    const lost = key.key === undefined ? this.names() : this.names().filter((name) => this.secret(name) === undefined);
    if (lost.length === 0) return undefined;
    return `${lost.join(", ")} cannot be used: ${this.#options.keyFile ?? "their key"} ${key.key === undefined ? "is missing" : "is not the key that sealed them"}`;
  }

  /** The key, as far as there is one: its file may come back, or be put right, while the meter runs. */
  #read(): { readonly key: Uint8Array | undefined } | { readonly wrong: string } {
    if (this.#key !== undefined) return { key: this.#key };
    const { keyFile } = this.#options;
    if (keyFile === undefined) return { key: undefined };
    const found = readKeyFile(keyFile);
    if ("wrong" in found) return found;
    this.#key = "key" in found ? found.key : undefined;
    return { key: this.#key };
  }

  /** The key, made at first need: never where there are secrets already that another one sealed. */
  #need(): { readonly key: Uint8Array } | { readonly wrong: string } {
    const found = this.#read();
    if ("wrong" in found) return found;
    if (found.key !== undefined) return { key: found.key };
    const { keyFile } = this.#options;
    if (keyFile === undefined) {
      this.#key = randomKey();
      return { key: this.#key };
    }
    if (this.#kept.size > 0) return { wrong: `${keyFile} is missing` };
    const made = makeKeyFile(keyFile);
    // Another meter of the site may have made it meanwhile.
    const file = "wrong" in made ? readKeyFile(keyFile) : made;
    if (!("key" in file)) return "wrong" in made ? made : { wrong: `${keyFile} is missing` };
    this.#key = file.key;
    return { key: file.key };
  }

  #boundTo(name: string): Uint8Array {
    return new TextEncoder().encode(JSON.stringify([this.#options.meter, name]));
  }

  /** Keeps a secret, which stays as it is where it is the same; why it cannot, in words. */
  setSecret(name: string, secret: Uint8Array, user?: string): string | undefined {
    const before = this.secret(name);
    if (before !== undefined && this.userOf(name) === user && isSame(before, secret)) return undefined;
    if (!this.#kept.has(name) && this.#kept.size >= limits.people.secrets)
      return `a meter keeps at most ${limits.people.secrets} secrets`;
    const key = this.#need();
    if ("wrong" in key) return key.wrong;
    const box = btoa(String.fromCodePoint(...seal(key.key, secret, this.#boundTo(name))));
    this.#keep(new Map(this.#kept).set(name, { box, ...(user === undefined ? {} : { user }) }));
    return undefined;
  }

  forget(name: string): boolean {
    const kept = new Map(this.#kept);
    if (!kept.delete(name)) return false;
    this.#keep(kept);
    return true;
  }

  /** How often all of them were forgotten, whether there were any or not. */
  erasures = 0;

  /** Forgets all of them; they go with what is kept next. */
  erase(): void {
    this.erasures++;
    if (this.#kept.size === 0) return;
    this.#kept = new Map();
    this.#options.store.put(KEY, this.#bytes);
  }

  #keep(kept: ReadonlyMap<string, Kept>): void {
    this.#kept = kept;
    this.#options.store.put(KEY, this.#bytes);
  }

  get #bytes(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(Object.fromEntries(this.#kept)));
  }

  has(name: string): boolean {
    return this.#kept.has(name);
  }

  names(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** Who somebody is who shows it. */
  userOf(name: string): string | undefined {
    return this.#kept.get(name)?.user;
  }

  /** Another one whenever another secret is set under the name; empty where there is none. */
  mark(name: string): string {
    return this.#kept.get(name)?.box.slice(0, MARK_LENGTH) ?? "";
  }

  /** Undefined where there is none, or none that can be opened. */
  secret(name: string): Uint8Array | undefined {
    const kept = this.#kept.get(name);
    const key = this.#read();
    if (kept === undefined || !("key" in key) || key.key === undefined) return undefined;
    const box = Uint8Array.from(atob(kept.box), (letter) => letter.codePointAt(0) ?? 0);
    return open(key.key, box, this.#boundTo(name));
  }
}
