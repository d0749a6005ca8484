/** A month of the Gregorian calendar: months since 0000-01. */
export type MonthNumber = number;

const DAYS_IN_ERA = 146_097;
const YEARS_IN_ERA = 400;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_EPOCH = 719_468;

/**
 * The month in which a day lies; days since 1970-01-01 UTC. Years run from March, so that the leap
 * day is the last of its year (http://howardhinnant.github.io/date_algorithms.html, civil_from_days).
 */
export const monthOfDay = (epochDay: number): MonthNumber => {
  const day = epochDay + DAYS_TO_EPOCH;
  const era = Math.floor(day / DAYS_IN_ERA);
  const dayOfEra = day - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return (era * YEARS_IN_ERA + yearOfEra) * 12 + monthFromMarch + 2;
};

/** The first day of a month, days since 1970-01-01 UTC (days_from_civil of the same source). */
export const firstDayOfMonth = (month: MonthNumber): number => {
  const fromMarch = month - 2;
  const year = Math.floor(fromMarch / 12);
  const monthFromMarch = fromMarch - year * 12;
  const era = Math.floor(year / YEARS_IN_ERA);
  const yearOfEra = year - era * YEARS_IN_ERA;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5);
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - DAYS_TO_EPOCH;
};
