// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/weight_files.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/json.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Tensor Filled(float value) {
  Tensor tensor(DType::kF32, {2});
  tensor.As<float>()[0] = tensor.As<float>()[1] = value;
  return tensor;
}

class WeightFilesTest : public testing::Test {
 protected:
  // Tensors "a" and "b" in the first shard, "c" in the second.
  void WriteShards() {
    WriteSafetensors(folder_ / kFirst, {.tensors = {{"a", Filled(1)}, {"b", Filled(2)}}});
    WriteSafetensors(folder_ / kSecond, {.tensors = {{"c", Filled(3)}}});
    WriteIndex({{"a", kFirst}, {"b", kFirst}, {"c", kSecond}});
  }
  void WriteIndex(const Json& weight_map) {
    WriteText(index_, Json({{"weight_map", weight_map}}).dump());
  }
  std::string Refusal() const {
    return MessageOf<InputError>([&] { OpenWeights(path_); });
  }

  static constexpr const char* kFirst = "model-00001-of-00002.safetensors";
  static constexpr const char* kSecond = "model-00002-of-00002.safetensors";
  TestFolder folder_;
  const std::filesystem::path path_ = folder_ / "model.safetensors";
  const std::filesystem::path index_ = folder_ / "model.safetensors.index.json";
};

float FirstValue(const WeightFiles& weights, const std::string& name) {
  float value = 0;
  std::memcpy(&value, weights.tensors.at(name).view.bytes.data(), sizeof value);
  return value;
}

TEST_F(WeightFilesTest, OneFileIsOpened) {
  WriteSafetensors(path_, {.tensors = {{"a", Filled(5)}}});
  const WeightFiles weights = OpenWeights(path_);
  EXPECT_EQ(weights.place, path_.string());
  EXPECT_THAT(weights.files, ElementsAre(path_));
  EXPECT_EQ(FirstValue(weights, "a"), 5);
  EXPECT_EQ(weights.tensors.at("a").file, path_.string());
}

TEST_F(WeightFilesTest, ShardsAreOneSetOfWeights) {
  WriteShards();
  const WeightFiles weights = OpenWeights(path_);
  EXPECT_EQ(weights.place, index_.string());
  EXPECT_THAT(weights.files, ElementsAre(folder_ / kFirst, folder_ / kSecond));
  ASSERT_EQ(weights.tensors.size(), 3u);
  EXPECT_EQ(FirstValue(weights, "b"), 2);
  EXPECT_EQ(FirstValue(weights, "c"), 3);
  EXPECT_EQ(weights.tensors.at("c").file, (folder_ / kSecond).string());
}

// As Diffusers does it, and other files of the folder are left alone.
TEST_F(WeightFilesTest, TheIndexGoesBeforeTheFile) {
  WriteShards();
  WriteSafetensors(path_, {.tensors = {{"other", Filled(9)}}});
  WriteSafetensors(folder_ / "model.fp16-00001-of-00003.safetensors", {});
  EXPECT_TRUE(OpenWeights(path_).tensors.contains("c"));
}

TEST_F(WeightFilesTest, TheTensorsOutliveWhatOpenedThem) {
  WriteSafetensors(path_, {.tensors = {{"a", Filled(5)}}});
  WeightTensor kept;
  {
    const WeightFiles weights = OpenWeights(path_);
    kept = weights.tensors.at("a");
  }
  std::filesystem::remove(path_);
  float value = 0;
  std::memcpy(&value, kept.view.bytes.data(), sizeof value);
  EXPECT_EQ(value, 5);
}

TEST_F(WeightFilesTest, AMissingShardIsNamed) {
  WriteShards();
  std::filesystem::remove(folder_ / kSecond);
  EXPECT_THAT(Refusal(),
              AllOf(StartsWith(index_.string()),
                    HasSubstr("file 'model-00002-of-00002.safetensors' is missing")));
}

TEST_F(WeightFilesTest, AShardTooManyIsNamed) {
  WriteShards();
  WriteSafetensors(folder_ / "model-00003-of-00003.safetensors", {});
  EXPECT_THAT(Refusal(), HasSubstr("file 'model-00003-of-00003.safetensors' is not in the index"));
}

TEST_F(WeightFilesTest, EveryTensorThatIsElsewhereIsNamed) {
  WriteShards();
  WriteIndex({{"a", kSecond}, {"c", kSecond}, {"d", kFirst}});
  EXPECT_THAT(
      Refusal(),
      AllOf(HasSubstr("tensor 'd' is missing in 'model-00001-of-00002.safetensors'"),
            HasSubstr("tensor 'b' of 'model-00001-of-00002.safetensors' is not in the index"),
            HasSubstr("tensor 'a' lies in 'model-00001-of-00002.safetensors', the index says "
                      "'model-00002-of-00002.safetensors'"),
            HasSubstr("tensor 'a' is missing in 'model-00002-of-00002.safetensors'")));
}

TEST_F(WeightFilesTest, ADamagedShardIsNamed) {
  WriteShards();
  std::filesystem::resize_file(folder_ / kSecond, 20);
  EXPECT_THAT(Refusal(), StartsWith((folder_ / kSecond).string()));
  WriteText(index_, "{");
  EXPECT_THAT(Refusal(), StartsWith(index_.string()));
}

TEST_F(WeightFilesTest, AMissingFileIsNamed) {
  EXPECT_THAT(Refusal(), AllOf(StartsWith(path_.string()), HasSubstr("cannot be opened")));
  EXPECT_THROW(OpenWeights("/no/such/folder/model.safetensors"), InputError);
}

TEST_F(WeightFilesTest, PicklesAreNeverRead) {
  WriteText(folder_ / "pytorch_model.bin", "cos\nsystem\n(S'true'\ntR.");
  EXPECT_THAT(
      Refusal(),
      AllOf(StartsWith(path_.string()), HasSubstr("'pytorch_model.bin' is a pickle by its name")));
  // Under another name, and by its own.
  WriteText(path_, std::string("PK\x03\x04\x00\x00\x08\x08", 8) + std::string(100, 'x'));
  EXPECT_THAT(Refusal(), AllOf(StartsWith(path_.string()), HasSubstr("is a zip archive")));
  EXPECT_THAT(MessageOf<InputError>([&] { OpenWeights(folder_ / "pytorch_model.bin"); }),
              HasSubstr("convert it to safetensors"));
}

TEST_F(WeightFilesTest, LongListsAreCut) {
  EXPECT_EQ(ListedComplaints({}), "");
  EXPECT_EQ(ListedComplaints({"a", "b"}), "a; b");
  EXPECT_EQ(ListedComplaints(std::vector<std::string>(20, "x")).find("more"), std::string::npos);
  EXPECT_THAT(ListedComplaints(std::vector<std::string>(23, "x")), HasSubstr("; and 3 more"));
}

}  // namespace
}  // namespace plumb
