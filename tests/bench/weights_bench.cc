// SPDX-License-Identifier: Apache-2.0
// Opening a large checkpoint: bench_weights [GIGABYTES] writes a safetensors file of that size (5)
// to a temporary folder, opens it, scans it for NaN and infinity, puts a network on it and runs
// that once; prints times from the warm file cache and the peak of the memory, and removes the
// file.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "core/finite_scan.h"
#include "core/json.h"
#include "generator/weights/internal_unfilled.h"
#include "generator/weights/internal_weights.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

constexpr int64_t kWidth = 5792;  // a layer of 134 MB
constexpr int64_t kLayerBytes = kWidth * kWidth * 4;

std::string LayerName(int64_t layer) { return fmt::format("{}.weight", layer); }

void WriteLayers(const std::filesystem::path& path, int64_t layers) {
  Json header = Json::object();
  for (int64_t i = 0; i < layers; ++i) {
    header[LayerName(i)] = {{"dtype", "F32"},
                            {"shape", {kWidth, kWidth}},
                            {"data_offsets", {i * kLayerBytes, (i + 1) * kLayerBytes}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t length = text.size();
  const at::Tensor values = at::randn({kWidth, kWidth}) * 0.01;
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (int64_t i = 0; i < layers; ++i) {
    file.write(static_cast<const char*>(values.const_data_ptr()), kLayerBytes);
  }
  file.close();
  if (!file) throw std::runtime_error("the file can't be written: " + path.string());
}

// The largest resident size since the last call, in GB.
double TakePeak() {
  std::ifstream status("/proc/self/status");
  double kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kilobytes * 1024e-9;
}

// Of this process, user and system.
double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Into the file cache, as far as the machine has memory for it.
void Warm(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> buffer(1 << 24);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))) {
  }
}

template <typename Act>
auto Timed(const char* name, Act act) {
  TakePeak();
  const double processor_start = ProcessorSeconds();
  const auto start = std::chrono::steady_clock::now();
  auto result = act();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("{:34} {:8.3f} s, processor {:7.3f} s, peak {:6.3f} GB\n",
             name,
             seconds.count(),
             ProcessorSeconds() - processor_start,
             TakePeak());
  return result;
}

bool AllFinite(const WeightFiles& weights) {
  bool finite = true;
  for (const auto& [name, weight] : weights.tensors) {
    finite = finite && !FirstNotFinite(weight.view.dtype, weight.view.bytes);
  }
  return finite;
}

torch::nn::Sequential MakeNetwork(int64_t layers) {
  const UnfilledParameters unfilled;
  torch::nn::Sequential network;
  for (int64_t i = 0; i < layers; ++i) {
    network->push_back(torch::nn::Linear(torch::nn::LinearOptions(kWidth, kWidth).bias(false)));
  }
  return network;
}

void Measure(double gigabytes) {
  at::set_num_threads(1);
  const c10::InferenceMode inference;
  const TestFolder folder;
  const std::filesystem::path path = folder / "large.safetensors";
  const auto layers = static_cast<int64_t>(gigabytes * 1e9 / kLayerBytes) + 1;
  WriteLayers(path, layers);
  Warm(path);
  fmt::print("{:.2f} GB in {} tensors of F32\n",
             static_cast<double>(std::filesystem::file_size(path)) * 1e-9,
             layers);
  const WeightFiles weights =
      Timed("open: header checked, file mapped", [&] { return OpenWeights(path); });
  const bool finite = Timed("scan for NaN and infinity", [&] { return AllFinite(weights); });
  torch::nn::Sequential network =
      Timed("network without weights", [&] { return MakeNetwork(layers); });
  Timed("weights checked again and mapped", [&] {
    MapWeights(*network, weights);
    return 0;
  });
  const at::Tensor output = Timed("one forward", [&] {
    return network->forward(at::ones({1, kWidth}));
  });
  fmt::print("all finite: {}, output finite: {}\n", finite, output.isfinite().all().item<bool>());
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  const double gigabytes = argc > 1 ? std::atof(argv[1]) : 5.0;
  if (!(gigabytes > 0)) {
    fmt::print(stderr, "usage: bench_weights [GIGABYTES]\n");
    return 2;
  }
  plumb::Measure(gigabytes);
  return 0;
}
