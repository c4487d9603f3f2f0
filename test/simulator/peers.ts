/** Who talks to the meters over Modbus: masters that ask and wait, and those that do not behave. */
import type { Link } from "#io/link.ts";
import { crc16 } from "#wire/crc16.ts";
import type { Claims } from "./claims.ts";
import type { Change } from "./oracle.ts";
import { places, units, type MeterName } from "./site.ts";
import { hold } from "./violation.ts";
import type { World } from "./world.ts";

/** What was answered: a PDU. */
type Answer = Uint8Array;

const bytesOf = (...words: readonly number[]): number[] => words.flatMap((word) => [(word >> 8) & 0xff, word & 0xff]);

function tcpFrame(transaction: number, unit: number, pdu: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytesOf(transaction, 0, pdu.length + 1), unit, ...pdu]);
}

function rtuFrame(unit: number, pdu: readonly number[]): Uint8Array {
  const body = Uint8Array.from([unit, ...pdu]);
  const sum = crc16(body);
  return Uint8Array.from([...body, sum & 0xff, sum >> 8]);
}

/** What a master wants: the requests that the meters here are asked. */
const ask = {
  read: (first: number, count: number) => [3, ...bytesOf(first, count)],
  write: (first: number, value: number) => [6, ...bytesOf(first, value)],
  writeMany: (first: number, values: readonly number[]) => [
    16,
    ...bytesOf(first, values.length),
    2 * values.length,
    ...bytesOf(...values),
  ],
};

/** After so long nobody waits for an answer any more, ms of virtual time. */
const SILENCE_MS = 4000;

/** A master on a link of its own: one request at a time. */
class Master {
  readonly #world: World;
  readonly #link: Link;
  readonly #place: string;
  #pending = new Uint8Array(0);
  #heard: (pdu: Answer) => void = () => {};
  #transaction = 0;
  closed = false;

  constructor(world: World, place: string) {
    const link = world.process.cables.dial(
      place,
      `192.0.2.${world.chance.whole(1, 9)}:${world.chance.whole(1024, 65_535)}`,
    );
    if (link === undefined) throw new Error(`nobody listens on ${place}`);
    this.#world = world;
    this.#link = link;
    this.#place = place;
    const { process } = world;
    link.closed(() => (this.closed = true));
    link.receive((bytes) => {
      // What a process sends that has ended nobody hears.
      if (process.ended) return;
      this.#pending = Uint8Array.from([...this.#pending, ...bytes]);
      this.#take();
    });
  }

  /** Silence between bytes ends a frame on a serial line. */
  get isPatient(): boolean {
    return this.#place !== places.serial;
  }

  #take(): void {
    const all = this.#pending;
    if (this.#place === places.serial) {
      const size = all.length < 3 ? Infinity : all[1]! >= 0x80 ? 5 : all[1] === 3 ? 5 + all[2]! : 8;
      if (all.length < size) return;
      this.#pending = all.slice(size);
      hold(crc16(all, 0, size) === 0, () => `a frame on the serial line has a wrong checksum: ${hex(all)}`);
      return this.#heard(all.slice(1, size - 2));
    }
    if (all.length < 6) return;
    const size = 6 + all[4]! * 256 + all[5]!;
    if (all.length < size) return;
    this.#pending = all.slice(size);
    hold(this.#transaction === all[0]! * 256 + all[1]!, () => `an answer of another transaction: ${hex(all)}`);
    this.#heard(all.slice(7, size));
  }

  /**
   * Its answer; undefined where none came, because the link was closed or nothing was said on the line: only while the disk fails.
   * `slowly` it takes its time from byte to byte.
   */
  async request(unit: number, pdu: readonly number[], slowly = false): Promise<Answer | undefined> {
    const { process } = this.#world;
    this.#transaction++;
    const frame = this.#place === places.serial ? rtuFrame(unit, pdu) : tcpFrame(this.#transaction, unit, pdu);
    const answered = new Promise<Answer | undefined>((resolve) => {
      this.#heard = (pdu) => {
        resolve(pdu);
        this.#world.answered();
      };
      this.#link.closed(() => resolve(undefined));
      process.clock.after(SILENCE_MS, () => resolve(undefined));
    });
    if (!slowly) this.#link.send(frame);
    else frame.forEach((byte, k) => void process.clock.after(150 * k, () => this.#link.send(Uint8Array.of(byte))));
    const answer = await answered;
    // What was heard was sent before the process ended.
    if (answer === undefined && process.ended) await new Promise(() => {});
    const words = `modbus ${unit} ${hex(Uint8Array.from(pdu))}`;
    this.#world.note(words, answer === undefined ? "no answer" : hex(answer));
    hold(answer !== undefined || this.#world.hasCause, () => `${words} has had no answer`);
    if (answer === undefined) this.#world.figures.add("modbus: no answer while the disk fails");
    return answer;
  }

  close(): void {
    this.#link.close();
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function wordsOf(answer: Answer): number[] {
  return Array.from({ length: (answer.length - 2) / 2 }, (_, k) => answer[2 + 2 * k]! * 256 + answer[3 + 2 * k]!);
}

/** "Server device busy": for now it cannot be done. */
const BUSY = 6;

/** Asks for a change, and tells those who remember it what became of it; whether it was acknowledged. */
async function write(
  world: World,
  master: Master,
  [unit, pdu]: readonly [unit: number, pdu: readonly number[]],
  changes: readonly Change<unknown>[],
): Promise<boolean> {
  const { process } = world;
  const knew = process.trouble !== undefined;
  const answer = await master.request(unit, pdu);
  if (answer === undefined) return false;
  const done = answer[0]! < 0x80;
  hold(done || answer[1] === BUSY, () => `unit ${unit} refuses ${hex(Uint8Array.from(pdu))} with ${answer[1]}`);
  hold(
    !done || !(knew || (world.isAlone && process.trouble !== undefined)),
    () => `unit ${unit} acknowledges ${hex(Uint8Array.from(pdu))} and can keep nothing`,
  );
  hold(done || world.hasCause, () => `unit ${unit} refuses ${hex(Uint8Array.from(pdu))} on a disk that is well`);
  if (!done) world.figures.add("modbus: a change refused with 06");
  for (const one of changes) {
    if (done) one.acknowledged();
    // Where the site itself finds out by it that it can keep nothing, it may have been done before.
    else if (knew) one.refused();
  }
  return done;
}

export type Doing = (world: World, claims: Claims) => Promise<void>;

/** What somebody does. What it is about nothing else is about that goes on at the same time: else nobody could say what was first. */
export interface Deed {
  readonly about: string;
  readonly run: Doing;
}

async function at(world: World, place: string, doing: (master: Master) => Promise<void>): Promise<void> {
  const master = new Master(world, place);
  await doing(master);
  master.close();
}

/** Reads; undefined where that is refused, which a meter may do while its store is in trouble. */
async function read(
  world: World,
  master: Master,
  unit: number,
  request: readonly number[],
): Promise<number[] | undefined> {
  const answer = await master.request(unit, request, master.isPatient && world.chance.once(10));
  if (answer === undefined) return undefined;
  if (answer[0]! < 0x80) return wordsOf(answer);
  hold(
    answer[1] === BUSY && world.hasCause,
    () => `unit ${unit} refuses ${hex(Uint8Array.from(request))} with ${answer[1]}`,
  );
  world.figures.add("modbus: a reading refused with 6");
  return undefined;
}

function float(words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(4));
  words.slice(0, 2).forEach((word, k) => view.setUint16(2 * k, word));
  return view.getFloat32(0);
}

/** A number of 24 bits may be so much more than what it stands for. */
const FLOAT = 2 ** -24;

/** A register of a Leviton by its printed number. */
const leviton = (register: number, count: number): readonly number[] => ask.read(register - 1, count);

const feederPlaces = [places.tcp, places.serial] as const;
const circuitPlaces = [places.tcp, places.tls] as const;

/** A clearing that was acknowledged is executed at the end of a calculation cycle: after a start there has been none yet. */
export function cycle({ process }: World): Promise<void> {
  const left = CYCLE_MS - process.clock.elapsed();
  return left <= 0 ? Promise.resolve() : new Promise((resolve) => void process.clock.after(left, resolve));
}

/** A cycle, and the beat by which the site goes. */
const CYCLE_MS = 1600;

const jemEnergies: Doing = (world, { energies }) =>
  at(world, places.tcp, async (master) => {
    const words = await read(world, master, units.jem, ask.read(0, 4));
    if (words === undefined) return;
    energies.jem.saw(words[0]! * 65_536 + words[1]!, 1);
    energies["jem 2"].saw(words[2]! * 65_536 + words[3]!, 1);
  });

const jemPreset: Doing = (world, { energies, flows }) =>
  at(world, places.tcp, async (master) => {
    const value = world.chance.whole(0, 2_000_000);
    const change = energies["jem 2"].preset(value, flows.jem.during(4));
    await write(world, master, [units.jem, ask.writeMany(2, [value >> 16, value & 0xffff])], [change]);
  });

const levitonEnergy =
  (name: "feeder" | "live"): Doing =>
  (world, { energies, resets }) =>
    at(world, name === "feeder" ? world.chance.one(feederPlaces) : places.tcp, async (master) => {
      if (name === "feeder") {
        await cycle(world);
        const count = await read(world, master, units[name], leviton(147, 1));
        if (count !== undefined) resets.saw(count[0]!);
      }
      const words = await read(world, master, units[name], leviton(259, 2));
      if (words === undefined) return;
      const wh = 1000 * float(words);
      energies[name].saw(wh * (1 - FLOAT), wh * 2 * FLOAT);
    });

const feederFacts: Doing = (world, { imbalance, loss, powerUps }) =>
  at(world, world.chance.one(feederPlaces), async (master) => {
    const settings = await read(world, master, units.feeder, leviton(142, 2));
    if (settings !== undefined) {
      loss.saw(settings[0]!);
      imbalance.saw(settings[1]!);
    }
    const count = await read(world, master, units.feeder, leviton(152, 1));
    if (count !== undefined) powerUps.saw(count[0]!);
  });

const feederSetting: Doing = (world, { imbalance, loss }) =>
  at(world, world.chance.one(feederPlaces), async (master) => {
    const [register, fact] = world.chance.one([[142, loss] as const, [143, imbalance] as const]);
    const value = world.chance.whole(1, 99);
    const change = fact.ask(value);
    await write(world, master, [units.feeder, ask.write(register - 1, value)], [change]);
  });

/** 30078 into register 129: clears the energies. */
const feederClear: Doing = (world, { energies, resets, flows }) =>
  at(world, world.chance.one(feederPlaces), async (master) => {
    await cycle(world);
    const changes = [energies.feeder.preset(0, flows.feeder.during(4)), resets.ask()];
    // It is executed at the end of the calculation cycle.
    for (const change of changes) change.comesLater();
    const written = await write(world, master, [units.feeder, ask.write(128, 30_078)], changes);
    if (!written) return;
    await new Promise<void>((resolve) => void world.process.clock.after(CYCLE_MS, resolve));
    for (const change of changes) change.carriedOut();
  });

/** An energy is four groups of four digits, the least significant first. */
const circuitEnergy: Doing = (world, { energies }) =>
  at(world, world.chance.one(circuitPlaces), async (master) => {
    const words = await read(world, master, units.circuit, ask.read(1699, 4));
    if (words !== undefined)
      energies.circuit.saw(
        words.reduceRight((sum, group) => sum * 10_000 + group, 0),
        1,
      );
  });

/** Entries of the first buffer of the data log, the newest first: page 1 into register 158, and nobody's page when it is read. */
const feederLog: Doing = (world, { dataLog }) =>
  at(world, places.tcp, async (master) => {
    const page = (number: number): Promise<boolean> => write(world, master, [units.feeder, ask.write(157, number)], []);
    if (!(await page(1))) return;
    const state = await read(world, master, units.feeder, leviton(161, 3));
    const entries = await read(world, master, units.feeder, leviton(8000, LOGGED));
    await page(0);
    if (state === undefined || entries === undefined) return;
    const count = state[0]! * 5760 + state[2]!;
    const members = entries
      .slice(0, Math.min(LOGGED, count))
      .map((value, k) => ({ sequence: count - 1 - k, utc: world.utc - 10_000 * k, text: String(value) }));
    dataLog.saw(members.toReversed(), Math.max(0, count - LOGGED), count);
  });

const LOGGED = 40;

/** 6209 into register 8000: presets of the energies from register 8022 on, seven of four groups; the echo and the result from 8020 on. */
const circuitPreset: Doing = (world, { energies, flows }) =>
  at(world, world.chance.one(circuitPlaces), async (master) => {
    const value = world.chance.whole(0, 90_000_000);
    const groups = Array.from({ length: 28 }, (_, k) => (k < 4 ? Math.floor(value / 10_000 ** k) % 10_000 : 0));
    const put = (register: number, values: readonly number[], changes: readonly Change<unknown>[] = []) =>
      write(world, master, [units.circuit, ask.writeMany(register - 1, values)], changes);
    if (!(await put(8017, [8020, 8021, 8022]))) return;
    if (!(await put(8020, [0xffff, 0xffff])) || !(await put(8022, groups))) return;
    const change = energies.circuit.preset(value, flows.circuit.during(6));
    if (!(await write(world, master, [units.circuit, ask.write(7999, 6209)], []))) return;
    let troubled = world.trouble !== undefined;
    const look = world.process.clock.after(CYCLE_MS / 2, () => (troubled ||= world.trouble !== undefined));
    await new Promise<void>((resolve) => void world.process.clock.after(CYCLE_MS, resolve));
    look();
    const result = await read(world, master, units.circuit, ask.read(8019, 2));
    if (result === undefined) return;
    // That a command is done is told when it can be kept: with the cycle after trouble has ended.
    troubled ||= world.trouble !== undefined;
    const isTold = result[0] === 6209 || (result[0] === 0xffff && troubled);
    hold(isTold, () => `the command interface echoes ${result[0]}`);
    // What is read while nothing can be kept is what is in memory.
    if (result[1] === 0 && world.trouble === undefined) change.acknowledged();
  });

/** Deeds at one meter. */
export const masters: Readonly<Record<MeterName, readonly Deed[]>> = {
  jem: [
    { about: "jem energies", run: jemEnergies },
    { about: "jem energies", run: jemEnergies },
    { about: "jem energies", run: jemPreset },
  ],
  feeder: [
    { about: "feeder energies", run: levitonEnergy("feeder") },
    { about: "feeder energies", run: feederClear },
    { about: "feeder log", run: feederLog },
    { about: "feeder settings", run: feederFacts },
    { about: "feeder settings", run: feederSetting },
  ],
  live: [{ about: "live energies", run: levitonEnergy("live") }],
  circuit: [
    { about: "circuit energies", run: circuitEnergy },
    { about: "circuit energies", run: circuitPreset },
  ],
};

/** Says nothing for as long as the site lives. */
const silent: Doing = async (world) => {
  world.process.cables.dial(world.chance.one([places.tcp, places.tcp, places.tls]), "198.51.100.1:1");
  world.figures.add("peer: silent");
};

/** Functions that change nothing of what the oracle holds the meters to, and some that there are not. */
const reading = [1, 2, 3, 4, 7, 8, 11, 12, 17, 24, 43, 65, 90] as const;
/** Where the function stands in a frame over TCP. */
const FUNCTION = 7;

/** Sends what is no Modbus, or nearly is. */
const hostile: Doing = async (world) => {
  const { chance, process } = world;
  const place = chance.one(Object.values(places));
  const link = process.cables.dial(place, "198.51.100.2:2");
  if (link === undefined) return;
  const kind = chance.one(["noise", "nearly", "half", "burst", "writes"] as const);
  world.figures.add(`peer: hostile, ${kind}`);
  const unit = chance.whole(0, 5);
  const harmless = [chance.one(reading), ...chance.bytes(chance.whole(1, 8))];
  // Diagnostics of which none bids a unit be silent.
  harmless[1]! |= 1;
  const frame = place === places.serial ? rtuFrame(unit, harmless) : tcpFrame(chance.whole(0, 65_535), unit, harmless);
  if (kind === "noise") link.send(chance.bytes(chance.whole(1, 300)));
  else if (kind === "half") link.send(frame.subarray(0, chance.whole(1, frame.length - 1)));
  else if (kind === "burst") for (let k = 0; k < 40; k++) link.send(frame.slice());
  else if (kind === "nearly") {
    const at = chance.whole(0, frame.length - 1);
    // A function that is another one could be one that writes.
    if (at !== FUNCTION) frame[at]! ^= 1 << chance.whole(0, 7);
    link.send(frame);
  } else {
    // What nobody may write: a register that is not there.
    const write = ask.writeMany(60_000, [1, 2]);
    link.send(place === places.serial ? rtuFrame(unit, write) : tcpFrame(1, unit, write));
  }
  if (chance.once(2)) link.close();
};

/** Asks on and on, and reads nothing. */
const unread: Doing = async (world) => {
  const { chance, process } = world;
  const link = process.cables.dial(places.tcp, "198.51.100.3:3");
  world.figures.add("peer: reads nothing");
  link?.pause();
  const burst = Array.from({ length: 100 }, (_, k) => tcpFrame(k, chance.whole(1, 4), ask.read(0, 125)));
  const bytes = Uint8Array.from(burst.flatMap((frame) => [...frame]));
  for (let k = 0; k < 10; k++) process.clock.after(100 * k, () => link?.send(bytes.slice()));
};

export const strangers: readonly Deed[] = [silent, hostile, hostile, hostile, unread].map((run) => ({
  about: "nothing",
  run,
}));
