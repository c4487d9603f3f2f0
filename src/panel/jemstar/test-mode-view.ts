/** Test mode: a test register for the optical port, its pulse weight, loss compensation, gains (sections Test Mode, Navigating in Test Mode). */
import { formView, type FormField } from "./form-view.ts";
import { shownRegister } from "./register-screens.ts";
import { MOST_GAIN } from "#model/jemstar-panel.ts";
import { displayOf, list, numberOf, optional, textOf, within } from "./setup.ts";
import { short } from "./settings-views.ts";
import type { Desk, View } from "./view.ts";

/** What the form is set to; it stays so while the panel has power. */
export interface TestSettings {
  register: number | undefined;
  weights: Map<number, number>;
  compensate: boolean;
}

export function testSettings(): TestSettings {
  return { register: undefined, weights: new Map(), compensate: false };
}

export function testModeView(desk: Desk, settings: TestSettings): View {
  const ids = (): readonly number[] =>
    desk.surface.registers("test").flatMap(({ id, measure }) => (measure === undefined ? [] : [id]));
  const isOn = (): boolean => desk.surface.status().testMode;
  /** What the meter's test mode is set to, whoever set it; nothing of one that is off. */
  const meters = () => within(desk.surface.extra(), "testing");
  /** What Up and Down have come to, which SET accepts. */
  let turned: Partial<Pick<TestSettings, "register" | "compensate">> = {};
  const register = (): number | undefined => {
    const found = turned.register ?? optional(meters()["register"]) ?? settings.register;
    return found !== undefined && ids().includes(found) ? found : ids()[0];
  };
  const compensate = (): boolean => {
    const { compensate: meter = settings.compensate } = meters();
    return turned.compensate ?? meter === true;
  };
  const weight = (): number => {
    const id = register();
    const meter = meters();
    const set = meter["register"] === id ? optional(meter["pulseWeight"]) : undefined;
    const own = list(within(desk.configuration, "registers")["test"]).find((one) => one["id"] === id)?.["pulseWeight"];
    const usual = numberOf(own, numberOf(within(desk.configuration, "testPulses")["kt"], 0.1));
    return set ?? settings.weights.get(id ?? NaN) ?? usual;
  };
  /** The optical port follows energies; of what is none it gives no pulses. */
  const isFollowed = (): boolean => desk.surface.register(register() ?? NaN)?.kind === "consumption";
  const enter = (pulseWeight: number, then?: () => void): void => {
    const followed = isFollowed() ? { register: register(), pulseWeight } : {};
    desk.tell({ command: "enterTestMode", compensate: compensate(), ...followed }, then);
  };
  /** The header says which mode it is: nothing has been saved. */
  const started = (): void => {};
  /** What is shown is kept here; in test mode it counts at once. */
  const accept = (pulseWeight = weight()): void => {
    const kept = { register: register(), compensate: compensate() };
    if (isOn()) enter(pulseWeight);
    Object.assign(settings, kept);
    if (kept.register !== undefined) settings.weights.set(kept.register, pulseWeight);
    turned = {};
  };
  const may = (): boolean => desk.may("enterTestMode");
  const turning = { may, accept: () => accept(), drop: () => void (turned = {}) };
  /** The meter's, in percent: they stay whatever becomes of the panel. */
  const gained = (name: "watts" | "vars"): number => numberOf(within(desk.surface.extra(), "gains")[name], 0);
  const gain = (label: string, name: "watts" | "vars"): FormField => ({
    label,
    text: () => `${short(gained(name))} %`,
    may: () => desk.may("calibrate"),
    expects: `-${MOST_GAIN} to ${MOST_GAIN}`,
    enter: (text) => {
      const value = Number(text);
      if (text === "" || !Number.isFinite(value) || Math.abs(value) > MOST_GAIN) return false;
      const watts = name === "watts" ? value : gained("watts");
      const vars = name === "vars" ? value : gained("vars");
      desk.tell({ command: "calibrate", watts, vars }, () => {});
      return true;
    },
  });
  const fields: FormField[] = [
    {
      label: "TEST MODE",
      text: () => (isOn() ? "STOP" : "START"),
      may: () => desk.may(isOn() ? "leaveTestMode" : "enterTestMode"),
      act: () => (isOn() ? desk.tell({ command: "leaveTestMode" }, started) : enter(weight(), started)),
    },
    {
      label: "LOSS COMPENSATION",
      text: () => (compensate() ? "ENABLED" : "DISABLED"),
      ...turning,
      turn: () => (turned = { compensate: !compensate() }),
    },
    {
      label: "TEST REGISTER",
      text: () => textOf(register()),
      ...turning,
      turn: (by) => {
        const all = ids();
        turned = { register: all[(all.indexOf(register() ?? NaN) + by + all.length) % Math.max(1, all.length)] };
      },
    },
    {
      get label() {
        return `TEST PULSE SCALING-${textOf(register())}`;
      },
      text: () => short(weight()),
      may,
      expects: "a number above 0",
      enter: (text) => {
        const value = Number(text);
        if (text === "" || !Number.isFinite(value) || value <= 0 || register() === undefined) return false;
        accept(value);
        return true;
      },
    },
    gain("WATT GAIN TWEAK", "watts"),
    gain("VAR GAIN TWEAK", "vars"),
  ];
  return formView(desk, {
    title: "Menu -> Test Mode",
    rows: fields.map((field) => [field]),
    beside: () => {
      const reading = desk.surface.register(register() ?? NaN);
      if (reading === undefined) return [];
      return [{ part: "registers", registers: [shownRegister(reading, displayOf(desk.configuration), true)] }];
    },
  });
}
