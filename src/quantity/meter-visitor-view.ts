/** Who somebody is to a meter, as the site tells it. */
export interface MeterVisitorView {
  readonly name: string;
  /** Null of who shows no session with it. */
  readonly user: string | null;
  /** After which a session ends in which nothing is asked for; null of a meter without users. */
  readonly minutes: number | null;
  /** Its readings are shown to its users only. */
  readonly usersOnly: boolean;
  /** Places (quantity/authority.ts) that he may read. */
  readonly reads: readonly string[];
  /** Commands of people that he may give now. */
  readonly does: readonly string[];
  /** Why the meter's readings are not shown to him; null where they are. */
  readonly closed: "session" | "privilege" | null;
}
