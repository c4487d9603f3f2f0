/** The registers of a meter's display, list by list. */
import { useState } from "preact/hooks";
import type { LiveView, RegisterView } from "#quantity/meter-api.ts";
import { useAsked } from "./asked.ts";
import { Choice } from "./choice.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { counted } from "./language.ts";
import { Panel } from "./panel.tsx";
import { askOf } from "./site.ts";
import { Table } from "./table.tsx";
import { energyTexts } from "./texts/energy.ts";
import { SideOf } from "./value.tsx";
import { Waiting } from "./waiting.tsx";

/** A label of the meter's display, which may break where it has punctuation, and within no word. */
function Label({ text }: { readonly text: string }) {
  return text.split(/(?<=[,&/.])/).map((part, k) =>
    k === 0 ? (
      part
    ) : (
      <>
        <wbr />
        {part}
      </>
    ),
  );
}

/** Registers beyond which their list scrolls. */
const LONG = 20;
/** Milliseconds between two questions for a list that the stream does not have. */
const ASK_MS = 2000;

const lists = ["normal", "alternate", "test", "frozen"] as const;
type Shelf = (typeof lists)[number];

export function Shown({ text, unit }: { readonly text: string; readonly unit: string }) {
  return (
    <span class={unit === "" ? "figures" : "value"}>
      {text}
      {unit === "" ? null : <span class="unit"> {unit}</span>}
    </span>
  );
}

interface Answer {
  readonly registers: readonly RegisterView[];
}

/** A list that the stream does not have. */
function useList(meter: string, list: Shelf) {
  return useAsked(
    `${meter}\n${list}`,
    () => (list === "normal" ? Promise.resolve({ registers: [] }) : askOf<Answer>(meter, `registers/${list}`)),
    list === "normal" ? undefined : ASK_MS,
  );
}

export function Registers({ live }: { readonly live: LiveView }) {
  const { name, registers: normal, sides } = live;
  const [list, choose] = useState<Shelf>("normal");
  const asked = useList(name, list);
  const registers = list === "normal" ? normal : (asked.answer?.registers ?? []);
  if (normal.length === 0) return null;
  const isLong = registers.length > LONG;
  return (
    <Panel
      id="registers"
      title={say(energyTexts.registers)}
      long={isLong}
      aside={
        <>
          {isLong ? (
            <span class="scale">{say(energyTexts.registersCount, { n: counted(registers.length) })}</span>
          ) : null}
          <Choice
            label={say(energyTexts.list)}
            of={lists.map((one) => [one, say(energyTexts[one])])}
            chosen={list}
            choose={choose}
          />
        </>
      }
    >
      {list === "normal" ? null : <Waiting asked={asked} />}
      {registers.length === 0 ? (
        asked.answer === undefined ? null : (
          <Notice>{say(energyTexts.noRegisters)}</Notice>
        )
      ) : (
        <Table
          id="registers"
          label={say(energyTexts.registersLabel)}
          kind="words"
          heads={[[say(energyTexts.number)], [say(energyTexts.register)], [say(energyTexts.shows)]]}
          rows={registers.map(({ id, label, text, unit, side }) => ({
            key: String(id),
            name: String(id),
            cells: [
              <Label text={label} />,
              <>
                <Shown text={text} unit={unit} />
                {sides === undefined || side === undefined ? null : " "}
                <SideOf side={sides === undefined ? undefined : side} />
              </>,
            ],
          }))}
        />
      )}
    </Panel>
  );
}
