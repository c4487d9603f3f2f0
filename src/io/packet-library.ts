/** What raw sockets need of the C library, by koffi: taken in when somebody first opens one, and nothing of a site needs it otherwise. */
import { createRequire } from "node:module";
import { noLibrary } from "./ethernet-trouble.ts";

type Koffi = typeof import("koffi");

export interface PacketLibrary {
  socket(domain: number, type: number, protocol: number): number;
  close(fd: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  setOption(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getOption(fd: number, level: number, name: number, value: Uint8Array, length: Uint32Array): number;
  /** A filter of the Berkeley packet filter, eight octets an instruction. */
  setFilter(fd: number, program: Uint8Array): number;
  getName(fd: number, address: Uint8Array, length: Uint32Array): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  interfaceNumber(name: string): number;
  /** Memory that the kernel and this process share; undefined where it cannot be had. */
  map(fd: number, length: number): { readonly memory: ArrayBuffer; unmap(): void } | undefined;
  /** Runs whenever there is something to read, until it is closed; below 0 something else is the matter, and nothing more comes. */
  watch(fd: number, run: (status: number) => void): { close(): void };
  errno(): number;
}

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;

let taken: PacketLibrary | undefined;

/** Throws an Error with why there is none. */
export function packetLibrary(): PacketLibrary {
  if (process.platform !== "linux") throw new Error(noLibrary());
  if (taken !== undefined) return taken;
  let koffi: Koffi;
  try {
    koffi = createRequire(import.meta.url)("koffi") as Koffi;
  } catch (error) {
    throw new Error(noLibrary(), { cause: error });
  }
  return (taken = libraryOf(koffi));
}

function libraryOf(koffi: Koffi): PacketLibrary {
  const all = koffi.load(null);
  const program = koffi.struct({ length: "uint16_t", instructions: "void *" });
  const option = "int fd, int level, int name";
  const map = all.func("void *mmap(void *at, size_t length, int protection, int flags, int fd, long offset)");
  const unmap = all.func("int munmap(void *at, size_t length)");
  const filter = all.func("setsockopt", "int", ["int", "int", "int", koffi.pointer(program), "uint32_t"]);
  return {
    socket: all.func("int socket(int domain, int type, int protocol)"),
    close: all.func("int close(int fd)"),
    bind: all.func("int bind(int fd, const void *address, uint32_t length)"),
    setOption: all.func(`int setsockopt(${option}, const void *value, uint32_t length)`),
    getOption: all.func(`int getsockopt(${option}, void *value, void *length)`),
    setFilter: (fd, bytes) =>
      filter(
        fd,
        SOL_SOCKET,
        SO_ATTACH_FILTER,
        { length: bytes.length / 8, instructions: bytes },
        koffi.sizeof(program),
      ) as number,
    getName: all.func("int getsockname(int fd, void *address, void *length)"),
    send: all.func("int64_t send(int fd, const void *bytes, size_t length, int flags)"),
    interfaceNumber: all.func("uint32_t if_nametoindex(const char *name)"),
    map(fd, length) {
      const at: unknown = map(null, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
      if (at === 0xffff_ffff_ffff_ffffn || at === 0xffff_ffffn || at === null) return undefined;
      return { memory: koffi.view(at, length), unmap: () => void unmap(at, length) };
    },
    // It gives the status first, which its types do not say.
    watch: (fd, run) => koffi.node.poll(fd, (...given: unknown[]) => run(typeof given[0] === "number" ? given[0] : 0)),
    errno: () => koffi.errno(),
  };
}
