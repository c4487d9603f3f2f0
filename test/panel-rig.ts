/** A meter with its front panel, on a virtual clock: presses in, what is seen out. People's time goes as the tests say. */
import { FixedMapSurface } from "#product/fixed-map/surface.ts";
import type { Hand, Panel } from "#panel/panel.ts";
import type { Lcd } from "#panel/picture.ts";
import { panels } from "#web/panels.ts";
import { live, reading, rig, type Rig, type RigOptions } from "./rig.ts";

/** Somebody at the meter. */
export const hand: Hand = { id: "person", peer: { protocol: "panel", port: "panel", near: true } };

/** Let what was asked of the meter be answered. */
export const answered = (): Promise<void> => new Promise((done) => void setImmediate(done));

export interface PanelRig extends Rig {
  readonly surface: FixedMapSurface;
  readonly panel: Panel;
  readonly source: ReturnType<typeof live>;
  /** People's time, ms. */
  now(): number;
  /** Lets people's time pass. */
  wait(ms: number): void;
  /** "right right plus": presses and releases, each taking a tenth of a second, and lets the meter answer. */
  press(buttons: string): Promise<void>;
  /** "61000 3 W": the number row and the text row, the character that flashes in brackets, lit arrows behind. */
  seen(): string;
  lcd(): Lcd;
  icons(): readonly string[];
  /** Whether it has power. */
  power(on: boolean): void;
}

const arrows = { import: "↑", export: "↓" } as const;

export function panelRig(options: RigOptions & { readonly reads?: Partial<typeof reading> } = {}): PanelRig {
  const source = live();
  source.push({ ...reading, ...options.reads });
  const meter = rig({ source, ...options });
  const surface = new FixedMapSurface(meter, meter.clock, () => undefined);
  const make = panels[meter.model.name];
  if (make === undefined) throw new Error(`${meter.model.name} has no such panel`);
  let powered = true;
  const status = surface.status.bind(surface);
  surface.status = () => ({ ...status(), powered });
  let at = 0;
  const panel = make({ surface, changed: () => {} });
  const lcd = (): Lcd => {
    const { display } = panel.picture(at);
    if (display.kind !== "lcd") throw new Error(`the panel shows ${display.kind}`);
    return display;
  };
  const icons = (): readonly string[] =>
    lcd()
      .icons.filter(({ on }) => on)
      .map(({ name }) => name);
  return {
    ...meter,
    surface,
    panel,
    source,
    now: () => at,
    wait: (ms) => void (at += ms),
    async press(buttons) {
      for (const button of buttons.split(" ").filter((one) => one !== "")) {
        if (button === "second") {
          at += 1000;
          continue;
        }
        panel.press(button, hand, at);
        at += 100;
        panel.release(button, at);
        await answered();
      }
    },
    lcd,
    icons,
    power: (on) => void (powered = on),
    seen() {
      const [digits, text] = lcd().rows;
      const { text: number = "", flashes } = digits ?? { text: "" };
      const shown =
        flashes === undefined ? number : `${number.slice(0, flashes)}[${number[flashes]}]${number.slice(flashes + 1)}`;
      const lit = icons().flatMap((name) => (name === "import" || name === "export" ? [arrows[name]] : []));
      return [shown, text?.text, ...lit].filter((part) => part !== "").join(" ");
    },
  };
}

/** Walks a table: buttons, or a `second` in which SAvEd goes, and what is seen after them. */
export async function walk(
  rig: PanelRig,
  table: readonly (readonly [buttons: string, seen: string])[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [k, [buttons, expected]] of table.entries()) {
    await rig.press(buttons);
    const seen = rig.seen();
    if (seen !== expected) wrong.push(`${k + 1}. ${buttons}: expected ${expected}; seen ${seen}`);
  }
  return wrong;
}
