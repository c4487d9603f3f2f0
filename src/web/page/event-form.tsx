/** Which events are shown, in which order; a person's own curve; and volts where the meter does not say what they should be. */
import { beyonds, orders, type BeyondWhat, type EventFilter, type Order } from "./event-choice.ts";
import { kindText } from "./event-words.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { eventKinds } from "./pq-events.ts";
import { eventTexts as texts } from "./texts/events.ts";
import type { Text } from "#quantity/text.ts";

const beyondTexts: Readonly<Record<BeyondWhat, Text>> = {
  all: texts.all,
  itic: texts.beyondItic,
  f47: texts.beyondF47,
  own: texts.beyondOwn,
};
const orderTexts: Readonly<Record<Order, Text>> = {
  time: texts.byTime,
  percent: texts.byDepth,
  seconds: texts.byLength,
};
const phases = ["all", "a", "b", "c"] as const;

interface Props {
  readonly filter: EventFilter;
  readonly choose: (filter: EventFilter) => void;
  readonly order: Order;
  readonly sort: (order: Order) => void;
  readonly curve: {
    readonly text: string;
    readonly wrong: string | undefined;
    readonly type: (text: string) => void;
  };
  readonly asksVolts: boolean;
  readonly typed: number | undefined;
  readonly typeVolts: (volts: number | undefined) => void;
}

interface PickProps<T extends string> {
  readonly name: string;
  readonly label: Text;
  readonly of: readonly (readonly [value: T, text: string])[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
}

function Pick<T extends string>({ name, label, of, chosen, choose }: PickProps<T>) {
  return (
    <label class="pick">
      {say(label)}{" "}
      <select name={name} value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value as T)}>
        {of.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function EventForm({ filter, choose, order, sort, curve, asksVolts, typed, typeVolts }: Props) {
  const all = ["all", say(texts.all)] as const;
  return (
    <form id="event-filter" onSubmit={(event) => event.preventDefault()}>
      <div class="pick-line">
        <Pick
          name="kind"
          label={texts.kind}
          of={[all, ...eventKinds.map((kind) => [kind, kindText(kind)] as const)]}
          chosen={filter.kind}
          choose={(kind) => choose({ ...filter, kind })}
        />
        <Pick
          name="phase"
          label={texts.phase}
          of={phases.map((phase) => [phase, phase === "all" ? say(texts.all) : phase.toUpperCase()] as const)}
          chosen={filter.phase}
          choose={(phase) => choose({ ...filter, phase })}
        />
        <Pick
          name="beyond"
          label={texts.beyond}
          of={beyonds.map((one) => [one, say(beyondTexts[one])] as const)}
          chosen={filter.beyond}
          choose={(beyond) => choose({ ...filter, beyond })}
        />
        <Pick
          name="order"
          label={texts.sort}
          of={orders.map((one) => [one, say(orderTexts[one])] as const)}
          chosen={order}
          choose={sort}
        />
        {asksVolts ? (
          <label class="pick">
            {say(texts.nominal)}{" "}
            <input
              type="number"
              name="nominal"
              min="1"
              step="any"
              value={typed ?? ""}
              onInput={({ currentTarget }) => {
                const volts = currentTarget.valueAsNumber;
                typeVolts(volts > 0 ? volts : undefined);
              }}
            />
          </label>
        ) : null}
      </div>
      <div class="pick-line">
        <label class="pick">
          {say(texts.ownCurve)}{" "}
          <input
            type="text"
            name="curve"
            size={34}
            maxLength={2000}
            value={curve.text}
            placeholder="0.02 0; 0.5 70; 10 80"
            aria-describedby="curve-hint"
            aria-invalid={curve.wrong !== undefined}
            onInput={({ currentTarget }) => curve.type(currentTarget.value)}
          />
        </label>
        <span id="curve-hint" class="scale">
          {curve.wrong === undefined ? say(texts.ownHint) : say(texts.ownWrong, { part: curve.wrong })}
        </span>
      </div>
      {asksVolts && typed === undefined ? <Notice>{say(texts.asksNominal)}</Notice> : null}
    </form>
  );
}
