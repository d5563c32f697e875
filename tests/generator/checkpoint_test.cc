// SPDX-License-Identifier: Apache-2.0
// A checkpoint folder that is not what it says: every refusal names the file, the tensor or key,
// and what was expected.
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/native_model.h"
#include "generator/weights/internal_weights.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    std::filesystem::copy(
        TrainedTestCheckpoint().checkpoint, folder_, std::filesystem::copy_options::recursive);
  }

  void ChangeWeights(const std::string& file, const std::function<void(Safetensors&)>& change) {
    Safetensors weights = ReadSafetensors(folder_ / file);
    change(weights);
    WriteSafetensors(folder_ / file, weights);
  }
  void ChangeJson(const std::string& file, const std::function<void(Json&)>& change) {
    Json json = Json::parse(FileText(folder_ / file));
    change(json);
    WriteFileAtomically(folder_ / file, DumpJson(json));
  }
  std::string Complaint() const {
    try {
      LoadNativeModel(folder_);
    } catch (const InputError& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kInputRejected);
      return error.what();
    }
    return "";
  }

  TestFolder scratch_;
  const std::filesystem::path folder_ = scratch_ / "checkpoint";
};

// One tensor of each part and its shape in the networks of the test.
struct Part {
  const char* file;
  const char* tensor;
  const char* shape;
};
constexpr Part kParts[] = {
    {kVaeWeights, "decoder.patch_path.bias", "[768]"},
    {kTransformerWeights, "blocks.0.ffn_in.weight", "[48, 24]"},
    {kTextEncoderWeights, "norm_out.bias", "[16]"},
};

TEST_F(CheckpointTest, LayoutIsDiffusers) {
  for (const char* file : {"model_index.json",
                           "vae/config.json",
                           "transformer/config.json",
                           "text_encoder/config.json",
                           "scheduler/scheduler_config.json",
                           kVaeWeights,
                           kTransformerWeights,
                           kTextEncoderWeights,
                           kTokenizerModel}) {
    EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / file)) << file;
  }
  const Json index = Json::parse(FileText(folder_ / "model_index.json"));
  for (const char* part : {"vae", "transformer", "text_encoder", "tokenizer", "scheduler"}) {
    EXPECT_EQ(index[part].size(), 2U) << part << ": library and class";
  }
  EXPECT_EQ(Complaint(), "");
}

TEST_F(CheckpointTest, WeightsAreBfloat16) {
  for (const Part& part : kParts) {
    for (const auto& [name, tensor] : ReadSafetensors(folder_ / part.file).tensors) {
      EXPECT_EQ(tensor.dtype(), DType::kBF16) << part.file << " " << name;
    }
  }
}

TEST_F(CheckpointTest, AMissingTensorIsNamedWithItsShape) {
  for (const Part& part : kParts) {
    const std::string kept = FileText(folder_ / part.file);
    ChangeWeights(part.file, [&](Safetensors& file) {
      ASSERT_EQ(file.tensors.erase(part.tensor), 1U) << part.tensor;
    });
    EXPECT_THAT(
        Complaint(),
        AllOf(HasSubstr(part.file),
              HasSubstr(fmt::format("tensor '{}' {} is missing", part.tensor, part.shape))));
    WriteFileAtomically(folder_ / part.file, kept);
  }
}

TEST_F(CheckpointTest, ATensorTooManyIsNamed) {
  for (const Part& part : kParts) {
    ChangeWeights(part.file, [](Safetensors& file) {
      file.tensors.emplace("blocks.9.extra", Tensor(DType::kBF16, {2}));
    });
    EXPECT_THAT(Complaint(),
                AllOf(HasSubstr(part.file), HasSubstr("'blocks.9.extra' [2] is not part")));
    ChangeWeights(part.file, [](Safetensors& file) { file.tensors.erase("blocks.9.extra"); });
  }
  EXPECT_EQ(Complaint(), "");
}

TEST_F(CheckpointTest, AnotherShapeIsNamedWithBoth) {
  for (const Part& part : kParts) {
    const std::string kept = FileText(folder_ / part.file);
    ChangeWeights(part.file, [&](Safetensors& file) {
      file.tensors.insert_or_assign(part.tensor, Tensor(DType::kBF16, {7, 1}));
    });
    EXPECT_THAT(Complaint(),
                AllOf(HasSubstr(part.file),
                      HasSubstr(fmt::format(
                          "tensor '{}' has shape [7, 1] instead of {}", part.tensor, part.shape))));
    WriteFileAtomically(folder_ / part.file, kept);
  }
}

TEST_F(CheckpointTest, NumbersThatAreNotFiniteAreNamed) {
  for (const float value : {std::nanf(""), INFINITY, -INFINITY}) {
    const std::string kept = FileText(folder_ / kVaeWeights);
    ChangeWeights(kVaeWeights, [&](Safetensors& file) {
      Tensor tensor(DType::kF32, file.tensors.at("decoder.patch_path.bias").shape());
      tensor.As<float>()[3] = value;
      file.tensors.insert_or_assign("decoder.patch_path.bias", tensor);
    });
    EXPECT_THAT(Complaint(),
                HasSubstr("tensor 'decoder.patch_path.bias' holds a value that is not finite"));
    WriteFileAtomically(folder_ / kVaeWeights, kept);
  }
}

TEST_F(CheckpointTest, AnyFloatingPointTypeIsRead) {
  const auto before = LoadNativeModel(folder_, {.steps = 1});
  ChangeWeights(kTextEncoderWeights, [](Safetensors& file) {
    // bfloat16 is the upper half of float32: the same numbers.
    const Tensor narrow = file.tensors.at("norm_out.bias");
    Tensor wide(DType::kF32, narrow.shape());
    for (int64_t i = 0; i < narrow.shape()[0]; ++i) {
      wide.bytes()[4 * i + 2] = narrow.bytes()[2 * i];
      wide.bytes()[4 * i + 3] = narrow.bytes()[2 * i + 1];
    }
    file.tensors.insert_or_assign("norm_out.bias", wide);
  });
  const auto after = LoadNativeModel(folder_, {.steps = 1});
  Prompt prompt;
  prompt.cell_id = "disc/0";
  prompt.caption = "A red disc glides to the right.";
  prompt.width = prompt.height = 16;
  prompt.frames = 5;
  prompt.fps = 24.0;
  EXPECT_TRUE(before->Generate(prompt, {}).frames() == after->Generate(prompt, {}).frames());
}

TEST_F(CheckpointTest, AManyfoldMismatchIsCutShort) {
  ChangeWeights(kTransformerWeights, [](Safetensors& file) {
    for (int i = 0; i < 30; ++i) {
      file.tensors.emplace(fmt::format("extra.{:02}", i), Tensor(DType::kBF16, {1}));
    }
  });
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("'extra.19'"), HasSubstr("and 10 more")));
}

TEST_F(CheckpointTest, AnotherFamilyIsNamed) {
  ChangeJson("model_index.json", [](Json& json) { json["_class_name"] = "WanPipeline"; });
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr("model_index.json"),
                    HasSubstr("PlumbVideoPipeline, DiTPipeline"),
                    HasSubstr("'WanPipeline'")));
}

TEST_F(CheckpointTest, ATokenizerOfAnotherVocabularyIsNamedWithBothSizes) {
  const int64_t size = Json::parse(FileText(folder_ / "text_encoder/config.json"))["vocab_size"];
  const Tokenizer other = TrainTokenizer({"abc", "bcd"}, 60);
  ASSERT_NE(other.vocab_size(), size);
  WriteFileAtomically(folder_ / kTokenizerModel, other.model_bytes());
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr(kTokenizerModel),
                    HasSubstr(fmt::format("has {} pieces", other.vocab_size())),
                    HasSubstr(fmt::format("says {}", size))));
}

TEST_F(CheckpointTest, WeightsOfAnotherConfigAreRefused) {
  ChangeJson("transformer/config.json", [](Json& json) { json["ffn_dim"] = 50; });
  EXPECT_THAT(Complaint(),
              HasSubstr("'blocks.0.ffn_in.weight' has shape [48, 24] instead of [50, 24]"));
}

TEST_F(CheckpointTest, AWeightFileCutShortIsRefusedByName) {
  for (const Part& part : kParts) {
    const std::string kept = FileText(folder_ / part.file);
    for (const size_t size : {size_t{0}, size_t{7}, size_t{100}, kept.size() - 1}) {
      WriteFileAtomically(folder_ / part.file, kept.substr(0, size));
      EXPECT_THAT(Complaint(), HasSubstr(part.file)) << size;
    }
    WriteFileAtomically(folder_ / part.file, kept);
  }
}

TEST_F(CheckpointTest, WrittenAgainItIsTheSame) {
  const std::filesystem::path again = folder_ / "again";
  WriteNetworks(again, ReadNetworks(folder_));
  for (const char* file : {kVaeWeights,
                           kTransformerWeights,
                           kTextEncoderWeights,
                           kTokenizerModel,
                           "vae/config.json",
                           "model_index.json"}) {
    EXPECT_TRUE(FileText(again / file) == FileText(folder_ / file)) << file;
  }
}

TEST_F(CheckpointTest, FreshNetworksDependOnTheSeedAlone) {
  const auto weights = [](uint64_t seed, uint64_t drawn_before) {
    torch::manual_seed(drawn_before);
    Tokenizer tokenizer = TrainTokenizer({"a b c"}, 40);
    const Networks networks = MakeNetworks(PresetConfig("test"), std::move(tokenizer), seed);
    return ModuleWeights(*networks.transformer, at::kFloat).tensors;
  };
  EXPECT_TRUE(weights(3, 1) == weights(3, 2));
  EXPECT_FALSE(weights(3, 1) == weights(4, 1));
}

TEST_F(CheckpointTest, AFolderThatCannotBeMadeIsTheEnvironments) {
  WriteFileAtomically(folder_ / "file", "x");
  EXPECT_THROW(MakeFolder(folder_ / "file/below"), EnvironmentError);
  EXPECT_THROW(WriteFileAtomically(folder_ / "nowhere/file", "x"), EnvironmentError);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "file.part"));
}

}  // namespace
}  // namespace plumb
