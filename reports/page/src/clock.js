// SPDX-License-Identifier: Apache-2.0
// Frames and seconds of videos that run on one clock. The sample's frames are the clock's ticks.

export const speeds = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4];

export const clampFrame = (frame, frames) => Math.min(Math.max(0, frame), Math.max(0, frames - 1));

// The frame that is shown at a time.
export const frameAt = (time, fps, frames) => clampFrame(Math.floor(time * fps + 1e-6), frames);

// The middle of a frame: the safest moment to seek to.
export const middleOf = (frame, fps) => (frame + 0.5) / fps;

// Where another video must stand while the clock shows `frame`: the middle of its nearest frame in time.
export function partnerTime(frame, fps, partner) {
  const nearest = clampFrame(Math.round((frame / fps) * partner.fps), partner.frames);
  return middleOf(nearest, partner.fps);
}

// The next speed up (+1) or down (−1).
export function stepSpeed(speed, by) {
  const index = speeds.indexOf(speed) + by;
  return speeds[Math.min(Math.max(0, index), speeds.length - 1)];
}
