/** The files of a meter as they are seen: all .pqd files, and in folders each recording alone, which is made of its file when it is read. */
import { readPqdifNow } from "#format/pqdif/pqdif.ts";
import type { FileShelf, ShelvedFile } from "#quantity/file-shelf.ts";
import { inflateNow } from "#io/zlib-now.ts";
import { folders } from "./file-names.ts";
import type { KeptFile, KeptFiles, KeptRecording } from "./kept-files.ts";
import { recordingComtrade } from "./recording-comtrade.ts";

export interface Shelf extends FileShelf {
  /** False where there is no such file. */
  remove(name: string): boolean;
}

export class MeterShelf implements Shelf {
  readonly folders = folders;
  readonly #kept: KeptFiles;
  readonly #station: string;
  #list: readonly ShelvedFile[] | undefined;

  constructor(kept: KeptFiles, station: string) {
    this.#kept = kept;
    this.#station = station;
  }

  /** There is another list. */
  changed(): void {
    this.#list = undefined;
  }

  list(): readonly ShelvedFile[] {
    this.#list ??= [...this.#kept.all].flatMap(({ size, facts }): ShelvedFile[] => {
      const { kind, name, at, recordings, what } = facts;
      const alone = recordings.map((one) => ({ name: one.name, at, size: one.size, what }));
      return kind === "file" ? [{ name, at, size, what }, ...alone] : alone;
    });
    return this.#list;
  }

  #find(name: string): { readonly file: KeptFile; readonly recording: KeptRecording | undefined } | undefined {
    const file = this.#kept.of(name);
    if (file === undefined) return undefined;
    if (file.facts.name === name) return file.facts.kind === "file" ? { file, recording: undefined } : undefined;
    return { file, recording: file.facts.recordings.find((one) => one.name === name) };
  }

  read(name: string): Uint8Array | undefined {
    const found = this.#find(name);
    const bytes = found === undefined ? undefined : this.#kept.read(found.file);
    if (found?.recording === undefined || bytes === undefined) return bytes;
    const { observations } = readPqdifNow(found.file.facts.name, bytes, inflateNow);
    const observation = observations[found.recording.observation];
    return observation === undefined ? undefined : recordingComtrade(observation, found.recording, this.#station);
  }

  remove(name: string): boolean {
    const found = this.#find(name);
    if (found === undefined) return false;
    if (found.recording === undefined) this.#kept.remove(found.file);
    else this.#kept.forget(found.file, name);
    return true;
  }
}
