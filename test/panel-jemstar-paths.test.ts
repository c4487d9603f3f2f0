/**
 * Each path through the display menus of a JEMStar II, as its manual says it (section Navigating the Display User Menus, Using Display Menus):
 * what is pressed after the left button, and what the screen is named and has.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn } from "#panel/drawn.ts";
import { atPanel } from "./panel-jemstar-rig.ts";

interface Path {
  /** "Press the Right arrow twice. Press Set." */
  readonly presses: string;
  readonly title: string;
  /** Words that the manual's text or figure has, in the order of the figure. */
  readonly has: readonly string[];
  /** Whether it "allows editing": then there is a lock in the lower right corner. */
  readonly isLocked: boolean;
}

const keypad = ["1  2  3", "4  5  6", "7  8  9", "0"];

const paths: readonly Path[] = [
  {
    presses: "",
    title: "Meter Display Menu",
    has: ["Meter Settings", "Communications", "Test Mode", "Meter Status", "Meter ID", "USB Port"],
    isLocked: false,
  },
  {
    presses: "set",
    title: "Menu -> Meter Settings",
    has: ["Date & Time", "PT/CT", "Digital I/O", "Analog I/O", "Normal Preset Registers", "Alternate Preset Registers"],
    isLocked: true,
  },
  {
    presses: "set set",
    title: "Menu -> Set Time & Date",
    has: ["Month", "Day", "Year", "Hour", "Minute", "Second", "SAVE"],
    isLocked: true,
  },
  // "Scroll right to PT/CT and press Set."
  {
    presses: "set right set",
    title: "Menu -> PT/CT",
    has: ["PT Pri", "PT Sec", "PT Ratio", "CT Pri", "CT Sec", "CT Ratio", ...keypad],
    isLocked: true,
  },
  // "From the Meter Settings menu press the right arrow twice and hit Set."
  {
    presses: "set right right set",
    title: "Menu -> Digital I/O",
    has: ["CH", "TYPE", "FUNCTION", "STATE", "OUTPUT", "OFF"],
    isLocked: false,
  },
  {
    presses: "set right right set down",
    title: "Menu -> Digital I/O",
    has: ["CH", "TYPE", "FUNCTION", "STATE", "INPUT", "TOU rate T, Form A", "OFF"],
    isLocked: false,
  },
  { presses: "set down set", title: "Menu -> Analog I/O", has: ["Not provided"], isLocked: false },
  { presses: "set right down set", title: "Menu -> Normal Preset Registers", has: ["002", ...keypad], isLocked: true },
  {
    presses: "set right right down set",
    title: "Menu -> Alternate Preset Registers",
    has: ["100", ...keypad],
    isLocked: true,
  },
  // "From the Meter Display Menu press the Right arrow once. And press Set."
  {
    presses: "right set",
    title: "Menu -> Communications",
    has: ["OPTICAL", "SERIAL 1", "SERIAL 2", "SERIAL 3", "WIFI", "MODEM", "ETHERNET 1", "ETHERNET 2"],
    isLocked: true,
  },
  {
    presses: "right set right right set",
    title: "Menu -> Communications -> SERIAL 2",
    has: ["Type", "Protocol", "Baud", "Address"],
    isLocked: true,
  },
  {
    presses: "right set down down set",
    title: "Menu -> Communications -> ETHERNET 1",
    has: ["IP Address"],
    isLocked: true,
  },
  // "From the Meter Display Menu press the Right arrow twice. Press Set."
  {
    presses: "right right set",
    title: "Menu -> Test Mode",
    has: [
      "TEST MODE",
      "START",
      "LOSS COMPENSATION",
      "TEST PULSE SCALING-200",
      "1.8",
      "WATT GAIN TWEAK",
      "VAR GAIN TWEAK",
      ...keypad,
    ],
    isLocked: true,
  },
  // "From the Meter Display Menu press the Down arrow once. Press Set."
  {
    presses: "down set",
    title: "Menu -> Meter Status",
    has: [
      "COMM STATUS",
      "SITE STATUS",
      "RESET BATTERY",
      "RESET USERS & PASSWORDS",
      "COLD START",
      "TIME SYNC STATUS",
      "CRYSTAL SYNC",
      "INTERNAL DIAGNOSTICS",
      "NORMAL",
      "BATTERY STATUS",
      "NORMAL",
    ],
    isLocked: true,
  },
  {
    presses: "down set set",
    title: "Communication Status",
    has: [
      "Optical",
      "Serial1",
      "Serial2",
      "Serial3",
      "Modem",
      "Ethernet1",
      "Ethernet2",
      "JEM Binary",
      "Modbus",
      "DNP",
      "DLMS",
      "ANSI",
      "IEC 61850",
      "IEC 870-5-102",
      "PMU",
      "WEB",
      "Ready",
      "Active",
      "Alert",
      "Fault",
    ],
    isLocked: false,
  },
  // "Various screens on the current site conditions, such as the Phasor Display, Harmonics (future), Alarm Summary".
  {
    presses: "down set down set",
    title: "Menu -> Site Status",
    has: ["PHASOR DISPLAY", "(HARMONICS)", "ALARM SUMMARY"],
    isLocked: false,
  },
  {
    presses: "down set down set set",
    title: "Phasor Display",
    has: ["Va", "Vb", "Vc", "Ia", "Ib", "Ic"],
    isLocked: false,
  },
  {
    presses: "down set down set down down set",
    title: "Site Alarm Display  1 of 1",
    has: ["Trigger", "Trigger Description", "Value", "Date/Time"],
    isLocked: false,
  },
  // "From the Meter Display Menu, press the Down and Right arrow once each. Press Set."
  {
    presses: "down right set",
    title: "Menu -> Meter ID",
    has: [
      "ID #",
      "METER ID",
      "SERIAL #",
      "METER SET-UP",
      "METER FORM : 9",
      "CONNECTION : 4 Wire Y",
      "CLASS AMPS : 20",
      "FIRMWARE VERSIONS",
      "REGISTER",
      "METROLOGY",
      "SERVICE",
      "P Q",
      "FPGA : n/a",
    ],
    isLocked: false,
  },
  // "Press the Down arrow once and Right arrow twice. Press Set." USB Port (future).
  {
    presses: "down right right set",
    title: "Menu -> USB Port",
    has: ["FIRMWARE UPGRADE", "LOAD PROFILE", "METER LOGGING", "PQ Dif FILE", "METER CONFIG"],
    isLocked: false,
  },
];

for (const { presses, title, has, isLocked } of paths) {
  test(`left ${presses}: ${title}`, (t) => {
    const { press, screen, panel, now } = atPanel(t);
    press(`cover left ${presses}`);
    const shown = screen();
    assert.equal(shown.title, title);
    let text = drawn(panel.picture(now()), 200).join("\n");
    for (const words of has) {
      const at = text.replaceAll(/[[\]]/g, " ").indexOf(words);
      assert.ok(at >= 0, `${words} comes next in\n${text}`);
      text = text.slice(at + words.length);
    }
    assert.equal(shown.foot?.user, "guest");
    assert.equal(shown.foot?.lock !== undefined, isLocked, "a lock where something can be edited");
    // "Press the READ button any time you want to return to the normal display."
    press("read");
    assert.equal(screen().foot, undefined);
  });
}

test("from any menu Back leads to the one before, and from the first to the normal display", (t) => {
  for (const { presses, title } of paths) {
    const { press, screen } = atPanel(t);
    press("cover left");
    const words = presses.split(" ").filter(Boolean);
    // The titles of the menus on the way, each where a SET has led.
    const titles = [screen().title];
    for (const word of words) {
      press(word);
      if (word === "set") titles.push(screen().title);
    }
    assert.equal(titles.at(-1), title);
    for (const before of [...titles.slice(0, -1).toReversed(), ""]) {
      // It is in the lower left corner.
      for (let k = 0; k < 40 && screen().foot?.back.selected !== true; k++) press(k % 2 === 0 ? "down" : "left");
      assert.equal(screen().foot?.back.selected, true, `Back can be reached in ${screen().title}`);
      press("set");
      assert.equal(screen().title, before);
    }
  }
});
