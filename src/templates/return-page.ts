// The page a payer's browser lands on after the gateway's checkout when there is no storefront. Says what happens
// next, in Spanish and English; knows nothing of the payment, since the way back proves nothing.

export function renderReturnPage(): string {
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>WaRo Tickets</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f1ea; color: #1d1b16;
         font: 18px/1.5 system-ui, sans-serif; }
  main { max-width: 30rem; margin: 1.5rem; padding: 2rem; background: #fff; border-radius: 1rem; }
  h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
  p[lang=en] { color: #5d5748; font-size: 1rem; }
</style>
</head>
<body>
<main>
<h1>Gracias</h1>
<p>Estamos confirmando su pago con la pasarela. Si fue aprobado, las boletas llegan a su correo en unos minutos.
Ya puede cerrar esta página.</p>
<p lang="en">We are confirming your payment with the gateway. If it was approved, your tickets will reach your inbox in a
few minutes. You may close this page.</p>
</main>
</body>
</html>
`;
}
