/** An unbuffered report control block (URCB, IEC 61850-7-2, 17.2.4): what its client does not take now, it never gets. */
import type { NamedSet } from "./data-sets.ts";
import { ONLY_BUFFERED } from "./report-bits.ts";
import { ReportBlock } from "./report-block.ts";
import type { EntryKind } from "./report-buffer.ts";
import { tellReport, type ReportHead } from "./report-pdu.ts";
import type { MemberOctets } from "./report-watch.ts";

export class UnbufferedBlock extends ReportBlock {
  protected isBuffered(): boolean {
    return false;
  }

  protected taken(): void {}

  protected changed(): void {}

  protected prepare(set: NamedSet): void {
    this.source.start(set, this.settings);
  }

  protected begin(): void {}

  protected disabled(): void {
    this.source.stop();
  }

  protected override head(utc: number): ReportHead {
    const head = super.head(utc);
    return { ...head, fields: head.fields & ~ONLY_BUFFERED };
  }

  protected tell(_kind: EntryKind, reasons: Uint8Array, octets: MemberOctets, utc: number): void {
    const { asker, set } = this;
    if (asker === undefined || set === undefined) return;
    // A report that is lost takes its number with it: the client sees the gap.
    if (this.isTaking(asker)) tellReport(asker, set, this.head(utc), reasons, octets);
    this.sequence = (this.sequence + 1) % SEQUENCES;
  }
}

/** SqNum is INT8U. */
const SEQUENCES = 0x100;
