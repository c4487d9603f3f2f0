/** What of a front panel is read out, and what of it is announced when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Choice, Lcd, Part, Picture, Screen } from "#panel/picture.ts";
import { panelNews } from "./panel-news.ts";
import { panelWords } from "./panel-words.ts";

const seen = (display: Picture["display"], held: readonly string[] = []): Picture => ({
  display,
  lights: [],
  held,
  open: [],
});

const lcd = (value: string, name: string, { on = [], flashes }: { on?: string[]; flashes?: number } = {}): Picture => {
  const rows: Lcd["rows"] = [
    { text: value, segments: 7, flashes },
    { text: name, segments: 14 },
  ];
  const icons = ["wrench", "heart", "import", "export"].map((icon) => ({ name: icon, on: on.includes(icon) }));
  return seen({ kind: "lcd", rows, icons });
};

/** A display of fourteen segments alone. */
const segments14 = (...texts: readonly string[]): Picture =>
  seen({ kind: "lcd", rows: texts.map((text) => ({ text, segments: 14 })), icons: [] });

const screen = (parts: readonly Part[], options: Partial<Screen> = {}): Picture =>
  seen({
    kind: "screen",
    title: "Menu -> Meter Settings",
    clock: "01/09/2014 10:56:59 EST",
    marks: [],
    parts,
    intervals: [],
    ...options,
  });

const item = (text: string, selected = false): Choice => ({ text, selected });
const CLOCK = "01/09/2014 10:56:59 EST";
const HEAD = "Menu, Meter Settings";

/** A picture, and what is said of it. */
const whole: readonly (readonly [what: string, picture: Picture, words: string])[] = [
  ["a register that counts what comes in", lcd("4418", "Wh", { on: ["import", "heart"] }), "4418, Wh, import"],
  ["a register that counts what goes out", lcd("4418", "Wh", { on: ["export"] }), "4418, Wh, export"],
  ["an alert", lcd("0", "Wh", { on: ["wrench"] }), "0, Wh, wrench"],
  ["a digit that flashes", lcd("05", "ADDR", { flashes: 1 }), "05, ADDR, second digit, 5"],
  ["a digit behind the point", lcd("320.12", "S PT", { flashes: 4 }), "320.12, S PT, fourth digit, 1"],
  ["a digit of a row with a name", lcd("H 00A1", "", { flashes: 4 }), "H 00A1, third digit, A"],
  ["no power", seen({ kind: "dark" }), "dark"],
  [
    "registers, and what stands around them",
    screen(
      [{ part: "registers", registers: [{ number: "011", label: "Delivered", text: "038977.37", unit: "kWh" }] }],
      {
        title: "",
        rate: "TOU Rate D",
        marks: [{ text: "SYNC", tone: "good" }],
        intervals: [{ label: "Load Profile 1 Interval", done: 0.34 }],
      },
    ),
    `011 Delivered: 038977.37 kWh, TOU Rate D, SYNC, Load Profile 1 Interval 34 %, ${CLOCK}`,
  ],
  [
    "phasors",
    screen([
      {
        part: "phasor",
        vectors: [
          { name: "Va", of: "volts", magnitude: "119.98 V", angle: 0, length: 1 },
          { name: "Ib", of: "amps", magnitude: "5.000 A", angle: -145.84, length: 1 },
          { name: "Ic", of: "amps", magnitude: undefined, angle: undefined, length: 0 },
        ],
      },
    ]),
    `${HEAD}, Va 119.98 V, 0.0 degrees, Ib 5.000 A, -145.8 degrees, Ic not measured, ${CLOCK}`,
  ],
  [
    "the state of each port",
    screen([
      {
        part: "matrix",
        columns: [
          { name: "Serial 3", there: true },
          { name: "Ethernet1", there: true },
          { name: "Modem", there: false },
        ],
        rows: [
          {
            name: "JEM Binary",
            cells: [
              { text: "Ready", tone: "good" },
              { text: "", tone: "grey" },
              { text: "", tone: "grey" },
            ],
          },
          { name: "DNP", cells: [{ text: "Alert", tone: "warning" }] },
        ],
        legend: [{ text: "Ready", tone: "good" }],
      },
    ]),
    `${HEAD}, Serial 3: JEM Binary, Ready; DNP, Alert, Ethernet1: nothing, Modem: not there, ${CLOCK}`,
  ],
  [
    "a table with heads",
    screen([{ part: "table", columns: ["Trigger", "Value"], rows: [["4", "121.5"]] }]),
    `${HEAD}, Trigger 4, Value 121.5, ${CLOCK}`,
  ],
  [
    "a table of no rows",
    screen([{ part: "table", columns: ["Trigger", "Value"], rows: [] }]),
    `${HEAD}, Trigger, Value: none, ${CLOCK}`,
  ],
  [
    "cells of several lines",
    screen([{ part: "table", columns: ["", ""], rows: [["ID #", "METER ID : 7\nSERIAL # : 1234"]] }]),
    `${HEAD}, ID #: METER ID : 7, SERIAL # : 1234, ${CLOCK}`,
  ],
  [
    "a menu, its foot, and what is not to be had",
    screen([{ part: "menu", columns: 2, items: [item("PT/CT", true), { ...item("ANALOG"), grey: true }] }], {
      foot: { back: item("Back"), user: "admin", lock: { open: false, selected: false } },
    }),
    `${HEAD}, PT/CT selected, ANALOG, not available, Back, user admin, lock, locked, ${CLOCK}`,
  ],
  [
    "the lock within the red perimeter",
    screen([], { foot: { back: item("Back"), user: "", lock: { open: true, selected: true } } }),
    `${HEAD}, Back, lock, unlocked selected, ${CLOCK}`,
  ],
  [
    "fields, one of which is edited",
    screen([
      {
        part: "form",
        fields: [
          { label: "Month", ...item("11", true), edits: 0 },
          { label: "Password", ...item("****") },
        ],
      },
    ]),
    `${HEAD}, Month 11, being edited selected, Password 4 characters, ${CLOCK}`,
  ],
  [
    "a keypad",
    screen([{ part: "keys", rows: [[item("1"), item("-", true)]] }]),
    `${HEAD}, keypad, minus selected, ${CLOCK}`,
  ],
  [
    "lamps, and a message",
    screen([
      { part: "indicators", items: [{ title: "BATTERY", text: "REPLACE SOON", tone: "warning" }] },
      { part: "lines", lines: [{ text: "log in first", tone: "bad" }] },
    ]),
    `${HEAD}, BATTERY: REPLACE SOON, log in first, ${CLOCK}`,
  ],
];
for (const [what, picture, words] of whole)
  test(`of ${what} is said: ${words}`, () => assert.equal(panelWords(picture), words));

const form = (month: string, day: string, selected: "Month" | "Day" | undefined, clock = CLOCK): Picture =>
  screen(
    [
      {
        part: "form",
        fields: [
          { label: "Month", ...item(month, selected === "Month") },
          { label: "Day", ...item(day, selected === "Day") },
        ],
      },
    ],
    { clock },
  );
const keyboard = (selected: number): Picture =>
  screen([
    { part: "form", fields: [{ label: "Password", text: "**", selected: true }] },
    { part: "keys", rows: [[..."`1Aa"].map((text, k) => item(text, k === selected))] },
  ]);
const message = (texts: readonly string[]): Picture =>
  screen([
    { part: "menu", columns: 1, items: [item("SAVE", true)] },
    { part: "lines", lines: texts.map((text) => ({ text, tone: "bad" })) },
  ]);
const later = "01/09/2014 10:57:00 EST";

/** Two pictures, and what is announced of the second to who knows the first. */
const news: readonly (readonly [what: string, before: Picture, after: Picture, words: string, isPressed?: boolean])[] =
  [
    ["a register that counts", lcd("4418", "n Wh"), lcd("4419", "n Wh"), ""],
    ["the same, when somebody has pressed", lcd("4418", "n Wh"), lcd("4419", "n Wh"), "4419, n Wh", true],
    ["a hexadecimal word that counts", segments14("H 00AF", "D 175"), segments14("H 00B0", "D 176"), ""],
    ["another quadrant", lcd("4", "Q1VARh"), lcd("4", "Q2VARh"), "4, Q2VARh"],
    ["a heart that beats", lcd("1", "Wh"), lcd("1", "Wh", { on: ["heart"] }), ""],
    ["another register", lcd("4418", "Wh"), lcd("77", "VAh"), "77, VAh"],
    ["the other direction", lcd("4", "Wh", { on: ["import"] }), lcd("4", "Wh", { on: ["export"] }), "4, Wh, export"],
    ["an alert", lcd("4", "Wh"), lcd("4", "Wh", { on: ["wrench"] }), "4, Wh, wrench"],
    ["an alert that is over", lcd("4", "Wh", { on: ["wrench"] }), lcd("4", "Wh"), "4, Wh"],
    ["words instead of a number", lcd("017", "ADDR"), lcd("SAvEd", "ADDR"), "SAvEd, ADDR"],
    ["a value that is not measured any more", lcd("277.1", "VLN"), lcd("----", "VLN"), "----, VLN"],
    ["a digit that somebody's hand changes", lcd("1", "ADDR"), { ...lcd("2", "ADDR"), held: ["plus"] }, "2, ADDR"],
    ["another field", form("11", "27", "Month"), form("11", "27", "Day"), "Day 27 selected"],
    ["a field that is turned", form("11", "27", "Month"), form("12", "27", "Month"), "Month 12 selected", true],
    ["fields that go on by themselves", form("11", "27", "Month"), form("12", "28", "Month", later), ""],
    ["a clock", form("11", "27", "Day"), form("11", "27", "Day", later), "", true],
    ["another key", keyboard(1), keyboard(2), "capital A selected"],
    ["a key with a sign", keyboard(1), keyboard(0), "grave selected"],
    ["a message", message([]), message(["log in first"]), "log in first"],
    ["a message that is gone", message(["log in first"]), message([]), ""],
    [
      "another screen",
      form("11", "27", "Day"),
      screen([], { title: "Menu -> Site Status" }),
      `Menu, Site Status, ${CLOCK}`,
    ],
    [
      "another alarm in the same place",
      screen([{ part: "table", columns: ["Trigger"], rows: [["4"]] }]),
      screen([{ part: "table", columns: ["Trigger"], rows: [["5"]] }]),
      "Trigger 5",
    ],
    ["an alarm in the header", screen([]), screen([], { marks: [{ text: "ALARM", tone: "bad" }] }), "ALARM"],
  ];
for (const [what, before, after, words, isPressed] of news)
  test(`of ${what} is announced: ${words === "" ? "nothing" : words}`, () =>
    assert.equal(panelNews(before, after, isPressed), words));
