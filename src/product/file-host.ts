/** A device whose files its users fetch over SSH. */
import type { FileDoor } from "#quantity/file-visitor.ts";

export interface FileHost extends FileDoor {
  /** The private key by which the server is known, made at first need. Throws an Error with why there is none. */
  hostKey(): string;
}
