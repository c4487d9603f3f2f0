/** Test pulses of the optical port beside what is said on it (Test Outputs, Test & Calibration). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jemStar } from "./authority-rig.ts";

/** 1,200 W a phase at 0.8: 2,880 W are 48 Wh a minute, a pulse each. */
const configuration = "testPulses: { led: Wh, optical: Wh, kt: 1 }";
const A_MINUTE = 48;

function rig(t: Parameters<typeof jemStar>[0]) {
  const m = jemStar(t, { configuration, ownTime: true });
  return {
    ...m,
    hear: () => m.jem.ports.traffic("optical", "dlms").heard(),
    seconds(seconds: number) {
      m.clock.advance(1000 * seconds);
      m.jem.catchUp();
    },
    get pulses() {
      const { led, optical } = m.jem.meter.periphery.testPulses;
      return [led.count, optical.count];
    },
  };
}

test("pulses stop while the optical port talks, and go on a minute after the last byte, without those of that time", (t) => {
  const m = rig(t);
  m.run(10);
  assert.deepEqual(m.pulses, [10 * A_MINUTE, 10 * A_MINUTE]);
  // Ten minutes of a conversation, something every fifty seconds; the LED is another light.
  for (let k = 0; k < 12; k++) {
    m.hear();
    m.seconds(50);
  }
  assert.deepEqual(m.pulses, [20 * A_MINUTE, 10 * A_MINUTE]);
  m.seconds(9);
  assert.equal(m.pulses[1], 10 * A_MINUTE);
  // 59 s after the last byte; from 60 s on there are pulses again.
  m.seconds(1);
  m.run(1);
  assert.deepEqual(m.pulses[1], 11 * A_MINUTE);
});

test("what is said on another port stops none", (t) => {
  const m = rig(t);
  m.jem.ports.traffic("serial 3", "modbus").heard();
  m.run(1);
  assert.deepEqual(m.pulses, [A_MINUTE, A_MINUTE]);
});

test("in test mode, where nobody is answered there, pulses go on whatever comes", (t) => {
  const m = rig(t);
  assert.equal(m.tell({ command: "enterTestMode" }), "done");
  m.hear();
  m.run(1);
  assert.equal(m.pulses[1], A_MINUTE);
});

test("pulses begin within ten seconds of the power", (t) => {
  const m = rig(t);
  m.seconds(10);
  // 2,880 W for 10 s are 8 Wh.
  assert.equal(m.pulses[1], 8);
});
