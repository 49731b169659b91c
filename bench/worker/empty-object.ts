import { DurableObject } from "cloudflare:workers";
export class EmptyObject extends DurableObject {
  empty(): null { return null; }
}
