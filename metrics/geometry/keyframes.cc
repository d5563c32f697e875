// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/keyframes.h"

#include <algorithm>

#include "metrics/geometry/continuity.h"
#include "metrics/pairing.h"

namespace plumb {

constexpr int kFewestKeyframes = 10;  // two or three leave the focal length open

std::vector<int> ChooseKeyframes(const TrackSet& set,
                                 const Segment& segment,
                                 const MotionOptions& options) {
  std::vector<int> keyframes = {segment.first};
  for (int frame = segment.first + 1; frame <= segment.last; ++frame) {
    const int from = keyframes.back();
    const std::optional<double> motion = MedianMotion(set, from, frame, options.min_tracks);
    const size_t common = CommonTracks(set, from, frame).size();
    const size_t all = CommonTracks(set, from, std::min(from + 1, segment.last)).size();
    const bool far = !motion || *motion > options.keyframe_units || common < all / 2;
    if (far || frame == segment.last) keyframes.push_back(frame);
  }
  return keyframes;
}

KeyframedParts CutIntoParts(const TrackSet& set,
                            const std::vector<Segment>& segments,
                            const MotionOptions& options) {
  KeyframedParts cut;
  for (const Segment& segment : segments) {
    std::vector<int> keyframes = ChooseKeyframes(set, segment, options);
    if (keyframes.size() < kFewestKeyframes && segment.size() >= 2 * kFewestKeyframes) {
      keyframes = EvenlyChosen(segment.size(), kFewestKeyframes);
      for (int& frame : keyframes) frame += segment.first;
    }
    const int count = static_cast<int>(keyframes.size());
    const int pieces = (count + options.max_keyframes - 1) / options.max_keyframes;
    for (int piece = 0; piece < pieces; ++piece) {
      const int from = piece * count / pieces;
      const int to = (piece + 1) * count / pieces;  // the next part's first keyframe
      std::vector<int> part(keyframes.begin() + from, keyframes.begin() + to);
      const int last = to < count ? keyframes[to] - 1 : segment.last;
      if (part.back() != last) part.push_back(last);
      cut.parts.push_back({part.front(), last});
      cut.keyframes.push_back(std::move(part));
    }
  }
  return cut;
}

std::vector<std::pair<int, int>> LongPairs(const TrackSet& set,
                                           const std::vector<std::vector<int>>& keyframes,
                                           int min_tracks) {
  std::vector<std::pair<int, int>> pairs;
  for (const std::vector<int>& frames : keyframes) {
    for (size_t a = 0; a < frames.size(); ++a) {
      double most = 0.0;
      int partner = 0;
      for (size_t b = a + 1; b < frames.size(); ++b) {
        const int common = static_cast<int>(CommonTracks(set, frames[a], frames[b]).size());
        if (common < min_tracks) continue;
        const double told = common * MedianMotion(set, frames[a], frames[b], min_tracks).value();
        if (told <= most) continue;
        most = told;
        partner = frames[b];
      }
      if (most > 0.0) pairs.emplace_back(frames[a], partner);
    }
  }
  return pairs;
}

}  // namespace plumb
