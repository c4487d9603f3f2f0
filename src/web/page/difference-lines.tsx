/** Lines of the site file that come and go, with those beside them. */
import type { DifferenceLine } from "#quantity/site-edit-view.ts";
import { say } from "./language.ts";
import { addTexts } from "./texts/add.ts";

const styles = { "+": "comes", "-": "goes", " ": "stays" } as const;

/** `label` says which lines they are: there may be several of these. */
export function DifferenceLines({ label, of }: { readonly label: string; readonly of: readonly DifferenceLine[] }) {
  const said = { "+": say(addTexts.lineComes), "-": say(addTexts.lineGoes), " ": "" } as const;
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={`${say(addTexts.lines)}: ${label}`}>
      <ol class="difference">
        {of.map(({ sign, line, text }) => (
          <li key={`${sign}${line}`} class={styles[sign]}>
            <span class="line" aria-hidden="true">
              {line}
            </span>
            <span class="sign" aria-hidden="true">
              {sign}
            </span>
            <span class="hidden">{said[sign]}</span>
            <code>{text}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
