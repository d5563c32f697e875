// SPDX-License-Identifier: Apache-2.0
#include "core/safetensors.h"

#include <cstring>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

// A file in memory: header length, header, `data` zero bytes.
std::vector<uint8_t> FileOf(const std::string& header, size_t data) {
  const uint64_t size = header.size();
  std::vector<uint8_t> bytes(sizeof size);
  std::memcpy(bytes.data(), &size, sizeof size);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.resize(bytes.size() + data);
  return bytes;
}

std::filesystem::path TemporaryFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / (std::to_string(::getpid()) + name);
}

Safetensors Example() {
  Safetensors contents;
  Tensor weights(DType::kF32, {2, 3});
  for (int i = 0; i < 6; ++i) weights.As<float>()[i] = 0.5f * static_cast<float>(i);
  contents.tensors["b.weight"] = weights;
  contents.tensors["a.mask"] = Tensor(DType::kU8, {5});
  contents.tensors["empty"] = Tensor(DType::kF64, {0, 4});
  contents.metadata["format"] = "pt";
  return contents;
}

TEST(SafetensorsTest, WhatIsWrittenComesBackAndTwiceTheSameBytes) {
  const auto path = TemporaryFile("round.safetensors");
  WriteSafetensors(path, Example());
  const Safetensors back = ReadSafetensors(path);
  EXPECT_EQ(back.tensors, Example().tensors);
  EXPECT_EQ(back.metadata, Example().metadata);

  const auto again = TemporaryFile("again.safetensors");
  WriteSafetensors(again, back);
  const auto read = [](const std::filesystem::path& p) {
    std::ifstream file(p, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(read(path), read(again));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST(SafetensorsTest, TruncationAtEveryByteIsRefused) {
  const auto path = TemporaryFile("cut.safetensors");
  WriteSafetensors(path, Example());
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> all(std::istreambuf_iterator<char>(file), {});
  for (size_t size = 0; size < all.size(); ++size) {
    const std::vector<uint8_t> cut(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THROW(ParseSafetensors(cut, "cut"), InputError) << size;
  }
}

TEST(SafetensorsTest, HostileHeadersAreRefused) {
  const std::vector<std::pair<std::string, size_t>> cases = {
      {"", 0},
      {"[]", 0},
      {R"({"a":1})", 0},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4},  // too few bytes
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8},  // bytes left over
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8},  // hole
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4},  // reversed
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
       R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       4},  // overlap
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
       R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       8},  // twice
      {R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})", 4},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0},
      {R"({"a":{"dtype":"F32","shape":[281474976710656,281474976710656],"data_offsets":[0,0]}})",
       0},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4},
      {R"({"__metadata__":{"a":1}})", 0}};
  for (const auto& [header, data] : cases) {
    EXPECT_THROW(ParseSafetensors(FileOf(header, data), "bad"), InputError) << header;
  }
}

TEST(SafetensorsTest, HeaderLongerThanTheFileIsRefused) {
  std::vector<uint8_t> bytes(8, 0xff);
  EXPECT_THROW(ParseSafetensors(bytes, "bad"), InputError);
}

TEST(SafetensorsTest, ErrorsNameFileAndTensor) {
  const auto bytes =
      FileOf(R"({"blocks.3.w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4);
  try {
    ParseSafetensors(bytes, "model.safetensors");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("model.safetensors"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("blocks.3.w"), std::string::npos);
  }
}

TEST(SafetensorsTest, AbsentFileAndFullFolderAreNamed) {
  EXPECT_THROW(ReadSafetensors("/no/such/file"), InputError);
  EXPECT_THROW(WriteSafetensors("/no/such/folder/x", Example()), EnvironmentError);
}

}  // namespace
}  // namespace plumb
