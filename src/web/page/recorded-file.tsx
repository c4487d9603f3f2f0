/** A file that a meter has recorded, fetched and looked at. */
import { useEffect, useState } from "preact/hooks";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { ReadFiles } from "./read-files.tsx";
import { texts } from "./wave-words.ts";
import { request } from "./site-request.ts";

interface Props {
  readonly address: string;
  readonly name: string;
}

async function fetched(address: string, name: string): Promise<readonly File[]> {
  const answer = await request(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return [new File([await answer.blob()], name)];
}

export function RecordedFile({ address, name }: Props) {
  const [files, take] = useState<readonly File[] | "failed" | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    fetched(address, name).then(
      (found) => isOver || take(found),
      () => isOver || take("failed"),
    );
    return () => {
      isOver = true;
    };
  }, [address, name]);
  if (files === undefined) return <Notice>{say(texts.asking)}</Notice>;
  if (files === "failed") return <Notice kind="trouble">{say(texts.notThere)}</Notice>;
  return (
    <div id="recorded">
      <ReadFiles files={files} name={name} />
    </div>
  );
}
