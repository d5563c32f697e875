// SPDX-License-Identifier: Apache-2.0
// The one clock of a cell page. While it plays, the sample's video leads and the other follows; while it stands, both
// show the middle of their frame. Without a video the clock runs on its own.
import {useEffect, useRef, useState} from 'preact/hooks';
import {clampFrame, frameAt, middleOf, partnerTime} from './clock.js';

export function useClock({frames, fps, master, follower, partner, start}) {
  const [frame, setFrame] = useState(() => clampFrame(start, frames));
  const [playing, setPlaying] = useState(false);
  const [loop, setLoop] = useState(true);
  const [speed, setSpeed] = useState(1);
  const time = useRef(middleOf(frame, fps));

  // Standing: put both videos on the frame.
  useEffect(() => {
    if (playing) return;
    time.current = middleOf(frame, fps);
    place(master.current, time.current);
    if (partner) place(follower.current, partnerTime(frame, fps, partner));
  }, [frame, playing, partner]);

  // Playing: read the clock once a picture of the screen.
  useEffect(() => {
    if (!playing) return undefined;
    const videos = [master.current, follower.current].filter(Boolean);
    for (const video of videos) {
      video.playbackRate = speed;
      video.play().catch(() => {});
    }
    let last = performance.now();
    let request = requestAnimationFrame(function tick(now) {
      const step = ((now - last) / 1000) * speed;
      last = now;
      advance(step);
      request = requestAnimationFrame(tick);
    });
    return () => {
      cancelAnimationFrame(request);
      for (const video of videos) video.pause();
    };
  }, [playing, speed, loop, frames, fps, partner]);

  function advance(step) {
    const video = master.current;
    const leads = video && !video.ended && video.readyState >= 2 && !video.paused;
    time.current = leads ? video.currentTime : time.current + step;
    if (video?.ended || time.current >= frames / fps) {
      if (!loop) {
        setPlaying(false);
        setFrame(frames - 1);
        return;
      }
      restart();
    }
    const now = frameAt(time.current, fps, frames);
    setFrame(now);
    follow(partner && follower.current, now);
  }

  function restart() {
    time.current = 0;
    for (const video of [master.current, follower.current]) {
      if (!video) continue;
      video.currentTime = 0;
      video.play().catch(() => {});
    }
  }

  // A follower that is off by more than a frame and a half is put right.
  function follow(video, now) {
    if (!video || video.seeking) return;
    const wanted = partnerTime(now, fps, partner);
    const end = partner.frames / partner.fps;
    if (Math.abs(video.currentTime - wanted) > 1.5 / Math.min(fps, partner.fps) && wanted < end) {
      video.currentTime = wanted;
      if (video.paused) video.play().catch(() => {});
    }
  }

  return {
    frame, playing, loop, speed, setSpeed,
    seek: (to) => {
      setPlaying(false);
      setFrame(clampFrame(to, frames));
    },
    toggle: () => {
      if (!playing && frame >= frames - 1) restart();
      setPlaying(!playing);
    },
    toggleLoop: () => setLoop((old) => !old),
  };
}

// Seeks, now or as soon as the video knows its length.
function place(video, time) {
  if (!video) return;
  if (video.readyState >= 1) {
    video.currentTime = time;
  } else {
    video.onloadedmetadata = () => { video.currentTime = time; };
  }
}
