// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/motion_class.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

MotionEvidence Classify(const CameraPathOf& path, double noise_px = 0.1, int frames = 24) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  options.frames = frames;
  return ClassifyMotion(MakeSyntheticTracks(path, options).set, {});
}

TEST(MotionClassTest, StandingStillIsStatic) {
  const MotionEvidence evidence = Classify(StillPath());
  EXPECT_EQ(evidence.motion_class, MotionClass::kStatic);
  ASSERT_TRUE(evidence.reason.has_value());
  EXPECT_EQ(evidence.reason->code, ReasonCode::kNoCameraMotion);
}

TEST(MotionClassTest, TurningIsRotation) {
  for (const double noise_px : {0.0, 0.1, 0.4}) {
    const MotionEvidence evidence = Classify(YawPath(0.8), noise_px);
    EXPECT_EQ(evidence.motion_class, MotionClass::kRotation) << noise_px;
    EXPECT_FALSE(evidence.reason.has_value());
    EXPECT_LT(evidence.parallax_units, 1.5);
  }
}

TEST(MotionClassTest, TurningThereAndBackIsStillRotation) {
  const CameraPathOf yaw = YawPath(0.8);
  const MotionEvidence evidence =
      Classify([yaw](double share) { return yaw(share < 0.5 ? 2.0 * share : 2.0 - 2.0 * share); });
  EXPECT_EQ(evidence.motion_class, MotionClass::kRotation);
}

TEST(MotionClassTest, TravellingIsParallax) {
  for (const double sweep_rad : {0.3, 0.7, -0.7}) {
    const MotionEvidence evidence = Classify(ArcPath(sweep_rad));
    EXPECT_EQ(evidence.motion_class, MotionClass::kParallax) << sweep_rad;
    EXPECT_GT(evidence.parallax_units, evidence.epipolar_units);
  }
}

TEST(MotionClassTest, TooFewFramesSaySo) {
  const MotionEvidence evidence = Classify(ArcPath(0.2), 0.1, 4);
  EXPECT_EQ(evidence.motion_class, MotionClass::kUnknown);
  EXPECT_EQ(evidence.reason->code, ReasonCode::kTooFewFrames);
}

TEST(MotionClassTest, EmptyPicturesLackTexture) {
  TrackSet set;
  set.width = set.height = 256;
  for (int i = 0; i < 10; ++i) set.frames.push_back(i);
  set.transitions.resize(10);
  EXPECT_EQ(ClassifyMotion(set, {}).reason->code, ReasonCode::kTooLittleTexture);
}

// Two clips one after the other; nothing is followed across.
TrackSet Spliced() {
  const SyntheticTracks a = MakeSyntheticTracks(ArcPath(0.3), {});
  TrackSet set = a.set;
  const int count = set.num_frames();
  for (Track track : a.set.tracks) {
    track.first_frame += count;
    set.tracks.push_back(std::move(track));
  }
  for (int i = 0; i < count; ++i) set.frames.push_back(count + i);
  set.transitions.insert(set.transitions.end(), a.set.transitions.begin(), a.set.transitions.end());
  set.transitions[count] = {a.set.transitions[count - 1].survivors, 3, 40.0};
  return set;
}

TEST(MotionClassTest, CutIsFoundAtItsFrame) {
  const MotionEvidence evidence = ClassifyMotion(Spliced(), {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kCut);
  ASSERT_EQ(evidence.cuts.size(), 1u);
  EXPECT_EQ(evidence.cuts.front(), 24);
  EXPECT_EQ(evidence.reason->code, ReasonCode::kShotCut);
  EXPECT_NE(evidence.reason->text.find("frame 24"), std::string::npos) << evidence.reason->text;
}

TEST(MotionClassTest, PicturesThatDoNotContinueEachOther) {
  TrackSet set = MakeSyntheticTracks(ArcPath(0.3), {}).set;
  for (Transition& transition : set.transitions) transition.survivors = transition.before / 10;
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kUnknown);
  EXPECT_EQ(evidence.reason->code, ReasonCode::kTooFewTracks);
}

TEST(MotionClassTest, ABlockedViewSplitsTheClipAndIsNoCut) {
  TrackSet set = Spliced();
  // Something comes near for three frames: the tracks end one after the other.
  set.transitions[22].survivors = set.transitions[22].before / 3;
  set.transitions[23] = {set.transitions[22].survivors, 20, 30.0};
  set.transitions[24] = {20, 0, 30.0};
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_TRUE(evidence.cuts.empty());
  EXPECT_EQ(evidence.segments.size(), 2u);
}

TEST(MotionClassTest, KeyframesSpanTheirSegmentsInOrder) {
  MotionOptions options;
  options.max_keyframes = 4;
  const MotionEvidence evidence =
      ClassifyMotion(MakeSyntheticTracks(ArcPath(0.9), {}).set, options);
  ASSERT_EQ(evidence.keyframes.size(), evidence.segments.size());
  EXPECT_GT(evidence.segments.size(), 1u);
  int next = 0;
  for (size_t i = 0; i < evidence.segments.size(); ++i) {
    EXPECT_EQ(evidence.segments[i].first, next);
    EXPECT_EQ(evidence.keyframes[i].front(), evidence.segments[i].first);
    EXPECT_EQ(evidence.keyframes[i].back(), evidence.segments[i].last);
    EXPECT_TRUE(std::is_sorted(evidence.keyframes[i].begin(), evidence.keyframes[i].end()));
    next = evidence.segments[i].last + 1;
  }
  EXPECT_EQ(next, 24);
}

TEST(MotionClassTest, EvidenceIsFiniteJson) {
  const Json json = ToJson(Classify(ArcPath(0.7)));
  for (const auto& [key, value] : json.items()) {
    EXPECT_TRUE(value.is_number() && std::isfinite(value.get<double>())) << key;
  }
}

TEST(MotionClassTest, OptionsOutOfRangeAreRefused) {
  MotionOptions options;
  options.min_frames = 1;
  EXPECT_THROW(options.Validate(), CheckFailure);
}

}  // namespace
}  // namespace plumb
