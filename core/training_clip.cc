// SPDX-License-Identifier: Apache-2.0
#include "core/training_clip.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "core/check.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr int kCameraNumbers = 11;

Tensor FramesOf(const Video& video) {
  std::vector<uint8_t> bytes;
  for (const Image& frame : video.frames()) {
    bytes.insert(bytes.end(), frame.rgb.begin(), frame.rgb.end());
  }
  return {DType::kU8, {video.num_frames(), video.height(), video.width(), 3}, std::move(bytes)};
}

Tensor CamerasOf(const std::vector<Camera>& cameras) {
  Tensor tensor(DType::kF64, {static_cast<int64_t>(cameras.size()), kCameraNumbers});
  double* to = tensor.As<double>().data();
  for (const Camera& camera : cameras) {
    const Intrinsics& in = camera.intrinsics;
    for (const double value : {in.fx_px, in.fy_px, in.cx_px, in.cy_px}) *to++ = value;
    for (const double value : camera.camera_from_world.rotation.coeffs()) *to++ = value;
    for (const double value : camera.camera_from_world.translation) *to++ = value;
  }
  return tensor;
}

Camera CameraAt(const double* from, int width, int height) {
  Camera camera;
  camera.intrinsics = {width, height, from[0], from[1], from[2], from[3]};
  // As stored, without another rounding by normalisation.
  for (int i = 0; i < 4; ++i) camera.camera_from_world.rotation.coeffs()[i] = from[4 + i];
  for (int i = 0; i < 3; ++i) camera.camera_from_world.translation[i] = from[8 + i];
  return camera;
}

// A tensor of a file, whether that was read or mapped.
struct StoredTensor {
  DType dtype;
  std::vector<int64_t> shape;
  std::span<const uint8_t> bytes;
};
StoredTensor Stored(const Tensor& tensor) {
  return {tensor.dtype(), tensor.shape(), tensor.bytes()};
}
StoredTensor Stored(const TensorView& view) { return {view.dtype, view.shape, view.bytes}; }

template <typename File>
StoredTensor FramesIn(const File& file, const std::string& place) {
  const auto found = file.tensors.find("frames");
  if (found != file.tensors.end()) {
    const StoredTensor frames = Stored(found->second);
    const bool fits = frames.dtype == DType::kU8 && frames.shape.size() == 4 &&
                      frames.shape[3] == 3 && !frames.bytes.empty();
    if (fits) return frames;
  }
  throw InputError(place, "expected a tensor 'frames' of type U8 and shape [F, H, W, 3]");
}

template <typename File>
std::vector<Camera> CamerasIn(const File& file, const std::string& place) {
  const auto found = file.tensors.find("cameras");
  if (found == file.tensors.end()) return {};
  const std::vector<int64_t> frames = FramesIn(file, place).shape;
  const StoredTensor tensor = Stored(found->second);
  if (tensor.dtype != DType::kF64 ||
      tensor.shape != std::vector<int64_t>{frames[0], kCameraNumbers}) {
    throw InputError(place, "tensor 'cameras' must be of type F64 and shape [frames, 11]");
  }
  // Copied, because old files don't align their tensors.
  std::vector<double> numbers(frames[0] * kCameraNumbers);
  std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
  std::vector<Camera> cameras;
  for (int64_t i = 0; i < frames[0]; ++i) {
    cameras.push_back(CameraAt(numbers.data() + i * kCameraNumbers,
                               static_cast<int>(frames[2]),
                               static_cast<int>(frames[1])));
  }
  return cameras;
}

std::string MetadataIn(const Safetensors& file, const std::string& key, const std::string& place) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    throw InputError(place, fmt::format("metadata '{}' is missing", key));
  }
  return found->second;
}

std::vector<std::string> CaptionsIn(const Safetensors& file, const std::string& place) {
  const Json json =
      ParseJsonDocument(MetadataIn(file, "captions", place), place + " captions").root;
  const bool texts =
      json.is_array() && !json.empty() &&
      std::all_of(json.begin(), json.end(), [](const Json& text) { return text.is_string(); });
  if (!texts) throw InputError(place, "metadata 'captions' must be a list of texts");
  return json.get<std::vector<std::string>>();
}

double RateIn(const Safetensors& file, const std::string& place) {
  const Json json = ParseJsonDocument(MetadataIn(file, "fps", place), place + " fps").root;
  if (!json.is_number() || json.get<double>() <= 0) {
    throw InputError(place, "metadata 'fps' must be a positive number");
  }
  return json.get<double>();
}

ListedClip ReadLine(const std::string& line,
                    const std::string& place,
                    const std::filesystem::path& folder) {
  const Document document = ParseJsonDocument(line, place);
  ObjectReader reader(document, "");
  try {
    for (const char* key : {"clip",
                            "caption",
                            "paraphrases",
                            "folder",
                            "video",
                            "width",
                            "height",
                            "frames",
                            "fps"}) {
      reader.Require(key);
    }
    ListedClip clip;
    clip.source = reader.Text("clip", "");
    clip.captions = reader.Texts("paraphrases", {});
    clip.captions.insert(clip.captions.begin(), reader.Text("caption", ""));
    clip.file = folder / reader.Text("folder", "") / reader.Text("video", "");
    clip.width = static_cast<int>(reader.Integer("width", 0));
    clip.height = static_cast<int>(reader.Integer("height", 0));
    clip.frames = static_cast<int>(reader.Integer("frames", 0));
    clip.fps = reader.Number("fps", 0.0);
    return clip;
  } catch (const UsageError& error) {
    throw InputError(place, error.what());
  }
}

}  // namespace

Safetensors ToSafetensors(const CaptionedClip& clip) {
  PLUMB_CHECK(!clip.captions.empty(), "{} has no caption", clip.source);
  PLUMB_CHECK(
      clip.cameras.empty() || clip.cameras.size() == static_cast<size_t>(clip.video.num_frames()),
      "{} cameras for {} frames",
      clip.cameras.size(),
      clip.video.num_frames());
  Safetensors file;
  file.tensors.emplace("frames", FramesOf(clip.video));
  if (!clip.cameras.empty()) file.tensors.emplace("cameras", CamerasOf(clip.cameras));
  file.metadata = {{"captions", Json(clip.captions).dump()},
                   {"source", clip.source},
                   {"fps", Json(clip.video.fps()).dump()}};
  return file;
}

TensorView TrainingFramesFrom(const MappedSafetensors& file, const std::string& place) {
  FramesIn(file, place);
  return file.tensors.at("frames");
}

std::vector<Camera> TrainingCamerasFrom(const MappedSafetensors& file, const std::string& place) {
  return CamerasIn(file, place);
}

CaptionedClip TrainingClipFrom(const Safetensors& file, const std::string& place) {
  const StoredTensor tensor = FramesIn(file, place);
  std::vector<Image> frames;
  const uint8_t* from = tensor.bytes.data();
  for (int64_t i = 0; i < tensor.shape[0]; ++i) {
    frames.emplace_back(static_cast<int>(tensor.shape[2]), static_cast<int>(tensor.shape[1]));
    std::vector<uint8_t>& rgb = frames.back().rgb;
    std::copy_n(from + i * static_cast<int64_t>(rgb.size()), rgb.size(), rgb.begin());
  }
  return {Video(std::move(frames), RateIn(file, place)),
          CaptionsIn(file, place),
          MetadataIn(file, "source", place),
          CamerasIn(file, place)};
}

ListedClip Listed(const CaptionedClip& clip, const std::filesystem::path& file) {
  const Video& video = clip.video;
  return {file,
          clip.source,
          clip.captions,
          video.width(),
          video.height(),
          video.num_frames(),
          video.fps()};
}

Json ClipLine(const ListedClip& clip) {
  const std::vector<std::string> paraphrases(clip.captions.begin() + 1, clip.captions.end());
  return {{"clip", clip.source},
          {"caption", clip.captions.front()},
          {"paraphrases", paraphrases},
          {"folder", clip.file.parent_path().string()},
          {"video", clip.file.filename().string()},
          {"width", clip.width},
          {"height", clip.height},
          {"frames", clip.frames},
          {"fps", clip.fps}};
}

std::vector<ListedClip> ReadClipList(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "clips.jsonl";
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened; a folder of clips has one");
  std::vector<ListedClip> clips;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    const std::string place = fmt::format("{}:{}", path.string(), ++number);
    clips.push_back(ReadLine(line, place, folder));
  }
  if (clips.empty()) throw InputError(path.string(), "lists no clip");
  return clips;
}

}  // namespace plumb
