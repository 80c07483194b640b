#include "workspace/settings.h"

#include <gtest/gtest.h>

namespace tribute::workspace {
namespace {

TEST(Settings, TheTextOfANewFileHasTheDefaults) {
  EXPECT_EQ(parse_settings(default_settings_text()), Settings{});
  EXPECT_EQ(parse_settings(""), Settings{});
}

TEST(Settings, ReadsEverySetting) {
  const auto settings = parse_settings(
      "max_document_bytes = 10\nbatch_documents = 2\nbatch_bytes = 3\nerase_days = 9\n"
      "index_memory_bytes = 4\nindex_layout = \"disk\"\nlog_level = \"off\"\n");
  EXPECT_EQ(settings, (Settings{.max_document_bytes = 10,
                                .batch_documents = 2,
                                .batch_bytes = 3,
                                .erase_days = 9,
                                .index_memory_bytes = 4,
                                .index_layout = "disk",
                                .log_level = "off"}));
}

TEST(Settings, RefusesWhatItDoesNotKnowByName) {
  for (const auto& [text, named] :
       {std::pair("max_document_bytes = 0", "max_document_bytes"),
        std::pair("batch_documents = \"many\"", "batch_documents"), std::pair("batch_bytes = -1", "batch_bytes"),
        std::pair("erase_days = -1", "erase_days"), std::pair("index_memory_bytes = -1", "index_memory_bytes"),
        std::pair("index_layout = \"tape\"", "index_layout"), std::pair("log_level = \"loud\"", "log_level"),
        std::pair("max_documnet_bytes = 1", "max_documnet_bytes"), std::pair("log_level = \"warn\"\n=", "line 2")}) {
    const auto settings = parse_settings(text);
    ASSERT_FALSE(settings.has_value()) << text;
    EXPECT_EQ(settings.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(settings.error().message.find(named), std::string::npos) << settings.error().message;
  }
}

}  // namespace
}  // namespace tribute::workspace
