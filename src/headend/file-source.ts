/** Where files of a meter are fetched from, whatever protocol carries them. */

export interface ListedFile {
  /** With its folder. */
  readonly name: string;
  /** When it was written, milliseconds since 1970. */
  readonly utc: number;
  /** Bytes. */
  readonly size: number;
  /** What happened, in words, where the source says it. */
  readonly what?: string | undefined;
}

export interface FileSource {
  /** Oldest first. */
  list(): Promise<readonly ListedFile[]>;
  /** "same" where the source can tell, without sending them, that they are the bytes that whoever asks has. */
  fetch(name: string, have?: Uint8Array): Promise<Uint8Array | "same">;
  remove(name: string): Promise<void>;
  /** Gives it a file, whole; left out where files are only fetched. */
  send?(name: string, bytes: Uint8Array): Promise<void>;
}

/** Whether a name stays below the folder that it is put into: names come from whoever was asked. */
export function isSafeName(name: string): boolean {
  return name.length <= 255 && name.split("/").every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(part));
}
