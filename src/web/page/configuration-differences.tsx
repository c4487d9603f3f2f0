/** What the draft changes of the meter's configuration, field by field, each with the way back. */
import type { Change } from "./configuration-draft.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { shortly } from "./configuration-entries.tsx";
import { shapeAt } from "./configuration-shape.ts";
import { keyText } from "./configuration-value.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Table } from "./table.tsx";
import { configuration as texts } from "./texts/configuration.ts";

interface Of {
  readonly editing: ConfigurationEditing;
  readonly show: (section: string) => void;
}

function told(editing: ConfigurationEditing, { kind, path }: Change, value: Change["before"]): string {
  if (kind === "order") return Array.isArray(value) ? value.join(", ") : say(texts.order);
  const shape = shapeAt(editing.shape.value, editing.mine.value, path);
  return shape.writeOnly === true ? say(texts.secret) : shortly(value, shape);
}

export function Differences({ editing, show }: Of) {
  const changes = editing.changes.value;
  if (changes.length === 0) return <Notice>{say(texts.noDifferences)}</Notice>;
  return (
    <Table
      id="differences"
      label={say(texts.differences, { n: changes.length })}
      kind="words"
      heads={[[say(texts.key)], [say(texts.before)], [say(texts.after)], [""]]}
      rows={changes.map((change) => {
        const key = keyText(change.path);
        return {
          key: `${change.kind} ${key}`,
          name: <code>{key}</code>,
          cells: [
            told(editing, change, change.before),
            told(editing, change, change.after),
            <>
              <button
                type="button"
                class="small"
                aria-label={`${say(texts.goThere)}: ${key}`}
                onClick={() => {
                  editing.sought.value = change.path;
                  show(String(change.path[0]));
                }}
              >
                {say(texts.goThere)}
              </button>{" "}
              <button
                type="button"
                class="small"
                aria-label={say(texts.undoOf, { what: key })}
                onClick={() => editing.takeBack(change)}
              >
                {say(texts.undo)}
              </button>
            </>,
          ],
        };
      })}
    />
  );
}
