/** A device whose files its users fetch by name and password. */
import type { FileShelf } from "#quantity/file-shelf.ts";

/** Somebody who has been admitted. */
export interface FileVisitor {
  readonly shelf: FileShelf;
  /** Why files may not be read now, in words; undefined while they may. Whoever asks uses his session. */
  barred(): string | undefined;
  /** Why a file is not removed: there is none, or he may not. */
  remove(name: string): { readonly refused: "none" | "denied"; readonly words: string } | undefined;
  /** Runs once when his session is over; what it returns takes that back. */
  whenOver(run: () => void): () => void;
  leave(): void;
}

export interface FileHost {
  /** The private key by which the server is known, made at first need. Throws an Error with why there is none. */
  hostKey(): string;
  /** Undefined of a name and password that are none. */
  admit(who: {
    readonly user: string;
    readonly password: string;
    readonly address: string | undefined;
    readonly near: boolean;
  }): Promise<FileVisitor | undefined>;
}
