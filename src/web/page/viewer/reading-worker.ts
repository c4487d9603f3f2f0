/** The thread that reads: what it is given stays here, and what it has made of it is handed over. Whoever wants it to stop ends it. */
import { FormatError } from "#format/recording.ts";
import { buffersOfTimes } from "./axis.ts";
import type { FromWorker, ToWorker, WaveContent } from "./content.ts";
import { fileSetsOf } from "./file-sets.ts";
import { fileSource } from "./file-source.ts";
import { buffersOf } from "./pyramid.ts";
import { readContent, type Part, type Read } from "./read-content.ts";

/** As much as is used of what a worker has. */
interface Scope {
  addEventListener(type: "message", run: (event: { readonly data: ToWorker }) => void): void;
  postMessage(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}
const scope = globalThis as unknown as Scope;

let read: Read | undefined;

/** Bytes read between two words of how far it is. */
const STEPS = 200;

function buffersOfContent({ groups, statuses }: WaveContent): ArrayBuffer[] {
  const all = groups.flatMap(({ times, channels }) => [
    ...buffersOfTimes(times),
    ...channels.flatMap(({ pyramid }) => buffersOf(pyramid)),
  ]);
  return [...all, ...statuses.map(({ changes }) => changes.buffer)];
}

async function open(files: readonly File[]): Promise<void> {
  const reader = new scope.FileReaderSync();
  const parts = files.map((file): Part => ({ name: file.name, source: fileSource(file, reader) }));
  const [set] = fileSetsOf(parts).sets;
  if (set === undefined) return scope.postMessage({ kind: "failed", words: "there is no recording among them" }, []);
  let told = -1;
  read = await readContent(set, (done, of) => {
    const step = Math.floor((STEPS * done) / Math.max(1, of));
    if (step === told) return;
    told = step;
    scope.postMessage({ kind: "progress", done, of }, []);
  });
  scope.postMessage({ kind: "content", content: read.content }, buffersOfContent(read.content));
}

function wordsOf(error: unknown): string {
  if (error instanceof FormatError) return error.message;
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof RangeError ? `this browser has not enough memory for it: ${words}` : words;
}

scope.addEventListener("message", ({ data }) => {
  if (data.kind === "open") {
    open(data.files).catch((error: unknown) => scope.postMessage({ kind: "failed", words: wordsOf(error) }, []));
    return;
  }
  const detail = read?.detail?.(data.from, data.count);
  if (detail === undefined) return;
  const buffers = detail.channels.map(({ buffer }) => buffer);
  scope.postMessage({ kind: "detail", detail }, buffers);
});
