/** Report control blocks of a server (IEC 61850-7-2, 17; IEC 61850-8-1, 17): those of its model, each as often as it has instances. */
import { nodeName, type ReportControl } from "#protocol/iec61850/model/ied.ts";
import { BufferedBlock, KEPT, STATES } from "./buffered-block.ts";
import type { ReportStore } from "./host.ts";
import { blockAttributes } from "./report-attributes.ts";
import type { ReportBlock } from "./report-block.ts";
import { Watches } from "./report-watch.ts";
import type { ServedPlace } from "./served.ts";
import type { MakePart } from "./shown.ts";
import { UnbufferedBlock } from "./unbuffered-block.ts";

export const reports: MakePart = ({ host, clock, dataSets }) => {
  const watches = new Watches(host);
  const context = { host, clock, dataSets, watches };
  const blocks: ReportBlock[] = [];
  const places = host.ied.devices.flatMap(({ domain, nodes }) =>
    nodes.flatMap((node) =>
      node.reports.flatMap((control) =>
        instancesOf(control).map((name): ServedPlace => {
          const place = `${domain}/${nodeName(node)}`;
          const block = control.buffered
            ? new BufferedBlock(context, control, place, name)
            : new UnbufferedBlock(context, control, place, name);
          blocks.push(block);
          const fc = control.buffered ? "BR" : "RP";
          return { domain, node: nodeName(node), fc, served: blockAttributes(block, host.ied.edition) };
        }),
      ),
    ),
  );
  forgetOthers(host.reports, blocks);
  return {
    places,
    left: (asker) => {
      for (const block of blocks) block.left(asker);
    },
    close: () => {
      for (const block of blocks) block.close();
      watches.close();
    },
  };
};

/** "urcbInst01"; one that is not indexed has its own name. */
function instancesOf({ name, instances, indexed }: ReportControl): string[] {
  if (!indexed) return [name];
  return Array.from({ length: instances }, (_, k) => name + String(k + 1).padStart(2, "0"));
}

/** What the store has of blocks that are no more, or that are others now. */
function forgetOthers(store: ReportStore, blocks: readonly ReportBlock[]): void {
  const kept = new Set(
    blocks.flatMap((block) => (block instanceof BufferedBlock && block.isKept ? [block.reference] : [])),
  );
  const isKept = (reference: string): boolean => kept.has(reference) || kept.has(reference.replace(/\/[^/]*$/, ""));
  for (const prefix of [KEPT, STATES])
    for (const [key] of Array.from(store.entries(prefix))) if (!isKept(key.slice(prefix.length))) store.remove(key);
}
