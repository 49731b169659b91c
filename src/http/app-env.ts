// What a request carries through the middleware. Types only.

import type { Counted } from "../ports/rate-limits.ts";
import type { Dependencies } from "../services/dependencies.ts";
import type { Refusal } from "../shared/refusals.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    publicBaseUrl: string;
    dependencies: Dependencies;
    /** Whose private data the answer may hold, once a session was accepted. */
    sessionProfileId?: string;
    /** By which limits the request was counted. */
    counted?: readonly Counted[];
    /** What it was refused with. */
    refused?: Refusal;
  };
}
