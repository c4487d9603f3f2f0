/** Meter Status with its indicators, what is reset there, and the Meter ID (sections Meter Status, Cold Start, Meter ID, USB Port). */
import { connections, diagnosticWords, future, indicators, menus, warnings } from "#model/jemstar-panel.ts";
import { ARMED_MS, isRefused } from "#quantity/authority.ts";
import type { Part, Tone } from "#panel/picture.ts";
import { lookView, menuView, questionView } from "./menu-view.ts";
import { alarmDisplay } from "./register-screens.ts";
import { nameplateOf, textOf, within } from "./setup.ts";
import { alarmScreens, matrixPart, phasorPart } from "./special-displays.ts";
import type { Desk, Key, View } from "./view.ts";

export function statusView(desk: Desk, armed: (until: number) => void): View {
  const views: Readonly<Record<string, () => void>> = {
    "COMM STATUS": () =>
      desk.open(lookView("Communication Status", () => [matrixPart(desk.surface, desk.configuration)])),
    "SITE STATUS": () => desk.open(siteView(desk)),
    "RESET BATTERY": () => reset(desk, "resetBattery", () => desk.tell({ command: "resetBattery" })),
    "RESET USERS & PASSWORDS": () => reset(desk, "resetUsers", () => arm(desk, "resetUsers", armed)),
    "COLD START": () => reset(desk, "coldStart", () => arm(desk, "coldStart", armed)),
  };
  return menuView(
    menus.status.title,
    menus.status.items.map((row) => row.map((text) => ({ text, set: views[text] }))),
    { isLockable: true, beside: () => [indicatorsPart(desk)] },
  );
}

function reset(desk: Desk, what: keyof typeof warnings, yes: () => void): void {
  if (!desk.may(what)) return;
  const { title, question, warning } = warnings[what];
  const done = (): void => {
    desk.back();
    yes();
  };
  desk.open(questionView(title, [warning, question], done, () => desk.back()));
}

/** It happens when power is removed in time; the prompt stands for as long. */
function arm(desk: Desk, command: "resetUsers" | "coldStart", armed: (until: number) => void): void {
  const { at } = desk;
  desk.tell({ command, armed: true }, (outcome) => {
    if (isRefused(outcome)) return;
    const { title, prompt } = warnings[command];
    desk.open(lookView(title, () => [{ part: "lines", lines: [{ text: prompt, tone: "warning" }] }]));
    armed(at + ARMED_MS);
  });
}

const batteryWords = { soon: ["REPLACE SOON", "warning"], now: ["REPLACE", "bad"] } as const;

function indicatorsPart({ surface }: Desk): Part {
  const { timeSource = "", failures, battery } = surface.status();
  const now = surface.now();
  const source = { crystal: "CRYSTAL SYNC", line: "LINE SYNC" }[timeSource] ?? `${timeSource.toUpperCase()} SYNC`;
  const sync: readonly [string, Tone] = now.synchronised ? [source, "good"] : [`${source}, LOST`, "bad"];
  const diagnostics: readonly [string, Tone] =
    failures.length === 0 ? ["NORMAL", "good"] : [failures.map((one) => diagnosticWords[one] ?? one).join(", "), "bad"];
  const state = battery.replace === undefined ? (["NORMAL", "good"] as const) : batteryWords[battery.replace];
  const item = (title: string, [text, tone]: readonly [string, Tone]) => ({ title, text, tone });
  return {
    part: "indicators",
    items: [item(indicators.sync, sync), item(indicators.diagnostics, diagnostics), item(indicators.battery, state)],
  };
}

function siteView(desk: Desk): View {
  const views: Readonly<Record<string, () => View>> = {
    "PHASOR DISPLAY": () => lookView("Phasor Display", () => [phasorPart(desk.surface)]),
    "ALARM SUMMARY": () => alarmSummary(desk),
  };
  return menuView(
    menus.site.title,
    menus.site.items.map((row) =>
      row.map((text) => {
        const view = views[text];
        return view === undefined ? { text, grey: future.has(text) } : { text, set: () => desk.open(view()) };
      }),
    ),
  );
}

/** Up and Down turn its pages. */
function alarmSummary(desk: Desk): View {
  let screen = 0;
  const most = (): number => alarmScreens(desk.surface) - 1;
  const shown = () => alarmDisplay(desk.surface, Math.min(screen, most()), most() + 1);
  return {
    ...lookView("", () => shown().parts),
    get title() {
      return shown().title;
    },
    take(key: Key): boolean {
      const next = screen + (key === "down" ? 1 : key === "up" ? -1 : 0);
      if (next === screen || next < 0 || next > most()) return false;
      screen = next;
      return true;
    },
  };
}

/** "This is the meter identification that will appear in the register list"; boards that there are none of are "n/a". */
export function identificationView(desk: Desk): View {
  return lookView("Menu -> Meter ID", () => {
    const { serial, form, connection, classAmps, strings } = nameplateOf(desk.surface);
    const firmware = within(nameplateOf(desk.surface), "firmware");
    const version = (board: string): string => textOf(firmware[board]) || "n/a";
    const [id] = Array.isArray(strings) ? strings.map(textOf) : [];
    const lines = (...all: readonly string[]): string => all.join("\n");
    return [
      {
        part: "table",
        columns: ["", ""],
        rows: [
          ["ID #", lines(`METER ID : ${id ?? ""}`, `SERIAL # : ${textOf(serial)}`)],
          [
            "METER SET-UP",
            lines(
              `METER FORM : ${Number(textOf(form)) || textOf(form)}`,
              `CONNECTION : ${connections[textOf(connection)] ?? textOf(connection)}`,
              `CLASS AMPS : ${textOf(classAmps)}`,
            ),
          ],
          [
            "FIRMWARE VERSIONS",
            lines(
              `REGISTER : ${version("register")}`,
              `METROLOGY : ${version("metrology")}`,
              `SERVICE : ${version("service")}`,
              `P Q : ${version("pq")}`,
              `FPGA : ${version("fpga")}`,
            ),
          ],
        ],
      },
    ];
  });
}

export function usbView(): View {
  return menuView(
    menus.usb.title,
    menus.usb.items.map((row) => row.map((text) => ({ text, grey: true }))),
    { beside: () => [{ part: "lines", lines: [{ text: "Future", tone: "grey" }] }] },
  );
}
