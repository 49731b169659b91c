// What each refusal about images and their delivery means over HTTP. Data only.

import type { RefusalCode } from "../shared/refusals.ts";
import type { Problem } from "./problem-text.ts";

type ImageCode = Extract<
  RefusalCode,
  | `image_${string}`
  | `images_${string}`
  | "direct_uploads_off"
  | "media_not_found"
  | "range_not_satisfiable"
>;

export const imageProblems: Record<ImageCode, Problem> = {
  image_format_unsupported: {
    status: 415,
    es: "El archivo (`format`) no es una imagen JPEG, PNG, WebP ni AVIF.",
    en: "The file (`format`) is no JPEG, PNG, WebP or AVIF image.",
  },
  image_unreadable: {
    status: 422,
    es: "La imagen está dañada, tiene movimiento o no se le pueden quitar los datos de quien la tomó (`reason`).",
    en: "The image is damaged, moves, or cannot be freed from its camera's notes (`reason`).",
  },
  image_too_large: {
    status: 422,
    es: "La imagen tiene demasiados píxeles; redúzcala.",
    en: "The image has too many pixels; scale it down.",
  },
  image_not_found: { status: 404, es: "La imagen no existe.", en: "The image does not exist." },
  images_too_many: {
    status: 409,
    es: "El evento ya tiene `max` imágenes; borre las que no use.",
    en: "The event has `max` images already; delete those not in use.",
  },
  image_upload_not_found: {
    status: 404,
    es: "Esa subida no existe.",
    en: "There is no such upload.",
  },
  image_upload_missing: {
    status: 409,
    es: "El archivo todavía no llegó; súbalo primero a la dirección que recibió.",
    en: "The file is not there yet; send it to the address you were given first.",
  },
  image_upload_expired: {
    status: 410,
    es: "El plazo para subir el archivo terminó; pida otra subida.",
    en: "The time to send the file is over; ask for another upload.",
  },
  direct_uploads_off: {
    status: 409,
    es: "Este servicio no recibe archivos directamente; súbalos con POST /v1/events/{id}/images.",
    en: "This service takes no direct uploads; send files with POST /v1/events/{id}/images.",
  },
  media_not_found: { status: 404, es: "El archivo no existe.", en: "The file does not exist." },
  range_not_satisfiable: {
    status: 416,
    es: "El archivo no tiene la parte que se pidió.",
    en: "The file does not have the part that was asked for.",
  },
};
