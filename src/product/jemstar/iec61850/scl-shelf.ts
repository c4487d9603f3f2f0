/** The shelf of a meter with its CID on it, which is made when somebody reads it: "scl/JEM01.cid". */
import type { FileShelf, ShelvedFile } from "#quantity/file-shelf.ts";
import type { Stamp } from "#quantity/stamp.ts";

export interface SclFacts {
  readonly shelf: () => FileShelf;
  /** Of the IED; grows with another configuration. */
  readonly name: () => string;
  readonly epoch: () => number;
  readonly text: () => string;
  readonly now: () => Stamp;
}

const FOLDER = "scl";

export function withScl({ shelf, name, epoch, text, now }: SclFacts): FileShelf {
  let made: { readonly epoch: number; readonly content: string; readonly file: ShelvedFile } | undefined;
  let listed:
    | { readonly of: readonly ShelvedFile[]; readonly made: object; readonly list: readonly ShelvedFile[] }
    | undefined;
  const octetsOf = (content: string): Uint8Array => new TextEncoder().encode(content);
  const file = (): ShelvedFile => {
    if (made?.epoch === epoch()) return made.file;
    const content = text();
    const size = octetsOf(content).length;
    const before = made?.file;
    const called = `${FOLDER}/${name()}.cid`;
    // What has the same in it and is called the same is the file of before: it keeps its time.
    const isThat = before?.name === called && made?.content === content;
    const of = isThat ? before : { name: called, at: now(), size, what: "how the meter is set up over IEC 61850" };
    made = { epoch: epoch(), content, file: of };
    return of;
  };
  return {
    get folders() {
      return [...shelf().folders, FOLDER];
    },
    list() {
      const [of, own] = [shelf().list(), file()];
      if (listed?.of !== of || listed.made !== own) listed = { of, made: own, list: [...of, own] };
      return listed.list;
    },
    read: (asked) => (asked === file().name ? octetsOf(text()) : shelf().read(asked)),
  };
}
