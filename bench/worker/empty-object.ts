// The least a Durable Object can do: what every hold is measured against.

import { DurableObject } from "cloudflare:workers";

export class EmptyObject extends DurableObject {
  empty(): null {
    return null;
  }
}
