// SPDX-License-Identifier: Apache-2.0
// Numbers and names as the tables show them; the same rule as FormatNumber in reports/text.cc.

const decimalsOf = (value) => {
  const size = Math.abs(value);
  return size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
};

export function formatNumber(value) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.0005) return value.toExponential(1);
  if (size >= 1e7) return value.toExponential(3);
  return value.toFixed(decimalsOf(value));
}

// "±0.012": the larger half of an interval, with the decimals of the value.
export function formatHalf(value, low, high) {
  const half = Math.max(value - low, high - value);
  return `±${half.toFixed(decimalsOf(value))}`;
}

// How many first characters, up to a slash, all names share.
export function commonFolder(names) {
  if (names.length === 0) return 0;
  let length = names[0].lastIndexOf('/') + 1;
  for (const name of names) {
    while (length > 0 && !name.startsWith(names[0].slice(0, length))) {
      length = names[0].slice(0, length - 1).lastIndexOf('/') + 1;
    }
  }
  return length;
}

export const signed = (value) => (value > 0 ? `+${formatNumber(value)}` : formatNumber(value).replace('-', '−'));
export const readable = (code) => code.replaceAll('_', ' ');
export const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
export const unitText = (unit) => (unit === '1' || unit === 'share' ? '' : unit);

// '' for a plain value, which another score judges.
export const directionText = ({better}) => (better === null ? '' : `${better} is better`);

// 0 bad … 1 good, or null for a plain value and where the scale has no ends.
export function goodness(score, value, range) {
  if (score.better === null) return null;
  let share = value;
  if (!isBounded(score)) {
    if (!range || !(range[1] > range[0])) return null;
    share = (value - range[0]) / (range[1] - range[0]);
  }
  share = Math.min(1, Math.max(0, share));
  return score.better === 'higher' ? share : 1 - share;
}

// Scores that lie in 0–1 by their nature.
export const isBounded = (score) => score.headline || score.unit === 'share';

// A background that grows bluer towards good and more orange towards bad, plain in the middle.
export function tint(share) {
  if (share === null) return undefined;
  const strength = Math.round(4 + 48 * Math.abs(share - 0.5));
  return `--tone:var(--${share >= 0.5 ? 'good' : 'bad'});--strength:${strength}%`;
}

// A long name in pieces between which a line may break.
export const pieces = (name) => name.split(/(?<=[:=/,_-]|[a-z]\.)/);
