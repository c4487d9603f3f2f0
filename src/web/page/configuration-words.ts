/** What a measure, a register and a trigger of a configuration are, in few words. */
import { say } from "./language.ts";
import { tables as texts } from "./texts/calendar.ts";
import { isMembers, type Json } from "./configuration-value.ts";

const scalars = (value: Json | undefined, ...keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => {
    const one = isMembers(value) ? value[key] : undefined;
    return typeof one === "string" || typeof one === "number" ? [String(one)] : [];
  });

/** "Wh delivered", "V a", "harmonic 5 of A b": what is usual is not said. */
export function measureWords(measure: Json | undefined): string {
  if (!isMembers(measure)) return "";
  const { phase, direction, compensated, order, interharmonic, parity, part, channel } = measure;
  const words = [
    typeof order === "number" ? say(texts.harmonicOf, { order }) : "",
    typeof interharmonic === "number" ? say(texts.interharmonicOf, { order: interharmonic }) : "",
    ...scalars({ parity: parity ?? null }, "parity"),
    ...scalars(measure, "quantity"),
    phase === undefined || phase === "polyphase" ? "" : String(phase),
    typeof channel === "number" ? say(texts.channel, { n: channel }) : "",
    direction === undefined || direction === "bidirectional" ? "" : String(direction),
    part === "angle" ? say(texts.angle) : "",
    compensated === true ? say(texts.compensated) : "",
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** "consumption Wh delivered, rate A, billingReset". */
export function registerWords(register: Json | undefined): string {
  if (!isMembers(register)) return "";
  const { measure, tariff, storage, of, number } = register;
  const parts = [
    [...scalars(register, "type"), measureWords(measure)].filter((word) => word !== "").join(" "),
    typeof number === "number" ? String(number) : "",
    tariff === undefined || tariff === "total" ? "" : say(texts.rate, { rate: String(tariff) }),
    storage === undefined || storage === "working" ? "" : String(storage),
    typeof of === "number" ? say(texts.ofRegister, { id: of }) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Between the level at which a trigger is in alarm and the one at which that is over. */
export type Hysteresis =
  | { readonly kind: "none" | "wrong" | "unknown" }
  | { readonly kind: "some"; readonly value: number; readonly unit: string };

function levelOf(value: Json | undefined): { readonly value: number; readonly unit: string } | undefined {
  if (typeof value === "number") return { value, unit: "" };
  const [, number] = /^(\d+(?:\.\d+)?)\s*%$/.exec(typeof value === "string" ? value : "") ?? [];
  return number === undefined ? undefined : { value: Number(number), unit: "%" };
}

export function hysteresisOf(trigger: Json | undefined): Hysteresis {
  const { alarm, reset, operator = ">" } = isMembers(trigger) ? trigger : {};
  const [begins, ends] = [levelOf(alarm), levelOf(reset)];
  if (begins === undefined || ends === undefined || begins.unit !== ends.unit) return { kind: "unknown" };
  const distance = Number((operator === "<" ? ends.value - begins.value : begins.value - ends.value).toPrecision(9));
  if (distance === 0) return { kind: "none" };
  if (distance < 0 && operator !== "=") return { kind: "wrong" };
  return { kind: "some", value: Math.abs(distance), unit: begins.unit };
}
