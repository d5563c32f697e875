// SPDX-License-Identifier: Apache-2.0
#include "core/manifest.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "core/camera_json.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr int kMaxSide = 65536;
constexpr int kMaxFrames = 1000000;

Json ToJson(const Camera& camera) {
  const Intrinsics& k = camera.intrinsics;
  const Rigid3& pose = camera.camera_from_world;
  return {
      {"size", {k.width, k.height}},
      {"focal_px", {k.fx_px, k.fy_px}},
      {"centre_px", {k.cx_px, k.cy_px}},
      {"camera_from_world_xyzw",
       {pose.rotation.x(), pose.rotation.y(), pose.rotation.z(), pose.rotation.w()}},
      {"camera_from_world_m", {pose.translation.x(), pose.translation.y(), pose.translation.z()}}};
}

// 0 stands for "not stated".
int ReadCount(ObjectReader& reader, const std::string& key, int most) {
  const int64_t count = reader.Integer(key, 0);
  if (count < 0 || count > most) {
    reader.Fail(key, fmt::format("{} is outside 0 to {}", count, most));
  }
  return static_cast<int>(count);
}

void RequireInside(const ObjectReader& reader, const std::string& key, const std::string& path) {
  const std::filesystem::path parsed(path);
  bool inside = !parsed.is_absolute() && path.find('\0') == std::string::npos;
  for (const auto& part : parsed) inside = inside && part != "..";
  if (!inside) {
    reader.Fail(key, fmt::format("'{}' must be a relative path below the manifest's folder", path));
  }
}

void RequireStatus(const ObjectReader& reader, const std::string& status) {
  static const std::set<std::string> known = {"", "done", "failed", "refused"};
  if (!known.contains(status)) {
    reader.Fail("status", fmt::format("'{}', expected done, failed, refused or nothing", status));
  }
}

ManifestEntry ReadEntry(ObjectReader& reader) {
  ManifestEntry entry;
  reader.Require("cell_id");
  entry.cell_id = reader.Text("cell_id", "");
  entry.prompt = reader.Text("prompt", "");
  entry.conditioning = reader.Texts("conditioning", {});
  for (const std::string& path : entry.conditioning) RequireInside(reader, "conditioning", path);
  for (const int64_t frame : reader.Integers("known_frames", {})) {
    if (frame < 0 || frame > kMaxFrames) {
      reader.Fail("known_frames", fmt::format("{} is no frame index", frame));
    }
    entry.known_frames.push_back(static_cast<int>(frame));
  }
  if (entry.known_frames.size() != entry.conditioning.size()) {
    reader.Fail("known_frames", "needs one frame index per conditioning file");
  }
  for (ObjectReader& camera : reader.Objects("cameras"))
    entry.cameras.push_back(ReadCamera(camera));
  entry.width = ReadCount(reader, "width", kMaxSide);
  entry.height = ReadCount(reader, "height", kMaxSide);
  entry.fps = reader.Number("fps", 0.0);
  if (!(entry.fps >= 0.0)) reader.Fail("fps", "must not be negative");
  entry.frames = ReadCount(reader, "frames", kMaxFrames);
  entry.seed = reader.Seed("seed", 0);
  entry.output = reader.Text("output", "");
  if (!entry.output.empty()) RequireInside(reader, "output", entry.output);
  entry.status = reader.Text("status", "");
  RequireStatus(reader, entry.status);
  entry.reason = reader.Text("reason", "");
  reader.Finish();
  return entry;
}

}  // namespace

Json ToJson(const ManifestEntry& entry) {
  Json json = {{"cell_id", entry.cell_id},
               {"prompt", entry.prompt},
               {"conditioning", entry.conditioning},
               {"known_frames", entry.known_frames},
               {"cameras", Json::array()},
               {"width", entry.width},
               {"height", entry.height},
               {"fps", entry.fps},
               {"frames", entry.frames},
               {"seed", entry.seed},
               {"output", entry.output},
               {"status", entry.status},
               {"reason", entry.reason}};
  for (const Camera& camera : entry.cameras) json["cameras"].push_back(ToJson(camera));
  return json;
}

Json ToJson(const Manifest& manifest) {
  Json json = {{"schema", manifest.schema},
               {"suite", manifest.suite},
               {"suite_digest", manifest.suite_digest},
               {"cells", Json::array()}};
  for (const ManifestEntry& entry : manifest.entries) json["cells"].push_back(ToJson(entry));
  return json;
}

Manifest ManifestFromDocument(const Document& document) {
  ObjectReader reader(document, "");
  Manifest manifest;
  reader.Require("schema");
  manifest.schema = static_cast<int>(reader.Integer("schema", 1));
  if (manifest.schema != 1) reader.Fail("schema", "this version of Plumb reads schema 1");
  manifest.suite = reader.Text("suite", "");
  manifest.suite_digest = reader.Text("suite_digest", "");
  std::set<std::string> seen;
  for (ObjectReader& cell : reader.Objects("cells")) {
    manifest.entries.push_back(ReadEntry(cell));
    if (!seen.insert(manifest.entries.back().cell_id).second) {
      cell.Fail("cell_id", fmt::format("'{}' stands twice", manifest.entries.back().cell_id));
    }
  }
  reader.Finish();
  return manifest;
}

}  // namespace plumb
