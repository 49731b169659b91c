// A moment as the clocks on the wall show it somewhere, with how far they are from UTC.

/** Such as `2031-03-19T20:00:00-05:00`. `timeZone` is an IANA name. */
export function localTime(moment: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const [year, month, day] = [parts.get("year"), parts.get("month"), parts.get("day")];
  const [hour, minute, second] = [parts.get("hour"), parts.get("minute"), parts.get("second")];
  // Of UTC itself some engines say `GMT` alone.
  const offset = parts.get("timeZoneName")?.replace("GMT", "") ?? "";
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset === "" ? "+00:00" : offset}`;
}
