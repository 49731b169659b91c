// What a request carries through the middleware. Types only.

import type { Dependencies } from "../services/dependencies.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    publicBaseUrl: string;
    dependencies: Dependencies;
    /** Whose private data the answer may hold, once a session was accepted. */
    sessionProfileId?: string;
  };
}
