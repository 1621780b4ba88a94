// How numbers, days and instants are printed: one way everywhere. All days and instants are UTC.
const LOCALE = "en-GB";
const UTC = { timeZone: "UTC" };
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const DAY = new Intl.DateTimeFormat(LOCALE, { ...UTC, day: "numeric", month: "short", year: "numeric" });
const TIME = new Intl.DateTimeFormat(LOCALE, { ...UTC, hour: "2-digit", minute: "2-digit" });
export const NONE = "–";

export const number = (value, digits = 0) =>
  value === null || value === undefined || Number.isNaN(Number(value))
    ? NONE
    : digits
      ? Number(value).toLocaleString("en", { maximumFractionDigits: digits })
      : WHOLE.format(Number(value));

// As many digits in every row, so that a column can be compared.
export const fixed = (value, digits) =>
  value === null || value === undefined ? NONE : Number(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const count = (value, one, many = `${one}s`) => `${number(value)} ${Number(value) === 1 ? one : many}`;

export const percent = (share) => (share === null || share === undefined ? NONE : `${Math.round(Number(share) * 100)} %`);

const date = (text) => {
  const parsed = new Date(text);
  return text && !Number.isNaN(parsed.getTime()) ? parsed : null;
};
export const day = (text) => (date(text) ? DAY.format(date(text)) : NONE);
export const instant = (text) => (date(text) ? `${DAY.format(date(text))}, ${TIME.format(date(text))}` : NONE);

export const lag = (minutes) => {
  if (minutes === null || minutes === undefined) return NONE;
  const whole = Math.round(Number(minutes));
  if (whole === 0) return "0 min";
  if (Math.abs(whole) < 60) return `${whole} min`;
  if (Math.abs(whole) < 48 * 60) return `${number(whole / 60, 1)} h`;
  return `${number(whole / 1440, 1)} days`;
};

export const shiftedDay = (text, days) => {
  const moved = date(text);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};

// Words cut to fit a plot's label; the whole stands in its tooltip.
export const short = (text, length = 30) => {
  const points = Array.from(String(text ?? ""));
  return points.length > length ? `${points.slice(0, length - 1).join("").trimEnd()}…` : points.join("");
};
