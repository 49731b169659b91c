// The product's own Worker with the bench's reference routes beside it, in one bundle. Requests below /bench/ are the
// bench's, all others go to the product untouched.

import production from "../../src/index.ts";
import { createReferenceApp } from "./reference-app.ts";

export { AreaInventory } from "../../src/index.ts";
export { EmptyObject } from "./empty-object.ts";

const reference = createReferenceApp();

export default {
  ...production,
  fetch(request: Request, env: unknown, context: ExecutionContext) {
    return request.url.includes("/bench/") ? reference.fetch(request, env, context) : production.fetch(request, env, context);
  },
};
