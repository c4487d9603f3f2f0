/** Traffic, of the site or of a meter: a list of messages as they pass, what is shown of it, and one of them opened. */
import { useEffect, useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { API } from "./address.ts";
import { counted, say } from "./language.ts";
import { momentText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { visitor } from "./site.ts";
import { trafficTexts } from "./texts/traffic.ts";
import "./traffic.css";
import { TrafficDetails } from "./traffic-details.tsx";
import { queryOf, type Chosen } from "./traffic-choice.ts";
import { TrafficLink } from "./traffic-link.ts";
import { TrafficRows } from "./traffic-rows.tsx";

interface FilterProps {
  readonly link: TrafficLink;
  /** The choice is of this meter. */
  readonly meter: string | undefined;
}

interface PickProps {
  readonly label: string;
  readonly every: string;
  readonly of: readonly string[];
  readonly chosen: string;
  readonly choose: (value: string) => void;
}

function Pick({ label, every, of, chosen, choose }: PickProps) {
  return (
    <select aria-label={label} value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      <option value="">{every}</option>
      {[...new Set(chosen === "" ? of : [...of, chosen])].map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

/** Where nobody logs in everybody is an owner. */
function isOwner(): boolean {
  return visitor.value === undefined || visitor.value.role === "owner";
}

function Filters({ link, meter }: FilterProps) {
  const chosen = link.chosen.value;
  const listeners = link.listeners.value.filter(
    ({ urls }) => meter === undefined || urls.length === 0 || urls.some((url) => url.meter === meter),
  );
  const meters = listeners.flatMap(({ urls }) => urls.map((url) => url.meter));
  const choose = (change: Partial<Chosen>): void => link.choose(change);
  return (
    <div class="filters" role="search" aria-label={say(trafficTexts.filters)}>
      <input
        type="search"
        class="text"
        aria-label={say(trafficTexts.text)}
        placeholder={say(trafficTexts.textHint)}
        value={chosen.text}
        onInput={({ currentTarget }) => choose({ text: currentTarget.value })}
      />
      <Pick
        label={say(trafficTexts.protocol)}
        every={say(trafficTexts.everyProtocol)}
        of={listeners.map(({ what }) => what.split(" ")[0] ?? "")}
        chosen={chosen.protocol}
        choose={(protocol) => choose({ protocol })}
      />
      <Pick
        label={say(trafficTexts.listener)}
        every={say(trafficTexts.everyListener)}
        of={listeners.map(({ what }) => what)}
        chosen={chosen.listener}
        choose={(listener) => choose({ listener })}
      />
      {meter === undefined ? (
        <Pick
          label={say(trafficTexts.meter)}
          every={say(trafficTexts.everyMeter)}
          of={meters}
          chosen={chosen.meter}
          choose={(one) => choose({ meter: one })}
        />
      ) : null}
      <input
        type="search"
        class="peer"
        aria-label={say(trafficTexts.peer)}
        placeholder={say(trafficTexts.peerHint)}
        value={chosen.peer}
        onInput={({ currentTarget }) => choose({ peer: currentTarget.value })}
      />
      <label>
        <input
          type="checkbox"
          checked={chosen.wrong}
          onChange={({ currentTarget }) => choose({ wrong: currentTarget.checked })}
        />
        {say(trafficTexts.onlyWrong)}
      </label>
      {isOwner() ? (
        <label>
          <input
            type="checkbox"
            checked={chosen.secrets}
            onChange={({ currentTarget }) => choose({ secrets: currentTarget.checked })}
          />
          {say(trafficTexts.secrets)}
        </label>
      ) : null}
    </div>
  );
}

function Actions({ link }: { readonly link: TrafficLink }) {
  const { waiting } = link.held.value;
  return (
    <>
      {waiting === undefined || waiting.length === 0 ? null : (
        <span class="held">{say(trafficTexts.held, { n: counted(waiting.length) })}</span>
      )}
      <button type="button" aria-pressed={waiting !== undefined} onClick={() => (waiting ? link.goOn() : link.pause())}>
        {say(waiting === undefined ? trafficTexts.pause : trafficTexts.goOn)}
      </button>
      <button type="button" onClick={() => link.clear()}>
        {say(trafficTexts.clear)}
      </button>
      {isOwner() ? (
        <a class="capture" download href={`${API}/traffic.pcapng?${queryOf(link.chosen.value, true).toString()}`}>
          {say(trafficTexts.capture)}
        </a>
      ) : null}
    </>
  );
}

/** What is known of how whole the list is. */
function Wholeness({ link }: { readonly link: TrafficLink }) {
  const { since, dropped, skipped, messages } = link.held.value;
  return (
    <p class="scale">
      {say(trafficTexts.shown, { n: counted(messages.length) })}.{" "}
      {since === undefined ? "" : say(trafficTexts.since, { time: momentText(since) })}{" "}
      {dropped === 0 ? "" : say(trafficTexts.dropped, { n: counted(dropped) })}{" "}
      {skipped === 0 ? "" : say(trafficTexts.skipped, { n: counted(skipped) })}
    </p>
  );
}

function Traffic({ meter }: { readonly meter: string | undefined }) {
  const [link] = useState(() => new TrafficLink(meter));
  useEffect(() => {
    link.begin();
    return () => link.end();
  }, [link]);
  const { messages } = link.held.value;
  const { trouble, opened } = { trouble: link.trouble.value, opened: link.opened.value };
  const isChosen = queryOf({ ...link.chosen.value, meter: "", secrets: false }).size > 0;
  return (
    <Panel
      id="traffic"
      title={say(trafficTexts.title)}
      whole
      state={trouble === undefined ? undefined : "old"}
      aside={<Actions link={link} />}
    >
      <Filters link={link} meter={meter} />
      {trouble === undefined ? null : <Notice kind="trouble">{trouble}</Notice>}
      {messages.length === 0 ? (
        <Notice>{say(isChosen ? trafficTexts.noneLike : trafficTexts.waiting)}</Notice>
      ) : (
        <TrafficRows link={link} />
      )}
      <Wholeness link={link} />
      {opened === undefined ? null : <TrafficDetails detail={opened} shut={() => link.shut()} />}
    </Panel>
  );
}

/** Of a meter. */
export function Section({ live }: { readonly live: LiveView }) {
  return <Traffic meter={live.name} />;
}

/** Of the site. */
export function SiteTraffic() {
  return <Traffic meter={undefined} />;
}
