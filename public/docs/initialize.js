// Starts Swagger UI on this API's own document. A file of its own, because the page's policy allows no inline scripts.
window.SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
