/** Fewer characters than this are masked nowhere: they would be found in every second word. */
export const fewest = 4;

/** A line of a secret of several lines counts by itself from this length on; shorter ones are too common (`}`, `true`). */
const fewestInLine = 8;

/**
 * The ways in which a secret may turn up in text, the longest first: as it is; each of its lines, as a diff shows them; as a
 * string of JSON; quoted for sh; percent-encoded; in hexadecimal digits; and in base64,
 * alone or somewhere within a longer text.
 */
export function formsOf(secret: string): readonly string[] {
  const whole = [secret, secret.replaceAll('\n', '\r\n')];
  const lines = secret.split(/\r?\n/);
  const alone = lines.length > 1 ? lines.map((line) => line.trim()).filter(isTelling) : [];
  const written = [secret, ...alone].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replaceAll("'", String.raw`'\''`),
    ...percentEncoded(text),
  ]);
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const encoded = [hex, hex.toUpperCase(), ...base64Cores(bytes)];
  const all = new Set([...whole, ...written, ...encoded].filter((form) => form.length >= fewest && /[^*]/.test(form)));
  return [...all].sort((a, b) => b.length - a.length);
}

/** Whether a line tells something: the frame of a PEM file does not. */
function isTelling(line: string): boolean {
  return line.length >= fewestInLine && !/^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/.test(line);
}

/** As URLs and forms have it; some encode more than they must, and some in lower case. */
function percentEncoded(text: string): string[] {
  if (/\p{Surrogate}/u.test(text)) return [];
  const usual = encodeURIComponent(text);
  const strict = usual.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [usual, strict].flatMap((form) => [
    form,
    form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    form.replaceAll('%20', '+'),
  ]);
}

/**
 * What base64 makes of bytes wherever they stand in a text: at each of the three positions in a group of three bytes, without
 * the signs that hold bits of the neighbours.
 */
function base64Cores(bytes: Buffer): string[] {
  if (bytes.length < fewest) return [];
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const core = text.slice(Math.ceil((before * 8) / 6), whole);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
