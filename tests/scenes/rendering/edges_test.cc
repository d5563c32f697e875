// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "scenes/rendering/internal_edges.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;

// A picture of `width` x 4 pixels of one flat body that faces up.
std::vector<SurfaceSample> Even(int width) {
  SurfaceSample sample;
  sample.body = 0;
  sample.normal = {0, 0, 1};
  return std::vector<SurfaceSample>(4 * width, sample);
}

TEST(EdgesTest, AnEvenPictureHasNone) {
  EXPECT_TRUE(EdgePixels(Even(6), 6).empty());
  EXPECT_TRUE(EdgePixels(std::vector<SurfaceSample>(12), 4).empty());
}

TEST(EdgesTest, BothSidesOfABorderAreEdges) {
  std::vector<SurfaceSample> samples = Even(6);
  for (int y = 0; y < 4; ++y) samples[6 * y + 3].body = samples[6 * y + 4].body = 1;
  EXPECT_THAT(EdgePixels(samples, 6),
              ElementsAre(2, 3, 4, 5, 8, 9, 10, 11, 14, 15, 16, 17, 20, 21, 22, 23));
}

TEST(EdgesTest, ALonePixelMarksItselfAndItsFourNeighbours) {
  std::vector<SurfaceSample> samples = Even(5);
  samples[5 * 1 + 2].body = 1;
  EXPECT_THAT(EdgePixels(samples, 5), ElementsAre(2, 6, 7, 8, 12));
}

TEST(EdgesTest, ATurnOfTheSameBodyIsAnEdgeFromEighteenDegreesOn) {
  for (const float cosine : {0.94f, 0.96f}) {
    std::vector<SurfaceSample> samples = Even(4);
    samples[15].normal = {std::sqrt(1 - cosine * cosine), 0, cosine};
    EXPECT_EQ(EdgePixels(samples, 4).empty(), cosine > 0.95f);
  }
}

TEST(EdgesTest, NothingBesideABodyIsAnEdge) {
  std::vector<SurfaceSample> samples = Even(4);
  samples[0] = SurfaceSample();
  EXPECT_THAT(EdgePixels(samples, 4), ElementsAre(0, 1, 4));
}

TEST(EdgesTest, TheFourLooksAreARooksPattern) {
  std::set<int> columns, rows;
  int sum_x = 0, sum_y = 0;
  for (const auto& [dx, dy] : kEdgePoints) {
    columns.insert(dx);
    rows.insert(dy);
    sum_x += dx;
    sum_y += dy;
    EXPECT_LT(std::abs(dx), 4);
    EXPECT_LT(std::abs(dy), 4);
  }
  EXPECT_EQ(columns.size(), 4u);
  EXPECT_EQ(rows.size(), 4u);
  EXPECT_EQ(sum_x, 0);
  EXPECT_EQ(sum_y, 0);
}

TEST(EdgesTest, OpennessComesFromTheNeighbourOnTheSameBody) {
  std::vector<SurfaceSample> samples = Even(4);
  std::vector<Openness> open(samples.size());
  samples[4 * 1 + 2].body = 1;
  open[4 * 1 + 2] = {0.25f, 0.5f};
  SurfaceSample look = samples[4 * 1 + 2];
  // Seen from inside of pixel (1, 1), whose own centre shows body 0.
  EXPECT_EQ(OpennessNear(look, {samples, open, 4}, 1, 1).light, 0.25f);
  EXPECT_EQ(OpennessNear(look, {samples, open, 4}, 1, 1).sky, 0.5f);
  // A body that no neighbour shows takes the pixel's own.
  look.body = 7;
  open[4 * 1 + 1] = {0.75f, 1};
  EXPECT_EQ(OpennessNear(look, {samples, open, 4}, 1, 1).light, 0.75f);
}

TEST(EdgesTest, AmongEqualsThePixelItselfAndElseTheBestTurnWins) {
  std::vector<SurfaceSample> samples = Even(4);
  std::vector<Openness> open(samples.size());
  open[5] = {0.5f, 1};
  EXPECT_EQ(OpennessNear(samples[5], {samples, open, 4}, 1, 1).light, 0.5f);
  // A neighbour that is turned as the look is, better than the pixel's own centre.
  samples[6].normal = {1, 0, 0};
  open[6] = {0.1f, 1};
  EXPECT_EQ(OpennessNear(samples[6], {samples, open, 4}, 1, 1).light, 0.1f);
}

TEST(EdgesTest, CornersOfThePictureStayInside) {
  const std::vector<SurfaceSample> samples = Even(4);
  const std::vector<Openness> open(samples.size(), {0.5f, 0.5f});
  for (const int x : {0, 3}) {
    for (const int y : {0, 3}) {
      EXPECT_EQ(OpennessNear(samples[0], {samples, open, 4}, x, y).light, 0.5f);
    }
  }
}

}  // namespace
}  // namespace plumb
