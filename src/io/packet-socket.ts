/**
 * Ethernet of an interface of Linux: a packet socket whose frames lie in a ring that the kernel fills (packet(7), PACKET_RX_RING, version 2).
 * Nothing is called for a frame that comes, no thread waits for one, and the tag of a VLAN is told with it. The kernel filters by EtherType, so
 * that other traffic of the interface costs nothing.
 */
import { setImmediate } from "node:timers";
import { EthernetReceivers } from "./ethernet-receivers.ts";
import { untagged, VLAN } from "./ethernet-frame.ts";
import { noSuchInterface, packetTrouble } from "./ethernet-trouble.ts";
import type { EthernetFrame, EthernetPort } from "./ethernet.ts";
import { packetLibrary, type PacketLibrary } from "./packet-library.ts";

/** Of packet(7), socket(7) and the kernel's if_packet.h. */
const AF_PACKET = 17;
const SOCK_RAW_CLOEXEC = 0x80003;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_DROP_MEMBERSHIP = 2;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V2 = 1;
const MEMBERSHIP_MULTICAST = 0;
const MEMBERSHIP_ALL_MULTICAST = 2;
const ETH_P_ALL = 3;
const MSG_DONTWAIT = 0x40;
const OUTGOING = 4;
const ARPHRD_LOOPBACK = 772;

/** Of a slot's status. */
const FOR_US = 1;
const VLAN_VALID = 1 << 4;

/** Octets of the head of a slot; an address of the link layer stands behind it. */
const SLOT_HEAD = 32;
const LINK_ADDRESS = 20;

/** A frame and the slot's head, a little over 1,560 octets; a second of 15,000 frames a second, 3.4 s of one stream: a machine that has much else to do comes late. */
const SLOT = 2048;
const SLOTS = 16_384;
const BLOCK = 65_536;

/** Frames that are handed on in one turn of the event loop. */
const AT_ONCE = 512;

const numbers = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** Lets frames of some EtherTypes through, and no other: classic BPF, eight octets an instruction. */
function filterOf(etherTypes: readonly number[]): Uint8Array {
  const LOAD_HALF = 0x28;
  const JUMP_EQUAL = 0x15;
  const RETURN = 0x06;
  const count = etherTypes.length;
  const program = new DataView(new ArrayBuffer(8 * (count + 5)));
  let at = 0;
  const put = (code: number, value: number, whenTrue = 0, whenNot = 0): void => {
    program.setUint16(at, code, true);
    program.setUint8(at + 2, whenTrue);
    program.setUint8(at + 3, whenNot);
    program.setUint32(at + 4, value, true);
    at += 8;
  };
  put(LOAD_HALF, 12);
  // Of what comes the kernel has taken the tag out; what this machine sends has it.
  put(JUMP_EQUAL, VLAN, 0, 1);
  put(LOAD_HALF, 16);
  for (const [k, etherType] of etherTypes.entries()) put(JUMP_EQUAL, etherType, count - k);
  put(RETURN, 0);
  put(RETURN, 0xffff);
  return new Uint8Array(program.buffer);
}

/** A link-layer address of an interface (sockaddr_ll). */
function linkAddress(index: number, protocol: number): Uint8Array {
  const bytes = new Uint8Array(LINK_ADDRESS);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, protocol);
  view.setInt32(4, index, true);
  return bytes;
}

/** Slots that the kernel fills in their order. */
class Ring {
  readonly #status: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** A frame as it is handed on: the slot is the kernel's again. */
  readonly #frame = new Uint8Array(SLOT);
  #next = 0;

  constructor(memory: ArrayBuffer) {
    this.#status = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }

  /** The next frame, or undefined where none has come; "other" is one that nobody wants. */
  take(): EthernetFrame | "other" | undefined {
    const at = this.#next * SLOT;
    const status = Atomics.load(this.#status, at / 4);
    if ((status & FOR_US) === 0) return undefined;
    const view = this.#view;
    const whole = view.getUint32(at + 4, true);
    const length = view.getUint32(at + 8, true);
    const from = at + view.getUint16(at + 12, true);
    const tag = view.getUint16(at + 24, true);
    const hardware = view.getUint16(at + SLOT_HEAD + 8, true);
    const kind = view.getUint8(at + SLOT_HEAD + 10);
    // What loops back comes twice: as it goes, and as it comes.
    const isEcho = kind === OUTGOING && hardware === ARPHRD_LOOPBACK;
    const isWhole = length === whole && from + length <= at + SLOT;
    if (isWhole) this.#frame.set(this.#bytes.subarray(from, from + length));
    Atomics.store(this.#status, at / 4, 0);
    this.#next = (this.#next + 1) % SLOTS;
    if (!isWhole || isEcho) return "other";
    const bytes = this.#frame.subarray(0, length);
    if ((status & VLAN_VALID) === 0) return untagged(bytes) ?? "other";
    return { bytes, vlan: { id: tag & 0xfff, priority: tag >> 13 } };
  }
}

class PacketPort implements EthernetPort {
  readonly name: string;
  readonly address: Uint8Array;
  readonly #library: PacketLibrary;
  readonly #fd: number;
  readonly #index: number;
  readonly #ring: Ring;
  readonly #unmap: () => void;
  readonly #watch: { close(): void };
  readonly #receivers = new EthernetReceivers();
  readonly #onClosed: ((fault?: Error) => void)[] = [];
  #lost = 0;
  #open = true;
  #again = false;

  constructor(name: string, library: PacketLibrary, fd: number, index: number) {
    this.name = name;
    this.#library = library;
    this.#fd = fd;
    this.#index = index;
    this.#set("version", SOL_PACKET, PACKET_VERSION, numbers(TPACKET_V2));
    this.#set("ring", SOL_PACKET, PACKET_RX_RING, numbers(BLOCK, (SLOT * SLOTS) / BLOCK, SLOT, SLOTS));
    const mapped = library.map(fd, SLOT * SLOTS);
    if (mapped === undefined) throw this.#trouble("mmap");
    this.#unmap = mapped.unmap;
    this.#ring = new Ring(mapped.memory);
    try {
      this.#filter();
      if (library.bind(fd, linkAddress(index, ETH_P_ALL), LINK_ADDRESS) !== 0) throw this.#trouble("bind");
      const error = this.#error();
      if (error !== 0) throw new Error(packetTrouble(name, "bind", error));
      const own = new Uint8Array(LINK_ADDRESS);
      if (library.getName(fd, own, Uint32Array.of(LINK_ADDRESS)) !== 0) throw this.#trouble("getsockname");
      this.address = own.slice(12, 18);
      this.#watch = library.watch(fd, (status) => this.#readable(status));
    } catch (error) {
      mapped.unmap();
      throw error;
    }
  }

  get lost(): number {
    // Packets and drops since it was asked last.
    const counts = new Uint32Array(2);
    const bytes = new Uint8Array(counts.buffer);
    if (this.#open && this.#library.getOption(this.#fd, SOL_PACKET, PACKET_STATISTICS, bytes, Uint32Array.of(8)) === 0)
      this.#lost += counts[1] ?? 0;
    return this.#lost;
  }

  send(bytes: Uint8Array): void {
    // What the interface has no room for is lost, as on the way.
    if (this.#open) this.#library.send(this.#fd, bytes, bytes.length, MSG_DONTWAIT);
  }

  receive(etherType: number, destination: Uint8Array | undefined, run: (frame: EthernetFrame) => void): () => void {
    const forget = this.#receivers.add(etherType, destination, run);
    this.#member(PACKET_ADD_MEMBERSHIP, destination);
    this.#filter();
    let there = true;
    return () => {
      if (!there) return;
      there = false;
      forget();
      if (!this.#open) return;
      this.#member(PACKET_DROP_MEMBERSHIP, destination);
      this.#filter();
    };
  }

  closed(run: (fault?: Error) => void): void {
    this.#onClosed.push(run);
  }

  close(): void {
    this.#end(undefined);
  }

  #end(fault: Error | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watch.close();
    this.#unmap();
    this.#library.close(this.#fd);
    for (const run of this.#onClosed) run(fault);
  }

  #readable(status: number): void {
    // The poller calls back outside of any callback scope: promises that are settled here would wait for the next timer.
    setImmediate(() => {});
    this.#drain();
    if (status < 0) this.#look(true);
  }

  #drain(): void {
    for (let handed = 0; handed < AT_ONCE; handed++) {
      const frame = this.#open ? this.#ring.take() : undefined;
      if (frame === undefined) {
        if (handed === 0 && this.#open && !this.#again) this.#look();
        return;
      }
      if (frame === "other") continue;
      try {
        this.#receivers.hand(frame);
      } catch (error) {
        // The poller would swallow it.
        setImmediate(() => {
          throw error;
        });
      }
    }
    if (this.#again) return;
    // The rest in a turn of its own, whatever the kernel says of it meanwhile.
    this.#again = true;
    setImmediate(() => {
      this.#again = false;
      this.#drain();
    });
  }

  /** Something is there that is no frame: the interface is down, or gone. */
  #look(isOver = false): void {
    if (!this.#open) return;
    const error = this.#error();
    if (error !== 0 || isOver) this.#end(new Error(packetTrouble(this.name, "reading", error)));
  }

  #error(): number {
    const error = new Uint32Array(1);
    const bytes = new Uint8Array(error.buffer);
    this.#library.getOption(this.#fd, SOL_SOCKET, SO_ERROR, bytes, Uint32Array.of(4));
    return error[0] ?? 0;
  }

  #filter(): void {
    if (this.#library.setFilter(this.#fd, filterOf(this.#receivers.etherTypes)) !== 0) throw this.#trouble("filter");
  }

  /** Tells the interface whose frames are wanted; it counts how often it is told. */
  #member(how: number, destination: Uint8Array | undefined): void {
    const request = new Uint8Array(16);
    const view = new DataView(request.buffer);
    view.setInt32(0, this.#index, true);
    view.setUint16(4, destination === undefined ? MEMBERSHIP_ALL_MULTICAST : MEMBERSHIP_MULTICAST, true);
    view.setUint16(6, destination === undefined ? 0 : 6, true);
    if (destination !== undefined) request.set(destination.subarray(0, 6), 8);
    // An interface that knows no groups has all frames.
    if (destination === undefined || ((destination[0] ?? 0) & 1) === 1)
      this.#library.setOption(this.#fd, SOL_PACKET, how, request, request.length);
  }

  #set(what: string, level: number, option: number, value: Uint8Array): void {
    if (this.#library.setOption(this.#fd, level, option, value, value.length) !== 0) throw this.#trouble(what);
  }

  #trouble(what: string): Error {
    return new Error(packetTrouble(this.name, what, this.#library.errno()));
  }
}

/** Throws an Error with why it cannot be had. */
export function openPacketSocket(name: string): EthernetPort {
  const library = packetLibrary();
  const index = library.interfaceNumber(name);
  if (index === 0) throw new Error(noSuchInterface(name));
  // With protocol 0 nothing comes before it is bound.
  const fd = library.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
  if (fd < 0) throw new Error(packetTrouble(name, "socket", library.errno()));
  try {
    return new PacketPort(name, library, fd, index);
  } catch (error) {
    library.close(fd);
    throw error;
  }
}
