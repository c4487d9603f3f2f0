/** The list of messages: of tens of thousands those rows are there that are seen. It follows the newest for as long as it stands at its end. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TrafficMessage } from "#quantity/traffic-view.ts";
import { counted, say } from "./language.ts";
import { momentText } from "./local-time.ts";
import { trafficTexts } from "./texts/traffic.ts";
import type { TrafficLink } from "./traffic-link.ts";
import { rowsIn, topFor } from "./traffic-list.ts";

/** Pixels of a row, as traffic.css has it. */
const ROW = 26;
/** How near to its end a list follows the newest. */
const NEAR = 2 * ROW;

const signs = { in: "→", out: "←", came: "+", went: "−" } as const;

interface RowProps {
  readonly message: TrafficMessage;
  readonly at: number;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function Row({ message, at, isChosen, choose }: RowProps) {
  const { number, at: instant, kind, protocol, peer, length, line, wrong, hidden } = message;
  const style = [kind, wrong ? "wrong" : "", isChosen ? "chosen" : ""].join(" ").trim();
  return (
    <div
      role="row"
      id={`message-${number}`}
      class={style}
      aria-rowindex={at + 2}
      aria-selected={isChosen}
      style={{ top: `${at * ROW}px` }}
      onClick={choose}
    >
      <span role="gridcell" class="time" title={instant}>
        {momentText(instant)}
      </span>
      <span role="gridcell" class="way">
        <span aria-hidden="true">{signs[kind]}</span>
        <span class="hidden">{say(trafficTexts[kind])}</span>
      </span>
      <span role="gridcell" class="protocol">
        {protocol}
      </span>
      <span role="gridcell" class="peer">
        {peer}
      </span>
      <span role="gridcell" class="length">
        {length === 0 ? "" : counted(length)}
      </span>
      <span role="gridcell" class="line" title={line}>
        {wrong ? <b>{say(trafficTexts.wrong)}: </b> : null}
        {line}
        {hidden ? (
          <span class="covered" title={say(trafficTexts.hidden)}>
            {" "}
            ···
          </span>
        ) : null}
      </span>
    </div>
  );
}

const columns = [
  ["time", trafficTexts.time],
  ["way", trafficTexts.way],
  ["protocol", trafficTexts.protocol],
  ["peer", trafficTexts.peerHint],
  ["length", trafficTexts.length],
  ["line", trafficTexts.says],
] as const;

export function TrafficRows({ link }: { readonly link: TrafficLink }) {
  const { messages, gone } = link.held.value;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [follows, setFollows] = useState(true);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const before = useRef(gone);
  const look = (): void => {
    const { current } = box;
    if (current === null) return;
    setView({ top: current.scrollTop, height: current.clientHeight });
    setFollows(current.scrollHeight - current.scrollTop - current.clientHeight < NEAR);
  };
  useEffect(() => {
    look();
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    if (follows) current.scrollTop = current.scrollHeight;
    // What is looked at stays where it is when rows above it go.
    else if (gone > before.current) current.scrollTop -= (gone - before.current) * ROW;
    before.current = gone;
  }, [messages]);
  const at = chosen === undefined ? -1 : messages.findIndex(({ number }) => number === chosen);
  const choose = (index: number, isOpened: boolean): void => {
    const message = messages[Math.max(0, Math.min(messages.length - 1, index))];
    if (message === undefined) return;
    setChosen(message.number);
    setFollows(false);
    const { current } = box;
    const row = messages.indexOf(message);
    if (current !== null)
      current.scrollTop = topFor(row, { top: current.scrollTop, height: current.clientHeight - ROW, row: ROW });
    if (isOpened || link.opened.value !== undefined) void link.open(message.number);
  };
  const press = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(view.height / ROW) - 2);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) choose(at < 0 ? messages.length - 1 : at + step, false);
    else if (event.key === "Home") choose(0, false);
    else if (event.key === "End") choose(messages.length - 1, false);
    else if (event.key === "Enter" && at >= 0) choose(at, true);
    else if (event.key === "Escape") link.shut();
    else return;
    event.preventDefault();
  };
  const { from, to } = rowsIn(messages.length, { ...view, row: ROW });
  return (
    <div class="messages">
      <div
        ref={box}
        id="messages"
        role="grid"
        tabIndex={0}
        aria-label={say(trafficTexts.list)}
        aria-rowcount={messages.length + 1}
        aria-activedescendant={at < from || at >= to ? undefined : `message-${chosen}`}
        onScroll={look}
        onKeyDown={press}
      >
        <div role="row" class="heads" aria-rowindex={1}>
          {columns.map(([style, text]) => (
            <span key={style} role="columnheader" class={style}>
              {say(text)}
            </span>
          ))}
        </div>
        <div role="rowgroup" class="rows" style={{ height: `${messages.length * ROW}px` }}>
          {messages.slice(from, to).map((message, k) => (
            <Row
              key={message.number}
              message={message}
              at={from + k}
              isChosen={message.number === chosen}
              choose={() => choose(from + k, true)}
            />
          ))}
        </div>
      </div>
      {follows ? null : (
        <button type="button" class="newest" onClick={() => setFollows(true)}>
          {say(trafficTexts.newest)}
        </button>
      )}
    </div>
  );
}
