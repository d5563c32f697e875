// SPDX-License-Identifier: Apache-2.0
#include "core/video.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

std::vector<double> EvenTimes(size_t count, double fps) {
  std::vector<double> times_s(count);
  for (size_t i = 0; i < count; ++i) times_s[i] = static_cast<double>(i) / fps;
  return times_s;
}

// Which source cells one output cell covers along an axis, and by how much.
struct Overlap {
  int first;
  std::vector<double> weights;  // sum to 1
};

std::vector<Overlap> AxisOverlaps(int source, int target) {
  std::vector<Overlap> overlaps(target);
  const double scale = static_cast<double>(source) / target;
  for (int i = 0; i < target; ++i) {
    const double low = i * scale;
    const double high = std::min<double>((i + 1) * scale, source);
    overlaps[i].first = static_cast<int>(low);
    for (int j = overlaps[i].first; j < high; ++j) {
      overlaps[i].weights.push_back((std::min<double>(j + 1, high) - std::max<double>(j, low)) /
                                    (high - low));
    }
  }
  return overlaps;
}

}  // namespace

Image::Image(int width, int height) : width(width), height(height) {
  PLUMB_CHECK(width > 0 && height > 0, "size {}x{}", width, height);
  rgb.assign(static_cast<size_t>(width) * height * 3, 0);
}

Video::Video(std::vector<Image> frames, double fps)
    : Video(std::move(frames), fps, std::vector<double>{}) {}

Video::Video(std::vector<Image> frames, double fps, std::vector<double> times_s)
    : frames_(std::move(frames)), fps_(fps), times_s_(std::move(times_s)) {
  PLUMB_CHECK(!frames_.empty(), "a video needs a frame");
  PLUMB_CHECK(std::isfinite(fps) && fps > 0, "fps {}", fps);
  if (times_s_.empty()) times_s_ = EvenTimes(frames_.size(), fps);
  PLUMB_CHECK(times_s_.size() == frames_.size(),
              "{} stamps for {} frames",
              times_s_.size(),
              frames_.size());
  for (size_t i = 0; i < frames_.size(); ++i) {
    PLUMB_CHECK(frames_[i].width == width() && frames_[i].height == height(),
                "frame {} is {}x{}",
                i,
                frames_[i].width,
                frames_[i].height);
    PLUMB_CHECK(i == 0 || times_s_[i] > times_s_[i - 1], "time stamp of frame {} does not rise", i);
  }
}

Video FirstFrames(const Video& video, int count) {
  PLUMB_CHECK(
      count >= 1 && count <= video.num_frames(), "{} of {} frames", count, video.num_frames());
  return {{video.frames().begin(), video.frames().begin() + count},
          video.fps(),
          {video.times_s().begin(), video.times_s().begin() + count}};
}

Image AreaResized(const Image& image, int width, int height) {
  PLUMB_CHECK(width <= image.width && height <= image.height,
              "{}x{} from {}x{} would enlarge",
              width,
              height,
              image.width,
              image.height);
  if (width == image.width && height == image.height) return image;
  const std::vector<Overlap> columns = AxisOverlaps(image.width, width);
  const std::vector<Overlap> rows = AxisOverlaps(image.height, height);
  Image result(width, height);
  std::vector<double> narrow(static_cast<size_t>(width) * image.height * 3, 0.0);
  // Along x.
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < width; ++x) {
      double* sum = &narrow[3 * (static_cast<size_t>(y) * width + x)];
      for (size_t k = 0; k < columns[x].weights.size(); ++k) {
        const uint8_t* source = image.Pixel(columns[x].first + static_cast<int>(k), y);
        for (int c = 0; c < 3; ++c) sum[c] += columns[x].weights[k] * source[c];
      }
    }
  }
  // Along y.
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (size_t k = 0; k < rows[y].weights.size(); ++k) {
          sum += rows[y].weights[k] * narrow[3 * ((rows[y].first + k) * width + x) + c];
        }
        result.Pixel(x, y)[c] = static_cast<uint8_t>(std::lround(std::clamp(sum, 0.0, 255.0)));
      }
    }
  }
  return result;
}

Video AreaResized(const Video& video, int width, int height) {
  if (width == video.width() && height == video.height()) return video;
  std::vector<Image> frames;
  frames.reserve(video.num_frames());
  for (const Image& frame : video.frames()) frames.push_back(AreaResized(frame, width, height));
  return {std::move(frames), video.fps(), video.times_s()};
}

std::vector<int> NearestFrames(std::span<const double> truth_times_s,
                               std::span<const double> sample_times_s) {
  PLUMB_CHECK(!sample_times_s.empty());
  std::vector<int> nearest;
  nearest.reserve(truth_times_s.size());
  for (const double time_s : truth_times_s) {
    const auto after = std::lower_bound(sample_times_s.begin(), sample_times_s.end(), time_s);
    int index = static_cast<int>(after - sample_times_s.begin());
    const bool past_end = after == sample_times_s.end();
    if (past_end || (index > 0 && time_s - sample_times_s[index - 1] <= *after - time_s)) --index;
    nearest.push_back(index);
  }
  return nearest;
}

}  // namespace plumb
