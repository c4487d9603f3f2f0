/** The fields of a meter that is added, each with what is wrong with it below. */
import type { ComponentChildren } from "preact";
import type { AdditionsView } from "#quantity/site-edit-view.ts";
import { listenerNamed, listenersOf, type Draft, type Field } from "./add-draft.ts";
import { Choice } from "./choice.tsx";
import { say } from "./language.ts";
import { addTexts } from "./texts/add.ts";
import type { Text } from "#quantity/text.ts";

interface Props {
  readonly additions: AdditionsView;
  readonly draft: Draft;
  readonly problems: ReadonlyMap<Field | "", readonly string[]>;
  readonly type: (change: Partial<Draft>) => void;
}

interface FieldProps {
  readonly of: Props;
  readonly field: Field;
  readonly text: Text;
  readonly children: (attributes: {
    readonly id: string;
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string | undefined;
  }) => ComponentChildren;
}

function Labelled({ of: { problems }, field, text, children }: FieldProps) {
  const wrong = problems.get(field) ?? [];
  const id = `add-${field}`;
  return (
    <div class="field">
      <label for={id}>{say(text)}</label>
      {children({
        id,
        "aria-invalid": wrong.length > 0,
        "aria-describedby": wrong.length > 0 ? `${id}-wrong` : undefined,
      })}
      {wrong.length === 0 ? null : (
        <p id={`${id}-wrong`} class="wrong">
          {wrong.join("; ")}
        </p>
      )}
    </div>
  );
}

interface TypedProps {
  readonly of: Props;
  readonly field: Exclude<Field, "kind" | "source">;
  readonly text: Text;
  readonly hint?: string;
  readonly rows?: number;
}

function Typed({ of, field, text, hint, rows }: TypedProps) {
  const { draft, type } = of;
  return (
    <Labelled of={of} field={field} text={text}>
      {(attributes) => {
        const shared = {
          ...attributes,
          value: draft[field],
          placeholder: hint,
          spellcheck: false,
          autocomplete: "off",
          onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
            type({ [field]: currentTarget.value }),
        };
        return rows === undefined ? <input type="text" {...shared} /> : <textarea rows={rows} {...shared} />;
      }}
    </Labelled>
  );
}

function Chosen({
  of,
  field,
  text,
  options,
  choose,
}: Omit<TypedProps, "field"> & {
  readonly field: Field;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string) => void;
}) {
  return (
    <Labelled of={of} field={field} text={text}>
      {(attributes) => (
        <select {...attributes} value={of.draft[field]} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function Made(props: Props) {
  const { additions, draft, type } = props;
  const listeners = listenersOf(additions, draft.model);
  const listener = listenerNamed(draft.listener, listeners);
  const named = listeners.map(
    ({ protocol, title, transport }) => [`${protocol} ${transport}`, `${title}, ${transport}`] as const,
  );
  const listen = (value: string): void => {
    const port = listenerNamed(value, listeners)?.port;
    type({ listener: value, place: port === undefined ? "" : String(port) });
  };
  return (
    <>
      <Chosen
        of={props}
        field="source"
        text={addTexts.source}
        options={[
          ["synthetic", say(addTexts.synthetic)],
          ["live", say(addTexts.live)],
        ]}
        choose={(source) => type({ source: source === "live" ? "live" : "synthetic" })}
      />
      {draft.source === "live" ? null : (
        <>
          <Typed of={props} field="hz" text={addTexts.hz} />
          <Typed of={props} field="volts" text={addTexts.volts} />
          <Typed of={props} field="amps" text={addTexts.amps} />
          <Typed of={props} field="pf" text={addTexts.pf} />
        </>
      )}
      <Typed of={props} field="settings" text={addTexts.settings} rows={2} />
      <Chosen
        of={props}
        field="listener"
        text={addTexts.listener}
        options={[["", say(addTexts.nowhere)], ...named]}
        choose={listen}
      />
      {listener === undefined ? null : (
        <>
          <Typed of={props} field="place" text={listener.over === "serial" ? addTexts.device : addTexts.port} />
          {listener.protocol === "modbus" ? <Typed of={props} field="unit" text={addTexts.unit} /> : null}
        </>
      )}
    </>
  );
}

export function AddForm(props: Props) {
  const { additions, draft, type } = props;
  const models = additions.models.filter(({ made, read }) => (draft.kind === "made" ? made : read));
  const kind = (value: Draft["kind"]): void => {
    const stays = additions.models.some((one) => one.name === draft.model && one[value]);
    type({ kind: value, ...(stays ? {} : { model: "" }) });
  };
  return (
    <>
      <Choice
        label={say(addTexts.kind)}
        of={[
          ["made", say(addTexts.made)],
          ["read", say(addTexts.read)],
        ]}
        chosen={draft.kind}
        choose={kind}
      />
      <Typed of={props} field="name" text={addTexts.name} hint="feeder-2" />
      {draft.kind === "read" ? (
        <>
          <Typed of={props} field="url" text={addTexts.url} hint={say(addTexts.urlHint)} />
          <Typed of={props} field="every" text={addTexts.every} />
        </>
      ) : null}
      <Chosen
        of={props}
        field="model"
        text={addTexts.model}
        options={[["", ""], ...models.map(({ name, title }) => [name, title] as const)]}
        choose={(model) => type({ model, listener: "" })}
      />
      {draft.kind === "made" ? <Made {...props} /> : null}
    </>
  );
}
