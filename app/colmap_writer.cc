// SPDX-License-Identifier: Apache-2.0
#include "app/colmap_writer.h"

#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace plumb {
namespace {

static_assert(std::endian::native == std::endian::little, "COLMAP's files are little endian");

constexpr uint32_t kCameraId = 1;
constexpr int32_t kPinhole = 1;  // fx, fy, cx, cy

class ByteWriter {
 public:
  template <typename Value>
  void Put(Value value) {
    char bytes[sizeof(Value)];
    std::memcpy(bytes, &value, sizeof(Value));
    bytes_.append(bytes, sizeof(Value));
  }
  void PutName(const std::string& name) { bytes_.append(name.c_str(), name.size() + 1); }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

std::string CamerasBin(const Intrinsics& intrinsics) {
  ByteWriter out;
  out.Put<uint64_t>(1);
  out.Put<uint32_t>(kCameraId);
  out.Put<int32_t>(kPinhole);
  out.Put<uint64_t>(intrinsics.width);
  out.Put<uint64_t>(intrinsics.height);
  for (const double parameter :
       {intrinsics.fx_px, intrinsics.fy_px, intrinsics.cx_px, intrinsics.cy_px}) {
    out.Put<double>(parameter);
  }
  return out.Take();
}

std::string ImagesBin(const ReconstructedWorld& world) {
  ByteWriter out;
  out.Put<uint64_t>(world.frames.size());
  uint32_t image_id = 0;
  for (const ReconstructedFrame& frame : world.frames) {
    out.Put<uint32_t>(++image_id);
    const Eigen::Quaterniond& turn = frame.camera_from_world.rotation;
    for (const double value : {turn.w(), turn.x(), turn.y(), turn.z()}) out.Put<double>(value);
    for (const double value : frame.camera_from_world.translation) out.Put<double>(value);
    out.Put<uint32_t>(kCameraId);
    out.PutName(FrameFileName(frame.frame));
    out.Put<uint64_t>(frame.views.size());
    for (const PointView& view : frame.views) {
      out.Put<double>(view.seen_px.x());
      out.Put<double>(view.seen_px.y());
      out.Put<uint64_t>(static_cast<uint64_t>(view.point) + 1);
    }
  }
  return out.Take();
}

// Of each point, in which image and at which place there it is seen.
std::vector<std::vector<std::pair<uint32_t, uint32_t>>> Tracks(const ReconstructedWorld& world) {
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> tracks(world.points.size());
  uint32_t image_id = 0;
  for (const ReconstructedFrame& frame : world.frames) {
    ++image_id;
    uint32_t place = 0;
    for (const PointView& view : frame.views) tracks[view.point].emplace_back(image_id, place++);
  }
  return tracks;
}

std::string PointsBin(const ReconstructedWorld& world) {
  const auto tracks = Tracks(world);
  ByteWriter out;
  out.Put<uint64_t>(world.points.size());
  for (size_t i = 0; i < world.points.size(); ++i) {
    const ReconstructedPoint& point = world.points[i];
    out.Put<uint64_t>(i + 1);
    for (const double value : point.x_in_world) out.Put<double>(value);
    for (const uint8_t value : point.rgb) out.Put<uint8_t>(value);
    out.Put<double>(point.error_px);
    out.Put<uint64_t>(tracks[i].size());
    for (const auto& [image_id, place] : tracks[i]) {
      out.Put<uint32_t>(image_id);
      out.Put<uint32_t>(place);
    }
  }
  return out.Take();
}

std::string PlyHeader(size_t vertices, const std::string& more_properties) {
  return fmt::format(
      "ply\nformat ascii 1.0\nelement vertex {}\nproperty double x\nproperty double y\nproperty "
      "double z\n{}end_header\n",
      vertices,
      more_properties);
}

}  // namespace

std::string FrameFileName(int frame) { return fmt::format("frame_{:05}.png", frame); }

ColmapModel ColmapModelOf(const ReconstructedWorld& world) {
  return {CamerasBin(world.intrinsics), ImagesBin(world), PointsBin(world)};
}

std::string PointsPly(const ReconstructedWorld& world) {
  std::string out = PlyHeader(world.points.size(),
                              "property uchar red\nproperty uchar green\nproperty uchar blue\n");
  for (const ReconstructedPoint& point : world.points) {
    const Eigen::Vector3d& x = point.x_in_world;
    const auto& [red, green, blue] = point.rgb;
    out += fmt::format("{} {} {} {} {} {}\n", x.x(), x.y(), x.z(), red, green, blue);
  }
  return out;
}

std::string CamerasPly(const ReconstructedWorld& world) {
  std::string out = PlyHeader(world.frames.size(), "property int frame\n");
  for (const ReconstructedFrame& frame : world.frames) {
    const Eigen::Vector3d centre = Inverse(frame.camera_from_world).translation;
    out += fmt::format("{} {} {} {}\n", centre.x(), centre.y(), centre.z(), frame.frame);
  }
  return out;
}

}  // namespace plumb
