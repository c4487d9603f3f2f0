/**
 * A 256-sample stream of 9-2LE at 60 Hz, 15,360 samples a second in 1,920 frames: the share of a core that receiving it takes, and that
 * measuring it takes a JEMStar II on top. As fast as it goes; a tenth of a core is the bound.
 *
 * node --disable-warning=ExperimentalWarning bench/sampled-values.ts
 */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { jemstarMeters, type JemStarDevice } from "#product/jemstar/product.ts";
import { PDU_AT } from "#protocol/iec61850/sv/sv-frame.ts";
import { SvPdu } from "#protocol/iec61850/sv/sv-pdu.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { MemoryStore } from "#store/store.ts";
import { following, frameOf } from "../test/sv-rig.ts";

const RATE = 15_360;
const INSTANTS = 8;
const SECONDS = 20;

const frames = Array.from({ length: RATE / INSTANTS }, (_, k) => frameOf(k * INSTANTS, { instants: INSTANTS }, RATE));
// A sine of 60 Hz in every value: 84.85 V.
const pdu = new SvPdu();
for (const [k, frame] of frames.entries()) {
  const view = new DataView(frame.buffer);
  for (const [n, { dataFrom }] of pdu.read(frame, PDU_AT).asdus.entries())
    for (let v = 0; v < 8; v++) {
      const angle = 2 * Math.PI * ((60 * (k * INSTANTS + n)) / RATE - (v % 4) / 3);
      view.setInt32(dataFrom + 8 * v, 12_000 * Math.sin(angle));
    }
}

function run(orders: string | undefined): { readonly share: number; readonly volts: number | undefined } {
  const { clock, source, receiver } = following({ rate: RATE });
  const device = orders === undefined ? undefined : meterOn(source, clock, orders);
  const before = process.cpuUsage();
  for (let second = 0; second < SECONDS; second++)
    for (const [k, frame] of frames.entries()) {
      receiver.takeFrame(frame);
      if (k % 192 !== 191) continue;
      clock.advance(100);
      if (device === undefined) source.read(0.1);
      else device.advance(clock.elapsed());
    }
  const { user, system } = process.cpuUsage(before);
  const volts = device?.surface.read(parseMeasure("V.a") ?? missing(), "primary").value;
  return { share: (user + system) / 1e6 / SECONDS, volts };
}

function missing(): never {
  throw new Error("there is no such measure");
}

function meterOn(source: ReturnType<typeof following>["source"], clock: VirtualClock, modelNumber: string) {
  const described = { name: "m", model: "ametek-jemstar-ii", modelNumber, source: { live: {} } };
  const [entry] = siteSchema.parse({ meters: [described] }).meters;
  if (entry === undefined) throw new Error("no meter");
  const options = { entry, folder: ".", clock, store: new MemoryStore().drawer("m"), ports: [] };
  return jemstarMeters.make({ ...options, source: () => source, refused: () => {} }) as JemStarDevice;
}

const kinds = [
  ["received", undefined],
  ["measured, energy", "JSII-09I6020-2A-DIO"],
  ["measured, with power quality", "JSII-09I6020-2A-DIO-PQ3"],
] as const;
for (const [name, orders] of kinds) {
  const { volts } = run(orders);
  const best = Math.min(...[1, 2, 3].map(() => run(orders).share));
  process.stdout.write(
    `${name}: ${(100 * best).toFixed(2)} % of a core${volts === undefined ? "" : `, ${volts.toFixed(3)} V`}\n`,
  );
}
