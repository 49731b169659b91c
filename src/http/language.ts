// In which of the two languages somebody is answered.

/** By Accept-Language: Spanish unless the client ranks English above it. */
export function preferredLanguage(acceptLanguage: string | undefined): "es" | "en" {
  const ranked = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality] = part.trim().split(";q=");
      return {
        language: tag.slice(0, 2).toLowerCase(),
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .filter(({ language, quality }) => (language === "en" || language === "es") && quality > 0)
    .toSorted((left, right) => right.quality - left.quality);
  return ranked[0]?.language === "en" ? "en" : "es";
}
