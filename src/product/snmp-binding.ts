/** SNMP of any meter: its engine, which every start of the site counts, and its surface. */
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { engineIdOf, nextBoots, type SnmpEngine } from "#protocol/snmp/engine.ts";
import type { SnmpHost } from "#protocol/snmp/host.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { MeterStore } from "#store/store.ts";
import type { WhenKept } from "./product.ts";

const KEY = "snmp";

export interface SnmpMeans {
  readonly surface: MeterSurface;
  readonly store: MeterStore;
  /** By which peers go; the computer's own unless said. */
  readonly real?: Clock | undefined;
  /** What the meter keeps of secrets; left out of one that keeps none. */
  readonly secret?: ((name: string) => Uint8Array | undefined) | undefined;
}

export interface SnmpBinding {
  /** `port` is the meter's, by name. */
  host(port: string): SnmpHost;
  start(kept?: WhenKept): void;
}

const people = new SystemClock();

export function snmpBinding({ surface, store, real = people, secret }: SnmpMeans): SnmpBinding {
  let engine: SnmpEngine | undefined;
  let whenKept: WhenKept = (run) => run(true);
  return {
    host: (port) => ({
      surface,
      mayRead: (place) => surface.bars(place, surface.open({ protocol: "snmp", port, near: false })) === undefined,
      engine: (engine ??= begun({ surface, store, real })),
      secret,
      whenKept: (run) => whenKept(run),
    }),
    start: (kept) => void (whenKept = kept ?? whenKept),
  };
}

/**
 * An engine that begins, with the meter and with its power: who counts its seconds learns from its boots that they are counted anew (RFC 3414,
 * 2.2).
 */
function begun({
  surface,
  store,
  real,
}: Required<Pick<SnmpMeans, "surface" | "store">> & { readonly real: Clock }): SnmpEngine {
  const { serial, name } = surface.identity;
  let [since, boots, bytes] = [0, bootsIn(store.get(KEY)), new Uint8Array(0)];
  const begin = (): void => {
    since = real.elapsed();
    boots = nextBoots(boots);
    bytes = new TextEncoder().encode(JSON.stringify({ boots }));
    store.put(KEY, bytes);
  };
  begin();
  store.holds(KEY, () => bytes);
  let isDown = false;
  surface.on("cycle", () => {
    const { powered } = surface.status();
    if (powered && isDown) begin();
    isDown = !powered;
  });
  return {
    id: engineIdOf(serial === "" ? name : serial),
    get boots() {
      return boots;
    },
    elapsed: () => real.elapsed() - since,
  };
}

function bootsIn(bytes: Uint8Array | undefined): number {
  if (bytes === undefined) return 0;
  return (JSON.parse(new TextDecoder().decode(bytes)) as { readonly boots: number }).boots;
}
