// SPDX-License-Identifier: Apache-2.0
// One side of compare_colmap.py: writes a clip with its true cameras, or finds the cameras of a
// clip and says what that took.
//
// usage: bench_cameras render SCENARIO SEED WIDTHxHEIGHT FRAMES FOLDER
//        bench_cameras solve VIDEO CAMERAS.txt
//
// Cameras are written one a line: frame, then x y z of the centre in the world and the quaternion
// x y z w of world_from_camera. `solve` prints one JSON object; one thread, decoding not counted.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <fmt/format.h>

#include "app/video_io.h"
#include "core/json.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/reconstruct.h"
#include "metrics/geometry/tracks.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"

namespace plumb {
namespace {

constexpr int kStockFrames = 20;

std::string CameraLine(int frame, const Rigid3& camera_from_world) {
  const Rigid3 pose = Inverse(camera_from_world);
  const Eigen::Vector3d& t = pose.translation;
  const Eigen::Quaterniond& q = pose.rotation;
  return fmt::format(
      "{} {} {} {} {} {} {} {}\n", frame, t.x(), t.y(), t.z(), q.x(), q.y(), q.z(), q.w());
}

// At the rate at which the camera's whole path fills the clip.
int RenderClip(const std::vector<std::string>& args) {
  const Scene scene = MakeScene(args[2], std::stoi(args[3]), 1);
  RenderOptions options;
  const size_t cross = args[4].find('x');
  options.width = std::stoi(args[4].substr(0, cross));
  options.height = std::stoi(args[4].substr(cross + 1));
  options.frames = std::stoi(args[5]);
  options.fps = std::ceil(options.frames / scene.duration_s);
  const Truth truth = MakeTruth(scene, RenderOptions::PicturesOnly(options));
  const std::filesystem::path folder = args[6];
  std::filesystem::create_directories(folder / "keyframes");
  std::ofstream cameras(folder / "truth.txt");
  for (int i = 0; i < options.frames; ++i) {
    cameras << CameraLine(i, truth.cameras[i].camera_from_world);
  }
  for (int k = 0; k < kStockFrames; ++k) {
    const int frame = k * (options.frames - 1) / (kStockFrames - 1);
    WritePng(folder / "keyframes" / fmt::format("{:04}.png", frame), truth.video.frame(frame));
  }
  WriteLossless(folder / "clip.mkv", truth.video);
  return 0;
}

class Stopwatch {
 public:
  double CpuSeconds() const { return CpuNow() - cpu_; }
  double WallSeconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
  }

 private:
  static double CpuNow() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
           1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  }

  double cpu_ = CpuNow();
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
};

// The world with the most frames of those that the clip's parts give.
struct Found {
  PosedClip clip;
  int worlds = 0;
  int posed = 0;
  std::vector<bool> posed_in_any;
};
Found FindCameras(const TrackSet& set, const MotionEvidence& motion) {
  std::vector<int> every(set.tracks.size());
  std::iota(every.begin(), every.end(), 0);
  Found found;
  found.posed_in_any.resize(set.num_frames());
  for (const std::vector<int>& keyframes : motion.keyframes) {
    const SegmentModel model = Reconstruct(set, every, keyframes, {});
    const int posed =
        static_cast<int>(std::count(model.clip.posed.begin(), model.clip.posed.end(), true));
    found.worlds += model.found();
    for (int i = 0; i < set.num_frames(); ++i) {
      if (model.clip.posed[i]) found.posed_in_any[i] = true;
    }
    if (posed <= found.posed) continue;
    found.posed = posed;
    found.clip = model.clip;
  }
  return found;
}

int SolveClip(const std::vector<std::string>& args) {
  const Video video = ReadVideo(args[2]).video;
  const Stopwatch watch;
  const TrackSet set = TrackPoints(video, {}, {});
  const double tracked_s = watch.CpuSeconds();
  const MotionEvidence motion = ClassifyMotion(set, {});
  const Found found = FindCameras(set, motion);
  Json json;
  json["cpu_s"] = watch.CpuSeconds();
  json["wall_s"] = watch.WallSeconds();
  json["tracking_cpu_s"] = tracked_s;
  json["frames"] = set.num_frames();
  json["tracks"] = set.tracks.size();
  json["parallax_units"] = motion.parallax_units;
  json["worlds"] = found.worlds;
  json["posed"] = found.posed;
  json["posed_in_any"] = std::count(found.posed_in_any.begin(), found.posed_in_any.end(), true);
  json["focal_px"] = found.clip.pinhole.focal_px * set.sample_scale;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  json["most_memory_mb"] = usage.ru_maxrss / 1024;
  std::ofstream cameras(args[3]);
  for (int i = 0; i < static_cast<int>(found.clip.posed.size()); ++i) {
    if (found.clip.posed[i]) cameras << CameraLine(set.frames[i], found.clip.camera_from_world[i]);
  }
  std::cout << json.dump() << "\n";
  return 0;
}

int RunBench(const std::vector<std::string>& args) {
  if (args.size() == 7 && args[1] == "render") return RenderClip(args);
  if (args.size() == 4 && args[1] == "solve") return SolveClip(args);
  std::cerr << "usage: bench_cameras render SCENARIO SEED WIDTHxHEIGHT FRAMES FOLDER\n"
               "       bench_cameras solve VIDEO CAMERAS.txt\n";
  return 2;
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  return plumb::RunBench(std::vector<std::string>(argv, argv + argc));
}
