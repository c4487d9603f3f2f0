/** APDUs that nobody asked for, by their tags (Green Book 9.5): an answer is none of them. */
import { apduTags } from "./apdu-tags.ts";

const tags: ReadonlySet<number> = new Set([
  apduTags["data-notification"],
  apduTags["event-notification-request"],
  0xca, // glo-event-notification-request
  0xd2, // ded-event-notification-request
]);

export function isNotification(apdu: Uint8Array): boolean {
  const [tag] = apdu;
  return tag !== undefined && tags.has(tag);
}
