/** Sections that have an editor of their own, besides the form that there is of all: by what they are made of, whichever meter has them. */
import type { ComponentType } from "preact";
import { CalendarEditor } from "./configuration-calendar.tsx";
import type { FieldProps } from "./configuration-field.tsx";
import { columnsOf, pointListsOf, PointsEditor } from "./configuration-points.tsx";
import { RegistersEditor } from "./configuration-registers.tsx";
import { alternativesOf, type Shape } from "./configuration-shape.ts";
import { TriggersEditor } from "./configuration-triggers.tsx";
import { configuration as texts } from "./texts/configuration.ts";
import type { Text } from "#quantity/text.ts";

export interface SpecialEditor {
  readonly title: Text;
  readonly fits: (shape: Shape) => boolean;
  readonly Editor: ComponentType<FieldProps>;
}

/** Whether an object has these keys. */
function hasKeys(shape: Shape | undefined, ...keys: readonly string[]): boolean {
  return keys.every((key) => shape?.properties?.[key] !== undefined);
}

/** Whether each kind of object that a member can be has these keys. */
function hasAll(items: Shape | undefined, ...keys: readonly string[]): boolean {
  if (items === undefined) return false;
  const kinds = alternativesOf(items);
  return kinds.length > 0 ? kinds.every((kind) => hasKeys(kind, ...keys)) : hasKeys(items, ...keys);
}

const editors: readonly SpecialEditor[] = [
  {
    title: texts.calendar,
    fits: (shape) =>
      hasKeys(shape, "seasons", "holidays") && hasKeys(shape.properties?.["seasons"]?.items, "month", "day", "days"),
    Editor: CalendarEditor,
  },
  {
    title: texts.table,
    fits: ({ properties = {} }) => {
      const lists = Object.values(properties);
      return lists.length > 0 && lists.every(({ items }) => hasAll(items, "id", "label", "type"));
    },
    Editor: RegistersEditor,
  },
  { title: texts.table, fits: ({ items }) => hasAll(items, "id", "alarm", "reset"), Editor: TriggersEditor },
  {
    title: texts.table,
    // What a protocol serves: points are of measures, registers, inputs, or have names.
    fits: (shape) => {
      const lists = pointListsOf(shape);
      const isPoint = (key: string): boolean => ["measure", "register", "input", "dataSet"].includes(key);
      return lists.some(([, list]) => columnsOf(list).some(isPoint));
    },
    Editor: PointsEditor,
  },
];

export function editorFor(shape: Shape): SpecialEditor | undefined {
  return editors.find(({ fits }) => fits(shape));
}
