// SPDX-License-Identifier: Apache-2.0
// Evidence drawn over the pictures, in pixels of the scored sample.

const tail = 12;  // frames of a track that stay visible

export const layersOf = (evidence) =>
  ['tracks', 'trajectories', 'boxes', 'events'].filter((layer) => evidence[layer]?.length);

// "M1,2L3,4" for the points of [frame, x, y] between two frames; a gap starts a new line.
export function pathOf(points, from, to) {
  let path = '';
  let last = null;
  for (const [frame, x, y] of points) {
    if (frame < from || frame > to) continue;
    path += `${last !== null && frame - last <= 1 ? 'L' : 'M'}${x},${y}`;
    last = frame;
  }
  return path;
}

export const pointAt = (points, frame) => points.find(([at]) => at === frame);

export function Overlay({side, frame, evidence, layers, width, height}) {
  const unit = Math.max(width, height) / 256;
  const on = (layer) => layers[layer] && evidence[layer]?.length;
  return (
    <svg class="overlay" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true"
      style={`--unit:${unit}px`}>
      {side === 'sample' && on('tracks') && <Tracks tracks={evidence.tracks} frame={frame} unit={unit} />}
      {on('trajectories') && evidence.trajectories.map((one) => (
        <Trajectory one={one} frame={frame} unit={unit} truthOnly={side === 'truth'} />
      ))}
      {side === 'sample' && on('boxes') && evidence.boxes.filter((box) => box.frame === frame)
        .map((box) => <Box box={box} unit={unit} />)}
      {side === 'sample' && on('events') && evidence.events.filter((event) => Math.abs(event.frame - frame) <= 1)
        .map((event, index) => <text class="event" x={4 * unit} y={(12 + 11 * index) * unit} font-size={9 * unit}>
          {event.kind} {event.body}</text>)}
    </svg>
  );
}

function Tracks({tracks, frame, unit}) {
  return tracks.map(({ok, points}) => {
    const now = pointAt(points, frame);
    if (!now) return null;
    return (
      <g class={ok ? 'track ok' : 'track broken'}>
        <path d={pathOf(points, frame - tail, frame)} />
        <circle cx={now[1]} cy={now[2]} r={1.3 * unit} />
      </g>
    );
  });
}

function Trajectory({one: {body, truth = [], sample = []}, frame, unit, truthOnly}) {
  const ends = [truth.length ? ['truth', truth] : null, !truthOnly && sample.length ? ['sample', sample] : null];
  return ends.filter(Boolean).map(([name, points]) => {
    const now = pointAt(points, frame);
    return (
      <g class={`trajectory ${name}`}>
        <path d={pathOf(points, -Infinity, Infinity)} />
        {now && <circle cx={now[1]} cy={now[2]} r={2.6 * unit}><title>{body}</title></circle>}
      </g>
    );
  });
}

function Box({box: {body, box, state}, unit}) {
  const [x, y, width, height] = box;
  return (
    <g class={`box ${state}`}>
      <rect x={x} y={y} width={width} height={height} />
      <text x={x} y={Math.max(7 * unit, y - 2 * unit)} font-size={7 * unit}>{body}{state !== 'visible' && ` · ${state.replaceAll('_', ' ')}`}</text>
    </g>
  );
}
