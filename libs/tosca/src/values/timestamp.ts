const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,20})?([Zz]|[-+]\d{2}:\d{2})?$/;
/** As YAML 1.1 writes them: single digits, white space before the time and the zone, a zone of hours alone. */
const YAML =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(\.\d{0,20})?[ \t]*([Zz]|[-+]\d{1,2}(?::?\d{2})?)?$/;

/**
 * Milliseconds since 1970 of a timestamp, or undefined where the text is none. 2.0 takes RFC 3339, 1.x the looser forms
 * of YAML as well. Without a zone it is UTC.
 */
export function readTimestamp(text: string, looser: boolean): number | undefined {
  const match = DATE.exec(text) ?? RFC_3339.exec(text) ?? (looser ? YAML.exec(text) : null);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    zone = '',
  ] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // A leap second is a valid second.
  if (mo < 1 || mo > 12 || d < 1 || d > daysOf(y, mo) || h > 23 || mi > 59 || s > 60) return undefined;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  const milliseconds = fraction === '' ? 0 : Number(`0${fraction}`) * 1000;
  const at = new Date(0);
  // Not Date.UTC, which takes the year 50 for 1950.
  at.setUTCFullYear(y, mo - 1, d);
  return at.getTime() + ((h * 60 + mi - offset) * 60 + s) * 1000 + milliseconds;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === '' || zone === 'Z' || zone === 'z') return 0;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
