// SPDX-License-Identifier: Apache-2.0
import {useEffect, useRef} from 'preact/hooks';
import {middleOf} from './clock.js';
import {report, videoUrl} from './data.js';

// One frame of a video, with something drawn over it.
export function Still({video, frame, fps, aspect, children}) {
  const picture = useRef();
  const about = video === null ? null : report.videos[video];
  useEffect(() => {
    const element = picture.current;
    if (!element) return;
    const seek = () => { element.currentTime = middleOf(frame, about.fps || fps); };
    if (element.readyState >= 1) seek();
    else element.onloadedmetadata = seek;
  }, [frame, video]);
  return (
    <div class="picture still" style={`aspect-ratio:${aspect}`}>
      {about && <video ref={picture} src={videoUrl(video)} muted playsInline preload="auto" tabIndex={-1} aria-hidden="true" />}
      {children}
    </div>
  );
}
