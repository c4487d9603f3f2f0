/** What no schema can say of triggers: what they look at, their levels, what each kind may leave, and what was not ordered. */
import { transientTrouble } from "#quality/transient.ts";
import { wiringOf } from "#quantity/wiring.ts";
import type { RegisterSettings, TriggerSettings } from "#revenue/settings/configuration.ts";
import { connections } from "#revenue/settings/connections.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { hasPercents, withLevels } from "#revenue/settings/trigger-levels.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { recordingOptions } from "./recordings.ts";

export function checkTriggers(
  file: RevenueFile,
  all: ReadonlyMap<number, RegisterSettings>,
  ordered: Ordered,
): string[] {
  const problems: string[] = [];
  const ids = new Set(file.triggers.map((one) => one.id));
  if (ids.size < file.triggers.length) problems.push("triggers: two of them have the same id");
  file.triggerBits.forEach((of, bit) => {
    for (const one of of) if (!ids.has(one)) problems.push(`triggerBits[${bit}]: there is no trigger ${one}`);
  });
  file.triggers.forEach((trigger, k) => {
    const at = `triggers[${k}]`;
    const { measure, register, input, alarm, reset, output, transient } = trigger;
    const sources = [measure, register, input].filter((one) => one !== undefined).length;
    if (sources !== 1) problems.push(`${at}: expected one of measure, register and input, found ${sources}`);
    const levels = [alarm, reset].filter((one) => one !== undefined).length;
    if (transient === undefined && levels !== (input === undefined ? 2 : 0))
      problems.push(`${at}: ${input === undefined ? "expected the levels alarm and reset" : "an input has no levels"}`);
    if (register !== undefined && !all.has(register)) problems.push(`${at}.register: there is no register ${register}`);
    if (input !== undefined && file.io[input - 1]?.mode.startsWith("input") !== true)
      problems.push(`${at}.input: channel ${input} is no input`);
    if (typeof output === "number" && file.io[output - 1]?.mode !== "outputAlarm")
      problems.push(`${at}.output: channel ${output} is no alarm output`);
    const isPercent = [alarm, reset].some((level) => typeof level === "string");
    if (isPercent && !hasPercents(trigger))
      problems.push(`${at}: a percent of the nominal voltage is of V or V.ll only`);
    const levelled = withLevels(trigger, file.primary);
    problems.push(...checkRecords(levelled).map((problem) => `${at}.${problem}`));
    problems.push(...checkReset(levelled).map((problem) => `${at}.${problem}`));
    problems.push(...checkTransient(levelled, file.primary).map((problem) => `${at}.${problem}`));
    problems.push(...checkRecorded(trigger, ordered).map((problem) => `${at}.${problem}`));
  });
  return problems;
}

/** What ends an alarm lies on the other side of what begins it, or at it: else each end would be a beginning. */
function checkReset({ operator, alarm, reset, records }: TriggerSettings): string[] {
  if (alarm === undefined || reset === undefined || records === "rapidVoltageChange") return [];
  const isBeyond = operator === "<" ? reset < alarm : operator === ">" && reset > alarm;
  return isBeyond
    ? [`reset: expected ${operator === "<" ? "at least" : "at most"} the alarm, ${alarm}; found ${reset}`]
    : [];
}

function checkRecords({ records, measure, phase, operator, alarm = 0, reset = 0 }: TriggerSettings): string[] {
  if (records === undefined) return [];
  const problems: string[] = [];
  if (measure === undefined || !["V", "V.ll"].includes(measure.quantity))
    problems.push(`records: ${records} is of volts`);
  if (records === "interruption" && phase !== "all") problems.push(`phase: an interruption is of all phases`);
  if (records !== "interruption" && phase !== "any") problems.push(`phase: ${records} is of any phase`);
  if (records === "rapidVoltageChange" && (operator !== ">" || reset > alarm))
    problems.push("records: a rapid voltage change is > its threshold (alarm), and its hysteresis (reset) is less");
  return problems;
}

/** A transient trigger has the fields of the manual's table "Configuring the Transient Trigger", and no others. */
function checkTransient(trigger: TriggerSettings, { connection }: RevenueFile["primary"]): string[] {
  const { transient, measure, phase, operator, alarm, reset, delayMs, resetDelayMs, records, highSpeedRms } = trigger;
  if (transient === undefined) return [];
  const problems: string[] = [];
  const refuse = (is: boolean, key: string, why: string): void => void (is && problems.push(`${key}: ${why}`));
  const isOfVolts = measure !== undefined && ["V", "V.ll"].includes(measure.quantity);
  refuse(!isOfVolts, "measure", "a transient is of V or V.ll");
  refuse(operator !== ">", "operator", `a transient is an over voltage: expected >, found ${operator}`);
  refuse(alarm === undefined, "alarm", "expected the level of a transient, 1 to 913 V secondary");
  refuse(
    reset !== undefined,
    "reset",
    "a transient has no level at which it ends: expected transient.reset in half cycles",
  );
  refuse(delayMs !== 0, "delayMs", "a transient is not delayed: expected transient.samples");
  refuse(resetDelayMs !== 0, "resetDelayMs", "a transient is not delayed: expected transient.reset");
  refuse(records !== undefined, "records", "a transient fills no log of voltage events");
  refuse(highSpeedRms === true, "highSpeedRms", "a transient is over within a half cycle: expected a waveform");
  const isPhase = phase === "a" || phase === "b" || phase === "c" || phase === "any";
  refuse(!isPhase, "phase", `a transient is of a, b, c or any; found ${phase}`);
  if (problems.length > 0 || !isPhase || alarm === undefined) return problems;
  const { wiring, neutral } = connections[connection];
  const volts = measure?.quantity === "V.ll" || !neutral ? "ll" : "ln";
  const trouble = transientTrouble({ ...transient, volts, phase, level: alarm }, wiringOf(wiring));
  return trouble === undefined ? [] : [trouble];
}

/** Recordings that were not ordered. */
function checkRecorded(
  { highSpeedRms = false, waveform = "none" }: Pick<TriggerSettings, "highSpeedRms" | "waveform">,
  { options }: Ordered,
): string[] {
  const lacks = (any: readonly string[]): boolean => !any.some((one) => options.has(one));
  const why = (any: readonly string[]): string => `it is option ${any.join(" or ")}, which was not ordered`;
  return [
    ...(highSpeedRms && lacks(recordingOptions.highSpeedRms)
      ? [`highSpeedRms: ${why(recordingOptions.highSpeedRms)}`]
      : []),
    ...(waveform !== "none" && lacks(recordingOptions.waveform) ? [`waveform: ${why(recordingOptions.waveform)}`] : []),
  ];
}
