/** Meters with an agent in this process, and who asks it: what tests of SNMP stand on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { parse } from "yaml";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { snmp } from "#fleet/protocols/snmp.ts";
import type { Served, Station } from "#fleet/protocols/protocol.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { nullModem } from "#io/null-modem.ts";
import type { ListenEntry } from "#fleet/protocols/protocol.ts";
import { fixedMapMeters } from "#product/fixed-map/product.ts";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import type { Device } from "#product/product.ts";
import { communityBytes, Flag, readMessage, readScopedPdu, scopedBytes } from "#protocol/snmp/message.ts";
import { oidOf, oidText } from "#protocol/snmp/oid.ts";
import type { Pdu, PduKind } from "#protocol/snmp/pdu.ts";
import { decrypted, isAuthentic, protectedBytes, Salts } from "#protocol/snmp/protection.ts";
import type { SnmpUser } from "#protocol/snmp/user.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import { LiveSource } from "#waveform/live.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";
import { feeder, reading } from "./rig.ts";
import { AUTHENTIC, COMMUNITY, PRIVATE, textBytes, textOf } from "./snmp-exchanges.ts";

process.env["SNMP_TEST_COMMUNITY"] = textOf(COMMUNITY);
process.env["SNMP_TEST_AUTH"] = AUTHENTIC;
process.env["SNMP_TEST_PRIV"] = PRIVATE;
/** As a site file names what is in the environment. */
export const named = {
  community: "community: { env: SNMP_TEST_COMMUNITY }",
  ann: "{ name: ann, authenticationPassphrase: { env: SNMP_TEST_AUTH }, privacyPassphrase: { env: SNMP_TEST_PRIV } }",
};
export const LISTEN = `{ snmp: udp, ${named.community}, location: here, users: [${named.ann}] }`;

/** Two bytes of a datagram, as they go to the listener from an address; what came back. */
export type Ask = (bytes: Uint8Array, from?: string) => Uint8Array | undefined;

export interface Heard {
  /** What the listener was told that it did not understand. */
  misunderstood: number;
}

/** Serves a device by an entry of a site file, as the fleet does. */
export function served(device: Device, [entry]: readonly ListenEntry[], clock: VirtualClock) {
  assert.ok(entry !== undefined);
  const { surface } = device;
  const heard: Heard = { misunderstood: 0 };
  const station: Station = {
    device: { ...device, name: surface.identity.name, listen: [] },
    port: "ethernet 1",
    keys: entry.keys,
    line: device.line,
    answers: () => surface.answers("ethernet 1", "snmp"),
  };
  const server = snmp.serve({
    transport: snmp.transports[0]!,
    stations: [station] as unknown as Served<never>["stations"],
    clock,
    misunderstood: () => heard.misunderstood++,
    connected() {},
    left() {},
  } as never);
  server.begin?.();
  const ask: Ask = (bytes, from = "127.0.0.1:40000") => {
    const [here, there] = nullModem();
    let answer: Uint8Array | undefined;
    here.receive((one) => (answer = one));
    const link = new FaultyLink(
      {
        ...there,
        peer: from,
        waiting: 0,
        send: (b) => there.send(b),
        receive: (r) => there.receive(r),
        pause() {},
        resume() {},
        closed: (r) => there.closed(r),
        close: () => there.close(),
      },
      new FaultPlan(),
      clock,
    );
    server.take(link, undefined);
    // A socket hands over a Buffer, whose slices are views.
    here.send(Buffer.from(bytes));
    here.close();
    return answer;
  };
  return { ask, heard, server };
}

export interface JemStarAgent extends JemStarRig {
  readonly device: JemStarDevice;
  readonly ask: Ask;
  readonly heard: Heard;
  /** Lets seconds pass, half a second at a time as a site does. */
  seconds(count: number): void;
}

export function jemStarAgent(t: TestContext, options: Parameters<typeof jemStar>[1] = {}): JemStarAgent {
  const rig = jemStar(t, { listen: LISTEN, ownTime: true, serial: "31000007", ...options });
  const device = deviceOf(rig.jem, rig.clock);
  const { ask, heard, server } = served(device, rig.listen, rig.clock);
  device.start();
  t.after(() => {
    server.end?.();
    device.stop();
  });
  return {
    ...rig,
    device,
    ask,
    heard,
    seconds(count) {
      for (let k = 0; k < 2 * count; k++) {
        rig.clock.advance(500);
        device.advance(rig.clock.elapsed());
      }
    },
  };
}

/** A Leviton meter of a feeder on a live source, called `name`. */
export function levitonAgent(
  t: TestContext,
  {
    name = "vector",
    listen = LISTEN,
    store = new MemoryStore().drawer(name),
  }: { name?: string; listen?: string; store?: MeterStore } = {},
) {
  const { meters } = siteSchema.parse(
    parse(`
meters:
  - name: ${name}
    model: leviton-s4100
    serial: "41000001"
    source: { live: { hz: 60 } }
    settings: { systemType: 40, ctPrimary: ${feeder.ctPrimary}, systemVoltage: ${feeder.systemVoltage} }
    listen: [${listen}]
`),
  );
  const [entry] = meters;
  assert.ok(entry !== undefined);
  const clock = new VirtualClock();
  const source = new LiveSource(60);
  const device = fixedMapMeters.make({
    entry,
    ports: entry.listen,
    folder: ".",
    clock,
    real: clock,
    store,
    source: () => source,
    refused() {},
  });
  const { ask, heard, server } = served(device, entry.listen, clock);
  device.start();
  t.after(() => {
    server.end?.();
    device.stop();
  });
  source.push(reading);
  const seconds = (count: number): void => {
    for (let k = 0; k < 2 * count; k++) {
      clock.advance(500);
      device.advance(clock.elapsed());
    }
  };
  return { device, ask, heard, clock, source, seconds };
}

/** A value as tests have it: octets as text, of an identifier its text. */
export type Told = readonly [name: string, kind: string, value?: unknown];

export function toldOf({ variables }: Pick<Pdu, "variables">): Told[] {
  return variables.map(({ name, value }): Told => {
    const text = oidText(name);
    if (!("value" in value)) return [text, value.kind];
    if (value.kind === "octets") return [text, "octets", textOf(value.value)];
    return [text, value.kind, value.kind === "oid" ? oidText(value.value) : value.value];
  });
}

export interface Asked {
  readonly once?: number;
  readonly times?: number;
}

export function pdu(kind: PduKind, names: readonly string[], { once = 0, times = 0 }: Asked = {}, requestId = 7): Pdu {
  const variables = names.map((name) => ({ name: oidOf(name), value: { kind: "null" as const } }));
  return { kind, requestId, errorStatus: once, errorIndex: times, variables };
}

/** Over SNMPv2c. */
export function overCommunity(
  ask: Ask,
  { community = COMMUNITY, from }: { community?: Uint8Array; from?: string } = {},
) {
  return (kind: PduKind, names: readonly string[], how: Asked = {}): Pdu | undefined => {
    const answer = ask(communityBytes(community, pdu(kind, names, how)), from);
    if (answer === undefined) return undefined;
    const message = readMessage(answer);
    assert.ok(message.version === "v2c" && message.pdu.requestId === 7);
    return message.pdu;
  };
}

export interface Said {
  readonly user?: SnmpUser;
  readonly flags?: number;
  readonly engineId?: Uint8Array;
  readonly boots?: number;
  readonly time?: number;
  readonly context?: string;
  /** Does something to the message on its way. */
  readonly damage?: (bytes: Uint8Array) => void;
}

const salts = new Salts();

/** One message of SNMPv3 and what it brings: the PDU, and who it says it is. */
export function overUser(ask: Ask, said: Said, request: Pdu) {
  const {
    user,
    flags = Flag.auth | Flag.priv | Flag.reportable,
    engineId = new Uint8Array(0),
    boots = 0,
    time = 0,
    context = "",
  } = said;
  const keys = user?.keysAt(engineId);
  const scoped = scopedBytes({ contextEngineId: engineId, contextName: textBytes(context), pdu: request });
  const bytes = protectedBytes({ id: 21, maxSize: 1472, flags, engineId, boots, time, scoped, user, keys }, salts);
  said.damage?.(bytes);
  const answer = ask(bytes);
  if (answer === undefined) return undefined;
  const message = readMessage(answer);
  assert.ok(message.version === "v3" && message.security !== undefined && message.id === 21);
  const { security } = message;
  if ((message.flags & Flag.auth) !== 0)
    assert.ok(user !== undefined && keys !== undefined && isAuthentic(answer, message, user, keys));
  const plain = "scoped" in message.data ? message.data.scoped : decrypted(message.data.encrypted, security, keys!)!;
  return { pdu: readScopedPdu(plain).pdu, security, flags: message.flags, length: answer.length };
}

/** Finds the engine out, as a manager does (RFC 3414, 4), and says what to say from here on. */
export function introduced(ask: Ask, user: SnmpUser): Required<Pick<Said, "user" | "engineId" | "boots" | "time">> {
  const first = overUser(ask, { flags: Flag.reportable }, pdu("get", []));
  assert.equal(first?.pdu.kind, "report");
  const { engineId } = first.security;
  const second = overUser(
    ask,
    {
      user,
      engineId: Uint8Array.from(engineId),
      flags: Flag.auth | Flag.reportable | (user.settings.privacy ? Flag.priv : 0),
    },
    pdu("get", []),
  );
  assert.deepEqual(
    toldOf(second!.pdu).map(([name]) => name),
    ["1.3.6.1.6.3.15.1.1.2.0"],
  );
  const { boots, time } = second!.security;
  return { user, engineId: Uint8Array.from(engineId), boots, time };
}
