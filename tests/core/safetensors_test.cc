// SPDX-License-Identifier: Apache-2.0
#include "core/safetensors.h"

#include <cstring>
#include <ctime>
#include <fstream>

#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/json.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

class SafetensorsTest : public testing::Test {
 protected:
  TestFolder folder_;
};

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

TEST_F(SafetensorsTest, WhatIsWrittenComesBackAndTwiceTheSameBytes) {
  const auto path = folder_ / "round.safetensors";
  WriteSafetensors(path, Example());
  const Safetensors back = ReadSafetensors(path);
  EXPECT_EQ(back.tensors, Example().tensors);
  EXPECT_EQ(back.metadata, Example().metadata);

  const auto again = folder_ / "again.safetensors";
  WriteSafetensors(again, back);
  EXPECT_EQ(FileText(path), FileText(again));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST_F(SafetensorsTest, TruncationAtEveryByteIsRefused) {
  const auto path = folder_ / "cut.safetensors";
  WriteSafetensors(path, Example());
  const std::string all = FileText(path);
  for (size_t size = 0; size < all.size(); ++size) {
    const std::vector<uint8_t> cut(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THROW(ParseSafetensors(cut, "cut"), InputError) << size;
  }
}

// What is mapped is what is read, without its bytes being copied.
TEST_F(SafetensorsTest, AMappedFileHoldsTheSame) {
  const auto path = folder_ / "mapped.safetensors";
  WriteSafetensors(path, Example());
  const MappedSafetensors mapped = MapSafetensors(path);
  EXPECT_EQ(mapped.metadata, Example().metadata);
  ASSERT_EQ(mapped.tensors.size(), Example().tensors.size());
  const std::span<uint8_t> file = mapped.file->bytes();
  for (const auto& [name, tensor] : Example().tensors) {
    const TensorView& view = mapped.tensors.at(name);
    EXPECT_EQ(view.dtype, tensor.dtype());
    EXPECT_EQ(view.shape, tensor.shape());
    EXPECT_TRUE(std::equal(
        view.bytes.begin(), view.bytes.end(), tensor.bytes().begin(), tensor.bytes().end()))
        << name;
    EXPECT_GE(view.bytes.data(), file.data());
    EXPECT_LE(view.bytes.data() + view.bytes.size(), file.data() + file.size());
  }
}

TEST_F(SafetensorsTest, AMappedFileCutShortIsRefusedByName) {
  const auto path = folder_ / "cut.safetensors";
  WriteSafetensors(path, Example());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  const std::string message = MessageOf<InputError>([&] { MapSafetensors(path); });
  EXPECT_EQ(message.find(path.string()), 0u) << message;
}

TEST_F(SafetensorsTest, AbsentFileAndFullFolderAreNamed) {
  EXPECT_THROW(ReadSafetensors("/no/such/file"), InputError);
  EXPECT_THROW(WriteSafetensors("/no/such/folder/x", Example()), EnvironmentError);
  const std::string message = MessageOf<InputError>([&] { ReadSafetensors(folder_.path()); });
  EXPECT_NE(message.find("is a folder"), std::string::npos) << message;
}

// What cannot be put in its place leaves nothing behind.
TEST_F(SafetensorsTest, AFailedWriteLeavesNoPart) {
  const auto folder = folder_ / "target";
  std::filesystem::create_directories(folder / "full");
  EXPECT_THROW(WriteSafetensors(folder, Example()), EnvironmentError);
  EXPECT_FALSE(std::filesystem::exists(folder.string() + ".part"));
}

TEST_F(SafetensorsTest, AReaderNeverSeesAnOlderFileChange) {
  const auto path = folder_ / "replace.safetensors";
  WriteSafetensors(path, Example());
  std::ifstream open(path, std::ios::binary);
  Safetensors other;
  other.tensors["x"] = Tensor(DType::kU8, {100000});
  WriteSafetensors(path, other);
  const std::string old(std::istreambuf_iterator<char>(open), {});
  EXPECT_EQ(
      ParseSafetensors({reinterpret_cast<const uint8_t*>(old.data()), old.size()}, "old").tensors,
      Example().tensors);
  EXPECT_EQ(ReadSafetensors(path).tensors, other.tensors);
}

// The format asks that a tensor begins at a multiple of its element size, for readers that map it.
TEST_F(SafetensorsTest, EveryTensorIsAlignedToItsElements) {
  Safetensors contents;
  contents.tensors["a"] = Tensor(DType::kU8, {3});
  contents.tensors["b"] = Tensor(DType::kF64, {1});
  contents.tensors["c"] = Tensor(DType::kBF16, {5});
  contents.tensors["d"] = Tensor(DType::kF32, {1});
  const auto path = folder_ / "aligned.safetensors";
  WriteSafetensors(path, contents);
  const std::string all = FileText(path);
  uint64_t header_size = 0;
  std::memcpy(&header_size, all.data(), sizeof header_size);
  EXPECT_EQ(header_size % 8, 0u);
  const Json header = Json::parse(all.substr(8, header_size));
  for (const auto& [name, entry] : header.items()) {
    const size_t size = ByteSize(DTypeFromName(entry["dtype"].get<std::string>()));
    EXPECT_EQ((8 + header_size + entry["data_offsets"][0].get<uint64_t>()) % size, 0u) << name;
  }
}

TEST_F(SafetensorsTest, TheHeaderIsWrittenInTheOrderOfTheFile) {
  const auto path = folder_ / "header.safetensors";
  WriteSafetensors(path, Example());
  const std::string all = FileText(path);
  const std::string header = R"({"__metadata__":{"format":"pt"},)"
                             R"("empty":{"dtype":"F64","shape":[0,4],"data_offsets":[0,0]},)"
                             R"("b.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                             R"("a.mask":{"dtype":"U8","shape":[5],"data_offsets":[24,29]}})";
  EXPECT_EQ(all.substr(8, header.size()), header);
  Safetensors quoted;
  quoted.tensors["a\"\\\n"] = Tensor(DType::kU8, {1});
  WriteSafetensors(path, quoted);
  EXPECT_EQ(ReadSafetensors(path).tensors, quoted.tensors);
  WriteSafetensors(path, {});
  EXPECT_EQ(FileText(path).substr(8), "{}      ");
}

TEST_F(SafetensorsTest, AHundredThousandTensorsAreWrittenAndReadInNoTime) {
  Safetensors contents;
  for (int i = 0; i < 100'000; ++i) {
    contents.tensors.emplace(std::to_string(i), Tensor(DType::kU8, {1}));
  }
  const auto path = folder_ / "many.safetensors";
  const std::clock_t start = std::clock();
  WriteSafetensors(path, contents);
  EXPECT_EQ(ReadSafetensors(path).tensors.size(), 100'000u);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 5.0) << "0.5 s is usual";
}

TEST_F(SafetensorsTest, EveryElementTypeComesBack) {
  Safetensors contents;
  for (const char* name : {"BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"}) {
    Tensor tensor(DTypeFromName(name), {2, 1, 3});
    for (size_t i = 0; i < tensor.bytes().size(); ++i) {
      tensor.bytes()[i] = static_cast<uint8_t>(7 * i + 1);
    }
    contents.tensors[name] = tensor;
  }
  const auto path = folder_ / "types.safetensors";
  WriteSafetensors(path, contents);
  EXPECT_EQ(ReadSafetensors(path).tensors, contents.tensors);
}

}  // namespace
}  // namespace plumb
