/** One conversation by SFTP: requests in the order in which they came, each answered when the peer has room for the answer. */
import type { SFTPWrapper } from "ssh2";
import type { Cancel, Clock } from "#clock/clock.ts";
import type { FileRefused, FileVisitor } from "#quantity/file-visitor.ts";
import { limits } from "#quantity/limits.ts";
import { Draft } from "./sftp-draft.ts";
import { draftNode, named, namesIn, nodeAt, resolved, type SftpName, type SftpNode } from "./sftp-tree.ts";

/** Of draft-ietf-secsh-filexfer-02, 7. */
export const Status = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

/** pflags of an open (6.3): everything but reading changes something; a file that is sent is made anew, whatever else is said. */
const READ = 1;
const WRITE = 2;
const APPEND = 4;
const CREATE = 8;
const EXCLUSIVE = 0x20;

type Open =
  | { readonly kind: "file"; readonly node: SftpNode; readonly bytes: Uint8Array }
  | { readonly kind: "draft"; readonly node: SftpNode; readonly name: string; readonly draft: Draft }
  | { readonly kind: "folder"; readonly node: SftpNode; readonly names: readonly SftpName[]; given: number };

export interface Surroundings {
  readonly clock: Clock;
  /** Whether anything is answered now. */
  readonly answers: () => boolean;
  /** Bytes on their way to the peer. */
  readonly waiting: () => number;
  /** Puts the peer out. */
  readonly end: () => void;
}

/** Requests that would change what there is otherwise than by a whole file. */
const changing = ["SETSTAT", "MKDIR", "RMDIR", "RENAME", "SYMLINK"] as const;
const READ_ONLY = "files of a meter can be read, and removed";

export class SftpConversation {
  readonly #sftp: SFTPWrapper;
  readonly #visitor: FileVisitor;
  readonly #around: Surroundings;
  readonly #open = new Map<number, Open>();
  #queue: (() => void)[] = [];
  #next = 0;
  #look: Cancel | undefined;
  /** The meter was silent once: what was lost then no later answer makes up for. */
  #lost = false;

  constructor(sftp: SFTPWrapper, visitor: FileVisitor, around: Surroundings) {
    this.#sftp = sftp;
    this.#visitor = visitor;
    this.#around = around;
    sftp.on("error", () => around.end());
    const on = (request: string, run: (id: number, ...given: never[]) => void): void => {
      sftp.on(request as "READ", ((id: number, ...given: never[]) => this.#take(() => run(id, ...given))) as never);
    };
    on("REALPATH", (id, path: string) => this.#realPath(id, path));
    on("STAT", (id, path: string) => this.#stat(id, path));
    on("LSTAT", (id, path: string) => this.#stat(id, path));
    on("FSTAT", (id, handle: Uint8Array) => this.#statOf(id, handle));
    on("OPENDIR", (id, path: string) => this.#openFolder(id, path));
    on("READDIR", (id, handle: Uint8Array) => this.#readFolder(id, handle));
    on("OPEN", (id, path: string, flags: number) => this.#openFile(id, path, flags));
    on("READ", (id, handle: Uint8Array, at: number, length: number) => this.#read(id, handle, at, length));
    on("WRITE", (id, handle: Uint8Array, at: number, data: Uint8Array) => this.#write(id, handle, at, data));
    // Times and rights of what is sent: it has none.
    on("FSETSTAT", (id, handle: Uint8Array) => this.#setStat(id, handle));
    on("CLOSE", (id, handle: Uint8Array) => this.#close(id, handle));
    on("REMOVE", (id, path: string) => this.#remove(id, path));
    on("READLINK", (id) => this.#say(id, Status.noSuchFile, "there are no links"));
    on("EXTENDED", (id) => this.#say(id, Status.unsupported, "there is no such extension"));
    for (const request of changing) on(request, (id) => this.#say(id, Status.permissionDenied, READ_ONLY));
  }

  over(): void {
    this.#look?.();
    this.#queue = [];
    this.#open.clear();
  }

  #take(run: () => void): void {
    if (this.#queue.length >= limits.ssh.requests) return this.#around.end();
    this.#queue.push(run);
    if (this.#look === undefined) this.#work();
  }

  /** Answers what there is room for at the peer's; looks again after a while. */
  #work(): void {
    this.#look = undefined;
    while (this.#queue.length > 0) {
      if (this.#lost || !this.#around.answers()) {
        this.#lost = true;
        this.#queue = [];
        if (this.#around.answers()) this.#around.end();
        return;
      }
      if (!this.#hasRoom) {
        this.#look = this.#around.clock.after(limits.peers.lookMs, () => this.#work());
        return;
      }
      this.#queue.shift()?.();
    }
  }

  /** Whether the peer takes what is sent: what it does not, the library would keep. */
  get #hasRoom(): boolean {
    const { outgoing } = this.#sftp as unknown as { readonly outgoing: { readonly window: number } };
    return outgoing.window > 0 && this.#around.waiting() <= limits.peers.answers;
  }

  #say(id: number, status: number, words = ""): void {
    this.#sftp.status(id, status, words);
  }

  /** Whether files may be read; says so where not. */
  #mayRead(id: number): boolean {
    const barred = this.#visitor.barred();
    if (barred !== undefined) this.#say(id, Status.permissionDenied, barred);
    return barred === undefined;
  }

  #nodeAt(id: number, path: string): SftpNode | undefined {
    if (!this.#mayRead(id)) return undefined;
    const node = nodeAt(this.#visitor.shelf, path);
    if (node === undefined) this.#say(id, Status.noSuchFile, "there is no such file");
    return node;
  }

  /** What is open under a handle; of one that is none that is said. */
  #at(id: number, handle: Uint8Array): Open | undefined {
    const open = handle.length === 4 ? this.#open.get(numberOf(handle)) : undefined;
    if (open === undefined) this.#say(id, Status.failure, "there is no such handle");
    return open;
  }

  #hand(id: number, open: Open): void {
    if (this.#open.size >= limits.ssh.handles) return this.#say(id, Status.failure, "too many files are open");
    const number = this.#next++ >>> 0;
    this.#open.set(number, open);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(number);
    this.#sftp.handle(id, handle);
  }

  #realPath(id: number, path: string): void {
    const whole = resolved(path);
    if (whole === undefined) return this.#say(id, Status.noSuchFile, "that is no path");
    this.#sftp.name(id, [{ filename: whole, longname: whole, attrs: {} as never }]);
  }

  #stat(id: number, path: string): void {
    const node = this.#nodeAt(id, path);
    if (node !== undefined) this.#sftp.attrs(id, node.attrs);
  }

  #statOf(id: number, handle: Uint8Array): void {
    const open = this.#at(id, handle);
    if (open !== undefined) this.#sftp.attrs(id, open.node.attrs);
  }

  #openFolder(id: number, path: string): void {
    const node = this.#nodeAt(id, path);
    if (node === undefined) return;
    if (node.kind !== "folder") return this.#say(id, Status.failure, "it is a file");
    const itself = [".", ".."].map((name) => named(node, name));
    const names = [...itself, ...namesIn(this.#visitor.shelf, node.name)];
    this.#hand(id, { kind: "folder", node, names, given: 0 });
  }

  #readFolder(id: number, handle: Uint8Array): void {
    const open = this.#at(id, handle);
    if (open === undefined || !this.#mayRead(id)) return;
    if (open.kind !== "folder") return this.#say(id, Status.failure, "it is a file");
    const some = open.names.slice(open.given, open.given + limits.ssh.names);
    open.given += some.length;
    if (some.length === 0) return this.#say(id, Status.eof);
    this.#sftp.name(id, [...some]);
  }

  #openFile(id: number, path: string, flags: number): void {
    if (flags !== READ) return this.#openDraft(id, path, flags);
    const node = this.#nodeAt(id, path);
    if (node === undefined) return;
    if (node.kind !== "file") return this.#say(id, Status.failure, "it is a folder");
    const bytes = this.#visitor.shelf.read(node.name);
    if (bytes === undefined) return this.#say(id, Status.noSuchFile, "there is no such file");
    this.#hand(id, { kind: "file", node, bytes });
  }

  #read(id: number, handle: Uint8Array, at: number, length: number): void {
    const open = this.#at(id, handle);
    if (open === undefined || !this.#mayRead(id)) return;
    if (open.kind !== "file") return this.#say(id, Status.failure, "it cannot be read");
    const part = open.bytes.subarray(at, at + Math.min(length, limits.ssh.readBytes));
    if (part.length === 0) return this.#say(id, Status.eof);
    this.#sftp.data(id, Buffer.from(part));
  }

  #close(id: number, handle: Uint8Array): void {
    const open = this.#at(id, handle);
    if (open === undefined) return;
    this.#open.delete(numberOf(handle));
    if (open.kind === "draft") this.#put(id, open.name, open.draft.bytes);
    else this.#say(id, Status.ok);
  }

  /** Somebody begins to send a file: it is kept until it is whole. */
  #openDraft(id: number, path: string, flags: number): void {
    const name = resolved(path)?.slice(1) ?? "";
    const isNew = (flags & WRITE) !== 0 && (flags & CREATE) !== 0 && (flags & (READ | APPEND | EXCLUSIVE)) === 0;
    if (!isNew || this.#visitor.mayPut === undefined || name === "")
      return this.#say(id, Status.permissionDenied, READ_ONLY);
    const refused = this.#visitor.mayPut(name);
    if (refused !== undefined) return this.#say(id, statusOf(refused), refused.words);
    const drafts = [...this.#open.values()].filter(({ kind }) => kind === "draft").length;
    if (drafts > 0) return this.#say(id, Status.failure, "one file at a time is sent");
    this.#hand(id, { kind: "draft", node: draftNode(name), name, draft: new Draft(limits.ssh.putBytes) });
  }

  #write(id: number, handle: Uint8Array, at: number, data: Uint8Array): void {
    const open = this.#at(id, handle);
    if (open === undefined) return;
    if (open.kind !== "draft") return this.#say(id, Status.permissionDenied, READ_ONLY);
    if (open.draft.write(at, data)) return this.#say(id, Status.ok);
    this.#say(id, Status.failure, `a file has ${limits.ssh.putBytes} bytes at most, without gaps`);
  }

  #setStat(id: number, handle: Uint8Array): void {
    const open = this.#at(id, handle);
    if (open?.kind === "draft") this.#say(id, Status.ok);
    else if (open !== undefined) this.#say(id, Status.permissionDenied, READ_ONLY);
  }

  /** It is whole: the answer to its end says what became of it. */
  #put(id: number, name: string, bytes: Uint8Array): void {
    const say = (refused: FileRefused | undefined): void =>
      refused === undefined ? this.#say(id, Status.ok) : this.#say(id, statusOf(refused), refused.words);
    this.#visitor.put?.(name, bytes).then(say, () => this.#around.end());
  }

  #remove(id: number, path: string): void {
    const node = this.#nodeAt(id, path);
    if (node === undefined) return;
    if (node.kind !== "file") return this.#say(id, Status.permissionDenied, "it is a folder");
    const refused = this.#visitor.remove(node.name);
    if (refused === undefined) return this.#say(id, Status.ok);
    this.#say(id, statusOf(refused), refused.words);
  }
}

function statusOf({ refused }: FileRefused): number {
  return { none: Status.noSuchFile, denied: Status.permissionDenied, invalid: Status.failure }[refused];
}

function numberOf(handle: Uint8Array): number {
  return new DataView(handle.buffer, handle.byteOffset, handle.length).getUint32(0);
}
