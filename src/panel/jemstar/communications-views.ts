/** Ports: which protocol, how fast, which address (section Communication Settings). */
import { menus, portChoices, ports, protocols } from "#model/jemstar-panel.ts";
import { formView, type FormField } from "./form-view.ts";
import { menuView } from "./menu-view.ts";
import { asked } from "./settings-views.ts";
import { plain, textOf, within } from "./setup.ts";
import type { Desk, View } from "./view.ts";

export function communicationsView(desk: Desk): View {
  const rows = menus.communications.items.map((row) =>
    row.map((text) => {
      const section = ports.find(({ item }) => item === text)?.section;
      const isThere = section !== undefined && within(desk.configuration, "communications")[section] !== undefined;
      return isThere ? { text, set: () => desk.open(portView(desk, text, section)) } : { text, grey: true };
    }),
  );
  return menuView(menus.communications.title, rows, { isLockable: true });
}

/** What a port's form has a choice of. */
function choicesOf(section: string) {
  if (section === "optical") return portChoices.optical;
  if (section === "modem") return portChoices.modem;
  return section.startsWith("port") ? portChoices.serial : undefined;
}

/** What was turned or typed is laid over the port as the meter has it: what nobody touched is whoever else's who changes it. */
function portView(desk: Desk, item: string, section: string): View {
  const changed: Record<string, unknown> = {};
  const now = (): Readonly<Record<string, unknown>> => ({
    ...within(desk.configuration, "communications", section),
    ...changed,
  });
  const may = (): boolean => desk.may("configure");
  const choice = (
    label: string,
    key: string,
    all: readonly (string | number)[],
    words: (text: string) => string = (text) => text,
  ): FormField => ({
    label,
    text: () => words(textOf(now()[key])),
    may,
    turn: (by) => {
      const at = all.findIndex((one) => one === now()[key]);
      changed[key] = all[(at + by + all.length) % all.length];
    },
  });
  const typed = (label: string, key: string, valueOf: (text: string) => unknown): FormField => ({
    label,
    text: () => textOf(now()[key]),
    may,
    enter: (text) => {
      const value = valueOf(text);
      if (value !== undefined) changed[key] = value;
      return value !== undefined;
    },
  });
  const choices = choicesOf(section);
  const named = (protocol: string): string => protocols.find((one) => one.protocol === protocol)?.row ?? protocol;
  const fields =
    choices === undefined
      ? [typed("IP Address", "ip", (text) => (text === "" ? undefined : text))]
      : [
          ...("types" in choices ? [lineType(now, changed, may)] : []),
          choice("Protocol", "protocol", choices.protocols, named),
          choice("Baud", "baud", choices.bauds),
          typed("Address", "address", (text) => (/^\d+$/.test(text) ? Number(text) : undefined)),
        ];
  const title = `Menu -> Communications -> ${item}`;
  const made = (): { readonly command: "configure"; readonly configuration: string } => {
    const { configuration } = desk;
    const communications = {
      ...within(configuration, "communications"),
      [section]: chosen(now(), section, configuration),
    };
    return { command: "configure", configuration: JSON.stringify({ ...plain(configuration), communications }) };
  };
  return formView(desk, {
    title,
    rows: fields.map((field) => [field]),
    forget: () => {
      for (const key of Object.keys(changed)) delete changed[key];
    },
    save: () => {
      if (desk.may("configure")) asked(desk, title, made);
    },
  });
}

/** What a line is, and whether the meter is at its end (section RS-485 Wiring). */
const lineTypes = [
  ["RS-232", false],
  ["RS-485", false],
  ["RS-485", true],
] as const;

function lineType(
  now: () => Readonly<Record<string, unknown>>,
  changed: Record<string, unknown>,
  may: () => boolean,
): FormField {
  return {
    label: "Type",
    text: () => (now()["terminator"] === true ? `${textOf(now()["mode"])} Terminator` : textOf(now()["mode"])),
    may,
    turn: (by) => {
      const { mode: is, terminator: ends } = now();
      const at = lineTypes.findIndex(([mode, terminator]) => mode === is && terminator === (ends === true));
      const next = lineTypes[(at + by + lineTypes.length) % lineTypes.length];
      if (next !== undefined) [changed["mode"], changed["terminator"]] = next;
    },
  };
}

/** A parity that went with the protocol before is no choice of anybody's. */
function chosen(draft: Readonly<Record<string, unknown>>, section: string, configuration: unknown): object {
  const before = within(configuration, "communications", section)["protocol"];
  if (before === draft["protocol"]) return draft;
  const { parity: _parity, ...rest } = draft;
  return rest;
}
