// What a request carries through the middleware. Types only.

import type { Dependencies } from "../services/dependencies.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    publicBaseUrl: string;
    dependencies: Dependencies;
  };
}
