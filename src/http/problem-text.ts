// What a refusal is over HTTP: a status, and a text in both languages.

type ProblemStatus =
  | 400
  | 401
  | 403
  | 404
  | 409
  | 410
  | 412
  | 413
  | 415
  | 416
  | 422
  | 426
  | 429
  | 500
  | 503;

export interface Text {
  es: string;
  en: string;
}

export interface Problem extends Text {
  status: ProblemStatus;
}
