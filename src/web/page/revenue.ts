/** A revenue meter on the page: what it measures now, its registers, inputs and outputs, the newest profile records. */
import type { LiveView, Nameplate } from "#quantity/meter-api.ts";
import { at, cell, fill, headline } from "./elements.ts";
import { fixed, withUnit } from "./numbers.ts";

function word(bits: number): string {
  return `0x${bits.toString(16).padStart(4, "0")}`;
}

export function showRevenue(live: LiveView): void {
  const { readings: now } = live;
  const { serial, firmware } = live["nameplate"] as Nameplate;
  at("identity").textContent =
    `${live.title}, ${live.modelNumber}${serial === "" ? "" : `, serial number ${serial}`}, firmware ${firmware["register"]}`;
  document.title = `${live.name} · Polyphase`;
  headline([
    [withUnit(now["W"], "W"), "active power"],
    [withUnit(now["var"], "var"), "reactive power"],
    [fixed(now["PF.leadlag"], 3), "power factor"],
    [live.local.slice(11), `${live.local.slice(0, 10)}, rate ${live.rate}`],
  ]);
  fill(at("phases"), [
    [cell("th", ""), cell("th", "A", "a"), cell("th", "B", "b"), cell("th", "C", "c")],
    [cell("th", "Volts"), ...["a", "b", "c"].map((phase) => cell("td", withUnit(now[`V.${phase}`], "V")))],
    [cell("th", "Amps"), ...["a", "b", "c"].map((phase) => cell("td", withUnit(now[`A.${phase}`], "A")))],
  ]);
  fill(
    at("registers"),
    live.registers.map(({ id, label, text }) => [cell("th", String(id)), cell("th", label), cell("td", text)]),
  );
  fill(
    at("log"),
    live.log.map(({ at: when, what, by, details }) => [
      cell("th", when),
      cell("th", what),
      cell("th", by),
      cell("td", details),
    ]),
  );
  const { profile } = live;
  fill(
    at("profile"),
    profile === undefined
      ? []
      : [
          [cell("th", "Interval"), cell("th", "To"), ...profile.channels.map((name) => cell("th", name))],
          ...profile.records
            .toReversed()
            .map(({ type, start, end, values }) => [
              cell("th", type === "normal" ? start.slice(5, 16) : `${type}, ${start.slice(5, 16)}`),
              cell("th", end.slice(11, 16)),
              ...values.map((value) => cell("td", String(Number(value.toPrecision(7))))),
            ]),
        ],
  );
  fill(
    at("io"),
    live.io
      .filter(({ mode }) => mode !== "none")
      .map(({ channel, mode, closed, count }) => [
        cell("th", `${channel} ${mode.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`),
        cell("td", closed ? "closed" : "open"),
        cell("td", String(count)),
      ]),
  );
  const said = [
    ...(live.powered ? [] : ["no supply"]),
    ...(live.testMode ? ["test mode"] : []),
    ...live.alarms.map(
      ({ id, label, value }) => `trigger ${id}${label === "" ? "" : `, ${label}`}: ${Number(value.toPrecision(5))}`,
    ),
    ...live.conditions.filter(({ trouble }) => trouble).map(({ text }) => text),
  ];
  const quiet = [
    ...live.conditions.filter(({ trouble }) => !trouble).map(({ text }) => text),
    `system bits ${word(live.systemBits)}, trigger bits ${word(live.triggerBits)}`,
    ...(live.powered ? [`supplied by its ${live.supply === "inputs" ? "inputs" : "auxiliary terminals"}`] : []),
    `clock kept by its ${live.timeSource}`,
  ];
  at("alerts").replaceChildren(
    ...[...said, ...quiet].map((text, k) => {
      const item = document.createElement("li");
      item.textContent = text;
      if (k >= said.length) item.className = "none";
      return item;
    }),
  );
}
