/** Front panels of a site: one for each meter, for all who look, on a virtual clock and with a panel of the test's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cancel } from "#clock/clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Hand, Panel, PanelHost } from "#panel/panel.ts";
import { limits } from "#quantity/limits.ts";
import type { SurfaceIdentity } from "#quantity/meter-surface.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import { SitePanels } from "#web/site-panels.ts";

const ann: Hand = { id: "ann", peer: { protocol: "panel", port: "panel", near: true } };
const ben: Hand = { ...ann, id: "ben" };

class CountingClock extends VirtualClock {
  /** Timers that wait. */
  pending = 0;

  override after(ms: number, run: () => void): Cancel {
    let waits = true;
    const over = (): void => {
      if (waits) this.pending--;
      waits = false;
    };
    this.pending++;
    const cancel = super.after(ms, () => {
      over();
      run();
    });
    return () => {
      over();
      cancel();
    };
  }
}

class Meter extends PlainSurface {
  readonly measures = [];
  readonly identity: SurfaceIdentity;

  constructor(name: string, model = "counter") {
    super();
    this.identity = { name, model, title: "", manufacturer: "", serial: "", firmware: "", modelNumber: "" };
  }

  now() {
    return { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: true };
  }

  protected value(): undefined {}

  cycle(): void {
    this.changes.tell("cycle");
  }
}

/** A panel that writes down what it is told, and goes dark ten seconds after a press. */
function counter(told: string[]) {
  return (host: PanelHost): Panel => {
    told.push(`made for ${host.surface.identity.name}`);
    let darkAt: number | undefined;
    const held = new Set<string>();
    return {
      controls: [
        { name: "set", label: "SET", kind: "button", at: [1, 1] },
        { name: "cover", label: "cover", kind: "flap", at: [2, 1] },
      ],
      press(control, { id }, at) {
        told.push(`${id} presses ${control} at ${at}`);
        if (control === "set") held.add(control);
        darkAt = at + 10_000;
      },
      release(control, at) {
        told.push(`${control} up at ${at}`);
        held.delete(control);
      },
      picture(at) {
        const isDark = darkAt !== undefined && at >= darkAt;
        const rows = [{ text: isDark ? "dark" : "lit", segments: 7 as const }];
        return { display: { kind: "lcd", rows, icons: [] }, lights: [], held: [...held], open: [] };
      },
      due: (at) => (darkAt !== undefined && darkAt > at ? darkAt : undefined),
      end: () => void told.push("ended"),
    };
  };
}

function siteOf(...names: readonly string[]) {
  const told: string[] = [];
  const real = new CountingClock();
  const meters = new Map(names.map((name) => [name, { surface: new Meter(name) }]));
  const panels = new SitePanels({ real, meter: (name) => meters.get(name) }, { counter: counter(told) });
  /** Seconds go by, each with the site's beat. */
  const pass = (seconds: number): void => {
    for (let k = 0; k < seconds; k++) {
      real.advance(1000);
      panels.sweep();
    }
  };
  const touch = (name: string, control: string, hand: Hand | undefined, who = ann.id) =>
    panels.of(name)?.touch(control, hand, hand?.id ?? who);
  return { told, real, meters, panels, pass, touch };
}

const text = (panel: ReturnType<SitePanels["of"]>): string => {
  const display = panel?.picture().display;
  return display?.kind === "lcd" ? display.rows.map((row) => row.text).join() : "none";
};

test("a panel is made at the first look, once, and ten thousand meters cost nothing until then", () => {
  const names = Array.from({ length: 10_000 }, (_, k) => `meter-${k}`);
  const { told, panels, real } = siteOf(...names);
  assert.deepEqual([panels.size, real.pending], [0, 0]);
  const panel = panels.of("meter-7");
  assert.ok(panel !== undefined && panels.of("meter-7") === panel);
  assert.deepEqual(told, ["made for meter-7"]);
  assert.deepEqual([panels.size, real.pending], [1, 0], "nobody waits for it");
});

test("what has no panel has none: no such meter, a model without, and names of what objects have anyway", () => {
  const { panels, meters } = siteOf("m");
  meters.set("plain", { surface: new Meter("plain", "no-such-model") });
  meters.set("strange", { surface: new Meter("strange", "constructor") });
  for (const name of ["nobody", "plain", "strange", "__proto__", "toString", "x".repeat(10_000)])
    assert.equal(panels.of(name), undefined, name);
  assert.equal(panels.size, 0);
});

test("all who look see the same, and are told when it may be another: by a hand, by a cycle, by time", () => {
  const { panels, meters, real, touch } = siteOf("m");
  const panel = panels.of("m")!;
  const heard = { ann: 0, ben: 0 };
  panel.follow(
    () => heard.ann++,
    () => {},
  );
  const leave = panel.follow(
    () => heard.ben++,
    () => {},
  );
  touch("m", "set", ann);
  assert.deepEqual([heard, panel.picture().held], [{ ann: 1, ben: 1 }, ["set"]]);
  meters.get("m")!.surface.cycle();
  assert.deepEqual(heard, { ann: 2, ben: 2 });
  real.advance(9999);
  assert.deepEqual([heard, text(panel)], [{ ann: 2, ben: 2 }, "lit"]);
  real.advance(1);
  assert.deepEqual([heard, text(panel)], [{ ann: 3, ben: 3 }, "dark"]);
  leave();
  meters.get("m")!.surface.cycle();
  assert.deepEqual(heard, { ann: 4, ben: 3 });
});

test("a button whose hand is gone comes up by itself; whoever presses it again holds it on", () => {
  const { told, pass, touch } = siteOf("m");
  touch("m", "set", ann);
  pass(10);
  touch("m", "set", ann);
  pass(14);
  assert.ok(!told.some((line) => line.includes("up")));
  pass(1);
  assert.deepEqual(told.slice(-1), ["set up at 25000"]);
  pass(60);
  assert.equal(told.filter((line) => line.includes("up")).length, 1);
  // Nobody holds a cover.
  touch("m", "cover", ann);
  pass(60);
  assert.equal(told.filter((line) => line.includes("cover up")).length, 0);
});

test("a button that is let go is let go once, by whomever", () => {
  const { told, pass, touch } = siteOf("m");
  touch("m", "set", ann);
  touch("m", "set", undefined, ben.id);
  pass(60);
  assert.deepEqual(
    told.filter((line) => line.includes("up")),
    ["set up at 0"],
  );
});

test("nobody touches faster than a hand, and one who does leaves the others alone", () => {
  const { told, real, touch } = siteOf("m");
  const most = limits.panel.touchesPerSecond;
  const taken = Array.from({ length: 1000 }, () => touch("m", "set", ann)).filter(Boolean).length;
  assert.equal(taken, most);
  assert.equal(touch("m", "set", ben), true);
  assert.equal(told.filter((line) => line.startsWith("ann presses")).length, most);
  assert.equal(touch("m", "set", undefined, ann.id), false, "a release is a touch");
  real.advance(1000);
  assert.equal(touch("m", "set", ann), true);
});

test("a panel is forgotten ten minutes after the last look, and not while somebody follows", () => {
  const { told, panels, pass, real } = siteOf("m");
  const panel = panels.of("m")!;
  const leave = panel.follow(
    () => {},
    () => {},
  );
  pass(1200);
  assert.equal(panels.size, 1);
  panel.picture();
  leave();
  pass(limits.panel.unusedMs / 1000 - 1);
  assert.equal(panels.size, 1);
  pass(1);
  assert.deepEqual([panels.size, told.at(-1)], [0, "ended"]);
  assert.equal(real.pending, 0);
  assert.notEqual(panels.of("m"), panel);
});

test("what time does is done where nobody looks, within ten seconds", () => {
  const { panels, told, pass, meters } = siteOf("m");
  const looks: number[] = [];
  const spied = new SitePanels(
    { real: { utc: () => 0, elapsed: () => now, after: () => () => {} }, meter: (name) => meters.get(name) },
    {
      counter: (host) => {
        const panel = counter(told)(host);
        return { ...panel, picture: (at) => (looks.push(at), panel.picture(at)) };
      },
    },
  );
  let now = 0;
  spied.of("m");
  for (; now < 35_000; now += 1000) spied.sweep();
  assert.deepEqual(looks, [10_000, 20_000, 30_000]);
  pass(1);
  assert.equal(panels.size, 0);
});

test("a meter that is replaced has a panel of its own; that of one that is gone ends, and who followed it is told", () => {
  const { told, panels, meters, pass } = siteOf("m");
  const over: string[] = [];
  const first = panels.of("m")!;
  first.follow(
    () => {},
    () => over.push("first"),
  );
  meters.set("m", { surface: new Meter("m") });
  const second = panels.of("m")!;
  assert.notEqual(second, first);
  assert.deepEqual([over, told], [["first"], ["made for m", "ended", "made for m"]]);
  second.follow(
    () => {},
    () => over.push("second"),
  );
  meters.delete("m");
  pass(1);
  assert.deepEqual([panels.size, panels.of("m"), over], [0, undefined, ["first", "second"]]);
  assert.equal(told.filter((line) => line === "ended").length, 2);
});
