/** Angles of harmonics, which are asked for when somebody looks at them: they are not sent with each reading. */
import { timeText } from "./local-time.ts";
import { useEffect, useState } from "preact/hooks";
import type { MeterView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { channelsOf, phaseOf, shortName, type ChannelKind } from "./quality.ts";
import { askMeter } from "./site.ts";
import { Table } from "./table.tsx";
import { frame } from "./texts/frame.ts";
import { qualityTexts as texts } from "./texts/quality.ts";
import { Value } from "./value.tsx";

interface Props {
  readonly meter: string;
  readonly kind: ChannelKind["key"];
}

export function Angles(props: Props) {
  const [isOpen, open] = useState(false);
  return (
    <details id="harmonic-angles" onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>{say(texts.angles)}</summary>
      {isOpen ? <Taken {...props} /> : null}
    </details>
  );
}

function Taken({ meter, kind }: Props) {
  const [taken, take] = useState<MeterView | "failed" | undefined>(undefined);
  const [asked, ask] = useState(0);
  useEffect(() => {
    let isOver = false;
    askMeter(meter).then(
      (view) => isOver || take(view),
      () => isOver || take("failed"),
    );
    return () => void (isOver = true);
  }, [meter, asked]);
  const again = (
    <button type="button" onClick={() => ask(asked + 1)}>
      {say(taken === "failed" ? frame.again : texts.takeAngles)}
    </button>
  );
  if (taken === undefined) return <Notice>{say(frame.loading)}</Notice>;
  if (taken === "failed") return <Notice kind="trouble">{again}</Notice>;
  const channels = taken.quality === undefined ? [] : channelsOf(taken.quality, kind);
  const orders = Math.max(0, ...channels.map(({ angles = [] }) => angles.length));
  if (orders === 0) return <Notice>{say(texts.noAngles)}</Notice>;
  return (
    <>
      <p class="scale">
        {say(texts.anglesAt, { time: timeText(taken.local) })} {again}
      </p>
      <Table
        id="angles"
        label={say(texts.anglesOf)}
        heads={[[say(texts.order)], ...channels.map((one) => [shortName(one), phaseOf(one.name)] as const)]}
        rows={Array.from({ length: orders }, (_, k) => ({
          key: String(k + 1),
          name: k + 1,
          cells: channels.map(({ angles = [] }) => <Value value={angles[k]} unit="" decimals={1} />),
        }))}
      />
    </>
  );
}
