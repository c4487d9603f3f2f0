/** Who fetches the files of a meter, sends it some, and may: whatever protocol he comes by. */
import type { FileShelf } from "./file-shelf.ts";

/** Why a file is not removed, or not taken: there is none of the name; he may not; what was sent is nothing that is taken. */
export interface FileRefused {
  readonly refused: "none" | "denied" | "invalid";
  /** A line each of what is wrong with it. */
  readonly words: string;
}

/** Somebody who has been admitted. */
export interface FileVisitor {
  readonly shelf: FileShelf;
  /** Why files may not be read now, in words; undefined while they may. Whoever asks uses his session. */
  barred(): string | undefined;
  /** Why a file is not removed: there is none, or he may not. */
  remove(name: string): FileRefused | undefined;
  /** Takes a file that is whole, or says why not; left out of a device that takes none. `mayPut` is asked before anything is sent. */
  put?(name: string, content: Uint8Array): Promise<FileRefused | undefined>;
  mayPut?(name: string): FileRefused | undefined;
  /** Runs once when his session is over; what it returns takes that back. */
  whenOver(run: () => void): () => void;
  leave(): void;
}

/** A device whose files its users fetch by name and password. */
export interface FileDoor {
  /** Undefined of a name and password that are none. */
  admit(who: {
    readonly user: string;
    readonly password: string;
    readonly address: string | undefined;
    readonly near: boolean;
  }): Promise<FileVisitor | undefined>;
}
