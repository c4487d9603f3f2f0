/** The contacts of a meter: what each is for, whether it is closed, and how often it was. */
import type { LiveView } from "#quantity/meter-api.ts";
import { contactText } from "./explain.ts";
import { say } from "./language.ts";
import { Panel } from "./panel.tsx";
import { Table } from "./table.tsx";
import { alertTexts } from "./texts/states.ts";

export function Contacts({ io }: LiveView) {
  const used = io.filter(({ mode }) => mode !== "none");
  if (used.length === 0) return null;
  return (
    <Panel id="io" title={say(alertTexts.contacts)}>
      <Table
        id="io"
        label={say(alertTexts.contactsLabel)}
        heads={[[say(alertTexts.contact)], [say(alertTexts.state)], [say(alertTexts.count)]]}
        rows={used.map(({ channel, mode, closed, count }) => ({
          key: String(channel),
          name: contactText(channel, mode),
          cells: [say(closed ? alertTexts.closed : alertTexts.open), <span class="value">{count}</span>],
        }))}
      />
    </Panel>
  );
}
