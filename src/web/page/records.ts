/** What a meter counts, keeps and says of itself: registers, contacts, alerts, the newest entries of its logs and records of its profile. */
import type { LiveView } from "#quantity/meter-api.ts";
import { at, cell, panel } from "./elements.ts";

function word(bits: number): string {
  return `0x${bits.toString(16).padStart(4, "0")}`;
}

function showRegisters({ registers }: LiveView): void {
  panel(
    "registers",
    registers.map(({ id, label, text, unit }) => [
      cell("th", String(id)),
      cell("th", label),
      cell("td", text),
      cell("td", unit, "unit"),
    ]),
  );
}

function showLog({ log }: LiveView): void {
  panel(
    "log",
    log.map(({ at: when, what, by, details }) => [
      cell("th", when),
      cell("th", what),
      cell("th", by),
      cell("td", details),
    ]),
  );
}

function showProfile({ profile }: LiveView): void {
  const { channels = [], records = [] } = profile ?? {};
  const head = [cell("th", "Interval"), cell("th", "To"), ...channels.map((name) => cell("th", name))];
  const rows = records
    .toReversed()
    .map(({ type, start, end, values }) => [
      cell("th", type === "normal" ? start.slice(5, 16) : `${type}, ${start.slice(5, 16)}`),
      cell("th", end.slice(11, 16)),
      ...values.map((value) => cell("td", String(Number(value.toPrecision(7))))),
    ]);
  panel("profile", rows.length === 0 ? [] : [head, ...rows]);
}

function showContacts({ io }: LiveView): void {
  panel(
    "io",
    io
      .filter(({ mode }) => mode !== "none")
      .map(({ channel, mode, closed, count }) => [
        cell("th", `${channel} ${mode.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`),
        cell("td", closed ? "closed" : "open"),
        cell("td", String(count)),
      ]),
  );
}

function showAlerts(live: LiveView): void {
  const { powered, testMode, alarms, conditions, systemBits, triggerBits, supply, timeSource } = live;
  const said = [
    ...(powered ? [] : ["no supply"]),
    ...(testMode ? ["test mode"] : []),
    ...alarms.map(
      ({ id, label, value }) => `trigger ${id}${label === "" ? "" : `, ${label}`}: ${Number(value.toPrecision(5))}`,
    ),
    ...conditions.filter(({ trouble }) => trouble).map(({ text }) => text),
  ];
  const bits = [
    ...(systemBits === undefined ? [] : [`system bits ${word(systemBits)}`]),
    ...(triggerBits === undefined ? [] : [`trigger bits ${word(triggerBits)}`]),
  ];
  const quiet = [
    ...conditions.filter(({ trouble }) => !trouble).map(({ text }) => text),
    ...(bits.length === 0 ? [] : [bits.join(", ")]),
    ...(powered && supply !== undefined
      ? [`supplied by its ${supply === "inputs" ? "inputs" : "auxiliary terminals"}`]
      : []),
    ...(timeSource === undefined ? [] : [`clock kept by its ${timeSource}`]),
  ];
  if (said.length + quiet.length === 0) quiet.push("none");
  at("alerts").replaceChildren(
    ...[...said, ...quiet].map((text, k) => {
      const item = document.createElement("li");
      item.textContent = text;
      if (k >= said.length) item.className = "none";
      return item;
    }),
  );
}

export function showRecords(live: LiveView): void {
  showRegisters(live);
  showLog(live);
  showProfile(live);
  showContacts(live);
  showAlerts(live);
}
