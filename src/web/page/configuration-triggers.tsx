/** The editor of triggers: what each looks at, its levels with their hysteresis, and what it does. */
import { Entry } from "./configuration-entries.tsx";
import { idOf, type FieldProps } from "./configuration-field.tsx";
import { entered } from "./configuration-numbers.ts";
import { MemberRows } from "./configuration-rows.tsx";
import { shapeAt } from "./configuration-shape.ts";
import { isMembers, type Json, type Path } from "./configuration-value.ts";
import { hysteresisOf, measureWords } from "./configuration-words.ts";
import { say } from "./language.ts";
import { tables as texts } from "./texts/calendar.ts";

function looksAt(trigger: Json): string {
  const { measure, register, input, phase } = isMembers(trigger) ? trigger : {};
  if (typeof register === "number") return say(texts.register, { id: register });
  if (typeof input === "number") return say(texts.input, { id: input });
  const of = typeof phase === "string" ? [say(texts.phase, { phase })] : [];
  return [measureWords(measure), ...of].join(", ");
}

function hysteresisWords(trigger: Json): string {
  const found = hysteresisOf(trigger);
  switch (found.kind) {
    case "some":
      return say(texts.hysteresis, { value: `${entered(found.value)} ${found.unit}`.trim() });
    case "none":
      return say(texts.noHysteresis);
    case "wrong":
      return say(texts.wrongHysteresis);
    default:
      return "";
  }
}

function does(trigger: Json): string {
  const { records, output, waveform, highSpeedRms, transient } = isMembers(trigger) ? trigger : {};
  const what = [
    typeof waveform === "string" && waveform !== "none" ? waveform : "",
    highSpeedRms === true ? say(texts.highSpeed) : "",
    isMembers(transient) ? say(texts.transient) : "",
  ].filter((one) => one !== "");
  return [
    typeof records === "string" ? say(texts.fills, { log: records }) : "",
    typeof output === "number" ? say(texts.closes, { id: output }) : "",
    output === "none" ? say(texts.closesNone) : "",
    what.length === 0 ? "" : say(texts.records, { what: what.join(", ") }),
  ]
    .filter((one) => one !== "")
    .join("; ");
}

export function TriggersEditor(props: FieldProps) {
  const { editing, shape } = props;
  const entry = (value: Json, where: Path, key: string, label: string) => (
    <Entry
      id={`${idOf(where)}-${key}`}
      shape={shapeAt(shape.items ?? {}, value, [key])}
      value={isMembers(value) ? value[key] : undefined}
      required={key === "enabled" || key === "label"}
      isWrong={false}
      described=""
      label={label}
      put={(next) => editing.edit([...where, key], next)}
    />
  );
  return (
    <div id="triggers-editor">
      <MemberRows
        {...props}
        heads={[
          say(texts.id),
          say(texts.enabled),
          say(texts.label),
          say(texts.looksAt),
          say(texts.levels),
          say(texts.does),
        ]}
        cells={(value, where) => {
          const { id, operator } = isMembers(value) ? value : {};
          const of = String(id ?? "");
          return [
            of,
            entry(value, where, "enabled", `${say(texts.enabled)} ${of}`),
            entry(value, where, "label", `${say(texts.label)} ${of}`),
            looksAt(value),
            <span class="levels">
              {typeof operator === "string" ? operator : ""} {entry(value, where, "alarm", `${say(texts.alarm)} ${of}`)}{" "}
              {entry(value, where, "reset", `${say(texts.reset)} ${of}`)} <small>{hysteresisWords(value)}</small>
            </span>,
            does(value),
          ];
        }}
      />
    </div>
  );
}
