/**
 * One end of a cable: a merging unit on an interface for so many seconds, or what is made of a stream there.
 *
 * sv-end.ts publish INTERFACE STANDARD RATE SECONDS
 * sv-end.ts follow INTERFACE SVID RATE SECONDS
 */
import { SystemClock } from "#clock/system-clock.ts";
import { Network } from "#waveform/network.ts";
import { openEthernet } from "#io/ethernet-open.ts";
import { AMPS, instantsOf, VOLTS, type Standard } from "#protocol/iec61850/sv/profiles.ts";
import { SvPublisher } from "#protocol/iec61850/sv/publisher.ts";
import { SvReceiver } from "#protocol/iec61850/sv/receiver.ts";
import { SvSource } from "#protocol/iec61850/sv/source.ts";
import { SV_TYPE } from "#protocol/iec61850/sv/sv-frame.ts";
import { EvenSamples } from "#waveform/even-samples.ts";
import { SyntheticSamples } from "#waveform/synthetic.ts";

const [what = "", name = "", word = "", rateText = "", seconds = "1"] = process.argv.slice(2);
const rate = Number(rateText);
const say = (words: string): void => void process.stdout.write(`${words}\n`);
const clock = new SystemClock();
const port = await openEthernet({ kind: "interface", name });
const passed = (): Promise<void> => new Promise((done) => setTimeout(done, 1000 * Number(seconds)));

async function publish(): Promise<void> {
  const network = new Network(
    {
      hz: 60,
      drift: undefined,
      volts: [119, 120, 121],
      amps: [4, 5, 6],
      angles: [0, -120, 120],
      lag: [0, 0, 0],
      harmonics: { volts: [], amps: [] },
      noise: 0,
      flicker: undefined,
      load: [],
      events: [],
      transients: [],
      seed: 1,
    },
    0,
  );
  const stream = {
    destination: Uint8Array.of(1, 0x0c, 0xcd, 4, 0, 0),
    source: port.address,
    appId: 0x4000,
    simulated: false,
    svId: "MU01",
    dataSet: undefined,
    revision: 7,
    grandmaster: undefined,
    rate,
    instants: instantsOf(word as Standard, rate) ?? 1,
    synchronised: 2,
    test: false,
    saysRate: false,
  };
  const samples = new EvenSamples(new SyntheticSamples(network, { perSecond: rate }), rate);
  const unit = new SvPublisher(stream, samples, clock, (frame) => port.send(frame));
  unit.begin();
  await passed();
  unit.end();
  say(JSON.stringify(unit.counts));
}

async function follow(): Promise<void> {
  const inputs = [4, 5, 6, 0, 1, 2];
  const source = new SvSource(
    { svId: word, rate, values: 8, inputs, volts: VOLTS, amps: AMPS, test: false, simulated: false },
    clock,
  );
  const receiver = new SvReceiver(clock);
  receiver.follow([source]);
  port.receive(SV_TYPE, undefined, ({ bytes }) => void receiver.takeFrame(bytes));
  say("running");
  const squares = inputs.map(() => 0);
  let count = 0;
  const look = setInterval(() => {
    for (const run of source.read(0.25)) {
      count += run.count;
      run.channels.forEach((channel, c) => {
        for (let k = 0; k < run.count; k++) squares[c] = (squares[c] ?? 0) + (channel[k] ?? 0) ** 2;
      });
    }
  }, 250);
  await passed();
  clearInterval(look);
  const rms = squares.map((square) => Math.sqrt(square / count));
  say(JSON.stringify({ ...source.counts, ...source.order, ...receiver.counts, rms, port: port.lost }));
}

await (what === "publish" ? publish() : follow());
port.close();
