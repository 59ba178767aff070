/**
 * The date that templates which ask for one get. Always the same: counts of a detection that goes on tomorrow, and an
 * answer that is repeated with its seed, must come from the same text. It is a Saturday, as in OpenAI's examples of the
 * Harmony format.
 */
const DATE = { year: 2025, month: 6, day: 28, weekday: 'Saturday', monthName: 'June', dayOfYear: 179 };

/** Python's strftime of that day at midnight, for the directives that chat templates use; others stay as they are. */
export function strftime(format: unknown): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const { year, month, day, weekday, monthName, dayOfYear } = DATE;
  const parts: Record<string, string> = {
    Y: String(year),
    y: two(year % 100),
    m: two(month),
    B: monthName,
    b: monthName.slice(0, 3),
    d: two(day),
    j: String(dayOfYear),
    A: weekday,
    a: weekday.slice(0, 3),
    H: '00',
    I: '12',
    p: 'AM',
    M: '00',
    S: '00',
    Z: 'UTC',
    '%': '%',
  };
  return String(format).replace(/%(-?)([A-Za-z%])/g, (whole, minus: string, directive: string) => {
    const part = parts[directive];
    if (part === undefined) return whole;
    return minus === '' ? part : part.replace(/^0(?=\d)/, '');
  });
}
