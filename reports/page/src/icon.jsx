// SPDX-License-Identifier: Apache-2.0
// Line drawings on a 16 × 16 grid.
const paths = {
  plumb: 'M8 1v5M4.5 6h7L8 15z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  light: 'M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M3 13l1.4-1.4M11.6 4.4L13 3',
  dark: 'M13 10A6 6 0 016 3a6 6 0 107 7z',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  back: 'M10 3L5 8l5 5',
  forward: 'M6 3l5 5-5 5',
  first: 'M4 3v10M12 3L7 8l5 5',
  last: 'M12 3v10M4 3l5 5-5 5',
  loop: 'M3 8a5 5 0 018.5-3.5L13 6M13 2v4H9M13 8a5 5 0 01-8.5 3.5L3 10M3 14v-4h4',
  worst: 'M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.5',
};

export function Icon({name}) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
